import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { type AttemptReport, HeyReachError } from '../../client/index.ts';
import type { Log } from '../../observability/log.ts';

/** Called for each attempt of a request to HeyReach. */
export type Observe = (report: AttemptReport) => void;

interface LogLine {
  message: string;
  /** Templates and names, never ids. */
  fields?: Record<string, string>;
  /** A repeated read without a waiting client, logged at debug level. */
  isBackground?: boolean | undefined;
}

/** Reads something and logs one line: its kind, duration, attempts and error. */
export async function logOperation<Result>(
  log: Log,
  { message, fields = {}, isBackground = false }: LogLine,
  read: (observe: Observe) => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const attempts: string[] = [];
  const end = (error?: string) =>
    log[isBackground ? 'debug' : error === undefined ? 'info' : 'warn'](
      { ...fields, ms: Math.round(performance.now() - startedAt), ...(error === undefined ? {} : { error }), attempts },
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
  const { error: body, uri } = (error.data ?? {}) as { error?: { kind?: string }; uri?: string };
  if (body?.kind !== undefined) return body.kind;
  if (error.code === ProtocolErrorCode.InvalidRequest) return 'no_key';
  return uri === undefined ? 'invalid_input' : 'not_found';
}
