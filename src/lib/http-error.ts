import type { ServerResponse } from 'node:http';

/** A rejection of an HTTP request, with a JSON-RPC error as its body. */
export interface HttpError {
  status: number;
  /** The JSON-RPC error code. */
  code: number;
  /** A word or two for the log and the metrics. */
  reason: string;
  message: string;
  headers?: Record<string, string>;
}

/** Tells a rejection from the value that a check returns otherwise. */
export function isHttpError(value: object): value is HttpError {
  return 'status' in value && 'reason' in value;
}

const INVALID_REQUEST = -32_600;
const INTERNAL_ERROR = -32_603;

/** Makes a rejection. By default the code follows the status: the client's mistake, or the server's. */
export function httpError(
  status: number,
  reason: string,
  message: string,
  { headers = {}, code = status < 500 ? INVALID_REQUEST : INTERNAL_ERROR } = {},
): HttpError {
  return { status, code, reason, message, headers };
}

/** Makes a rejection of a request that may succeed after `Retry-After`. */
export function retryLater(status: 429 | 503, reason: string, message: string, seconds = 1): HttpError {
  return httpError(status, reason, message, { headers: { 'retry-after': String(seconds) } });
}

/** Responds with JSON. */
export function respondJson(response: ServerResponse, status: number, body: object): void {
  writeJson(response, status, body);
  response.end();
}

/** Writes the whole response, and leaves it to the caller to end it. */
function writeJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.write(text);
}

/** The JSON-RPC body of a rejection. @param id of the JSON-RPC request. null where it is not known. */
export function errorBody({ code, message }: HttpError, requestId: string, id: unknown = null): object {
  return { jsonrpc: '2.0', id, error: { code, message, data: { requestId } } };
}

/** Writes a rejection, and leaves it to the caller to end the response. */
export function writeError(response: ServerResponse, error: HttpError, requestId: string, id?: unknown): void {
  for (const [name, value] of Object.entries(error.headers ?? {})) response.setHeader(name, value);
  writeJson(response, error.status, errorBody(error, requestId, id));
}
