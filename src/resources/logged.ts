import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { type AttemptReport, HeyReachError } from '../client/index.ts';
import type { Log } from '../log.ts';

/** Told of each attempt of a call to HeyReach. */
export type Observe = (report: AttemptReport) => void;

interface Line {
  /** What was done, as the line says it. */
  message: string;
  /** Of which kind it was: templates and names, never an id. */
  fields?: Record<string, string>;
  /** Nobody waits for it, and it comes again and again. */
  isBackground?: boolean | undefined;
}

/** Reads something, and leaves a line in the log: what kind it was, how long it took, what was attempted, and how it failed. */
export async function logged<Result>(
  log: Log,
  { message, fields = {}, isBackground = false }: Line,
  read: (observe: Observe) => Promise<Result>,
): Promise<Result> {
  const began = performance.now();
  const attempts: string[] = [];
  const end = (error?: string) =>
    log[isBackground ? 'debug' : error === undefined ? 'info' : 'warn'](
      { ...fields, ms: Math.round(performance.now() - began), ...(error === undefined ? {} : { error }), attempts },
      error === undefined ? message : `${message}: failed`,
    );
  try {
    const result = await read(({ path, ended, ms }) => attempts.push(`${path} ${ended} ${ms}ms`));
    end();
    return result;
  } catch (error) {
    end(kindOf(error));
    throw error;
  }
}

function kindOf(error: unknown): string {
  if (error instanceof HeyReachError) return error.kind;
  if (!(error instanceof ProtocolError)) return 'internal';
  const { error: twin, uri } = (error.data ?? {}) as { error?: { kind?: string }; uri?: string };
  if (twin?.kind !== undefined) return twin.kind;
  if (error.code === ProtocolErrorCode.InvalidRequest) return 'no_key';
  return uri === undefined ? 'invalid_input' : 'not_found';
}
