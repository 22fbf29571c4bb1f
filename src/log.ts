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

type Line = [at: Exclude<LogLevel, 'silent'>, fields: object, message: string];

/** A log that loads its library with the first line worth writing: hosts start a stdio server just to probe it. */
export function createLog(level: LogLevel): Log {
  let written: Promise<Written> | undefined;
  let lines: Line[] = [];
  const writeLines = async () => {
    written ??= openLog(level);
    const { logger, flush } = await written;
    const waiting = lines;
    lines = [];
    for (const [at, fields, message] of waiting) logger[at](fields, message);
    flush();
  };
  const write = (at: Line[0]) => (fields: object, message: string) => {
    if (LOG_LEVELS.indexOf(at) < LOG_LEVELS.indexOf(level)) return;
    // Whoever waits for an answer gets it first; what was said meanwhile is written in one go.
    if (lines.push([at, fields, message]) === 1) setImmediate(() => void writeLines());
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A log each of whose lines has further fields. */
export function scopeLog(log: Log, scope: object): Log {
  const write = (at: Line[0]) => (fields: object, message: string) => log[at]({ ...scope, ...fields }, message);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

interface Written {
  logger: Logger;
  flush(): void;
}

async function openLog(level: LogLevel): Promise<Written> {
  const { pino } = await import('pino');
  const stderr = pino.destination({ dest: 2, sync: true, minLength: 8_192 });
  const logger = pino({ level, base: null, redact: ['key', 'apiKey', 'headers'] }, stderr);
  return { logger, flush: () => stderr.flushSync() };
}
