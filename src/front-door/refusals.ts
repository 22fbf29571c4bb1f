import type { ServerResponse } from 'node:http';

/** A request that is turned away at the door. */
export interface Refusal {
  status: number;
  /** Of JSON-RPC. */
  code: number;
  /** In a word or two, for the log and for counting. */
  reason: string;
  message: string;
  headers?: Record<string, string>;
}

/** Whether what was asked for at the door was a refusal. */
export function isRefusal(value: object): value is Refusal {
  return 'status' in value && 'reason' in value;
}

const INVALID_REQUEST = -32_600;
const INTERNAL_ERROR = -32_603;

/** Makes a refusal. The code says, as the status does, on whose side the fault is. */
export function refuse(
  status: number,
  reason: string,
  message: string,
  { headers = {}, code = status < 500 ? INVALID_REQUEST : INTERNAL_ERROR } = {},
): Refusal {
  return { status, code, reason, message, headers };
}

/** Refuses what would be let in a little later. */
export function refuseForNow(status: 429 | 503, reason: string, message: string, seconds = 1): Refusal {
  return refuse(status, reason, message, { headers: { 'retry-after': String(seconds) } });
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

/** The body of a refusal, as a JSON-RPC client reads it. @param id of the request, null where it is not known. */
export function refusalBody({ code, message }: Refusal, requestId: string, id: unknown = null): object {
  return { jsonrpc: '2.0', id, error: { code, message, data: { requestId } } };
}

/** Answers with a refusal. */
export function answerRefusal(response: ServerResponse, refusal: Refusal, requestId: string, id?: unknown): void {
  for (const [name, value] of Object.entries(refusal.headers ?? {})) response.setHeader(name, value);
  answerJson(response, refusal.status, refusalBody(refusal, requestId, id));
}
