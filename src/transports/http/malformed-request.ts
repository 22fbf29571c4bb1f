import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody, httpError } from '../../lib/http-error.ts';
import type { ExchangeReport } from '../../observability/events.ts';
import type { Log } from '../../observability/log.ts';
import { isServing } from './middleware/in-flight-requests.ts';
import { makeRequestId } from './request-id.ts';

/** Errors of Node's HTTP parser that have a rejection of their own. */
const REJECTIONS: Record<string, ReturnType<typeof httpError>> = {
  HPE_HEADER_OVERFLOW: httpError(431, 'large_headers', 'The headers are larger than 16 KiB.'),
  ERR_HTTP_REQUEST_TIMEOUT: httpError(408, 'slow_client', 'The request did not arrive in time. Nothing was done.'),
};
/** The client has disconnected. Node reports a disconnect during an upload as the second code. */
const DISCONNECTED = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);
const NOT_HTTP = httpError(400, 'no_http', 'The request is not valid HTTP.');

/**
 * Responds to a connection whose bytes Node could not parse as a request, and closes it.
 * @returns undefined where no response was possible.
 */
export function respondToClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  log: Log,
): ExchangeReport | undefined {
  // A client would take the response for the one to its earlier request, or for a part of that.
  if (DISCONNECTED.has(error.code ?? '') || !socket.writable || isServing(socket)) {
    socket.destroy();
    return undefined;
  }
  const rejection = REJECTIONS[error.code ?? ''] ?? NOT_HTTP;
  const requestId = makeRequestId();
  const { status, reason } = rejection;
  log.warn({ requestId, status, refusal: reason }, 'http request rejected');
  const body = JSON.stringify(errorBody(rejection, requestId));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    `X-Request-Id: ${requestId}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  return { status, refusal: reason, isStream: false };
}
