import type { Logger } from 'pino';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Structured lines to stderr; stdout belongs to the protocol. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A log that loads its library with the first line worth writing: hosts start a stdio server just to probe it. */
export function createLog(level: LogLevel): Log {
  let logger: Promise<Logger> | undefined;
  const write = (at: Exclude<LogLevel, 'silent'>) => (fields: object, message: string) => {
    if (LOG_LEVELS.indexOf(at) < LOG_LEVELS.indexOf(level)) return;
    logger ??= import('pino').then(({ pino }) =>
      pino({ level, base: null, redact: ['key', 'apiKey', 'headers'] }, pino.destination({ dest: 2, sync: true })),
    );
    void logger.then((loaded) => loaded[at](fields, message));
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
