import type { Logger } from 'pino';
import type { LineSink } from './line-writer.ts';

/** From the most lines to none. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Structured lines to stderr. stdout belongs to the protocol. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

type Level = Exclude<LogLevel, 'silent'>;
type Line = [level: Level, fields: object, message: string];

/**
 * A log that loads its library with the first line: clients start a stdio server just to probe it.
 * A line that cannot be serialized or written is dropped.
 */
export function createLog(minLevel: LogLevel, sink: LineSink): Log {
  let logger: Promise<Logger> | undefined;
  let lines: Line[] = [];
  const writeLines = async () => {
    logger ??= openLogger(minLevel, sink);
    const opened = await logger.catch(() => undefined);
    const waiting = lines;
    lines = [];
    if (opened === undefined) {
      // The process may have too many open files to read the library. The next line tries again.
      logger = undefined;
      sink.drop(waiting.length);
      return;
    }
    for (const [level, fields, message] of waiting) {
      try {
        opened[level](fields, message);
      } catch {
        sink.drop(1);
      }
    }
    sink.flush();
  };
  return new LineLog((level, fields, message) => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(minLevel)) return;
    // Responses go first. The lines of one turn of the event loop are written together.
    if (lines.push([level, fields, message]) === 1) setImmediate(() => void writeLines());
  });
}

/** A log that adds fields to each line. */
export function childLog(log: Log, scope: object): Log {
  return new LineLog((level, fields, message) => log[level](Object.assign({}, scope, fields), message));
}

class LineLog implements Log {
  readonly #write: (...line: Line) => void;

  constructor(write: (...line: Line) => void) {
    this.#write = write;
  }

  debug(fields: object, message: string): void {
    this.#write('debug', fields, message);
  }

  info(fields: object, message: string): void {
    this.#write('info', fields, message);
  }

  warn(fields: object, message: string): void {
    this.#write('warn', fields, message);
  }

  error(fields: object, message: string): void {
    this.#write('error', fields, message);
  }
}

async function openLogger(level: LogLevel, sink: LineSink): Promise<Logger> {
  const { pino } = await import('pino');
  return pino({ level, base: null, redact: ['key', 'apiKey', 'headers'] }, sink);
}
