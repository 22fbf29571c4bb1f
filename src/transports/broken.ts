import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { refusalBody, refuse } from '../front-door/refusals.ts';
import type { Log } from '../log.ts';
import type { ExchangeReport } from './exchange.ts';
import { makeRequestId } from './guards.ts';
import { isServing } from './under-way.ts';

/** What node's parser gives up on. */
const FAULTS: Record<string, ReturnType<typeof refuse>> = {
  HPE_HEADER_OVERFLOW: refuse(431, 'large_headers', 'The headers are larger than 16 KiB.'),
  ERR_HTTP_REQUEST_TIMEOUT: refuse(408, 'slow_client', 'The request did not arrive in time.'),
};
/** Nobody is there any more; a client that hangs up in the middle of a body counts as one, too. */
const LEFT = new Set(['ECONNRESET', 'HPE_INVALID_EOF_STATE']);
const NO_HTTP = refuse(400, 'no_http', 'This is no HTTP that can be read.');

/**
 * Answers a connection whose request never became one, and closes it.
 * @returns undefined where there was nobody to answer.
 */
export function answerBroken(error: NodeJS.ErrnoException, socket: Socket, log: Log): ExchangeReport | undefined {
  // What is written now would be taken for the answer of a request that is being served, or for a part of it.
  if (LEFT.has(error.code ?? '') || !socket.writable || isServing(socket)) {
    socket.destroy();
    return undefined;
  }
  const refusal = FAULTS[error.code ?? ''] ?? NO_HTTP;
  const requestId = makeRequestId();
  const { status, reason } = refusal;
  log.warn({ requestId, status, refusal: reason }, 'http request refused');
  const body = JSON.stringify(refusalBody(refusal, requestId));
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
