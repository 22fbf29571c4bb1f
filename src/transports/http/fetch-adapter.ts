import type { IncomingHttpHeaders } from 'node:http';
import type { AuthInfo } from '@modelcontextprotocol/server';
import type { HttpExchange } from './http-exchange.ts';

/** A handler of the SDK for web-standard requests. */
export interface FetchHandler {
  fetch(request: Request, options: { authInfo: AuthInfo; parsedBody: unknown }): Promise<Response>;
}

/**
 * Serves an exchange through a handler of the SDK. The SDK's own adapter serializes the parsed body into a new `Request`, which
 * costs enough to miss the speed targets (docs/decisions/018).
 * @param message the parsed body.
 */
export async function serveExchange(
  handler: FetchHandler,
  { request, response }: HttpExchange,
  message: unknown,
  authInfo: AuthInfo,
): Promise<void> {
  const abort = new AbortController();
  let isComplete = false;
  response.once('close', () => {
    if (!isComplete) abort.abort();
  });
  if (response.destroyed) abort.abort();
  const head = { method: request.method, url: request.url, headers: headersOf(request.headers), signal: abort.signal };
  const result = await handler.fetch(head as Request, { authInfo, parsedBody: message });
  // The deadline or a cancellation may have ended the response.
  if (response.destroyed || response.headersSent) return void result.body?.cancel().catch(() => {});
  const outgoing = Object.fromEntries(result.headers);
  // The SDK asks to keep the connection of every event stream. Node knows whether the client wants that.
  delete outgoing.connection;
  // As after a rejection by a middleware.
  if (result.status >= 400) outgoing.connection = 'close';
  response.writeHead(result.status, outgoing);
  if (result.body !== null) await copyBody(result.body, response, abort.signal);
  isComplete = true;
  response.end();
}

function headersOf(headers: IncomingHttpHeaders): Headers {
  const copy = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') copy.set(name, value);
    else for (const item of value ?? []) copy.append(name, item);
  }
  if (acceptsBoth(headers.accept)) copy.set('accept', BOTH_TYPES);
  return copy;
}

const BOTH_TYPES = 'application/json, text/event-stream';

/** Whether a client accepts JSON and event streams. The SDK looks for both names, and does not know ranges such as `*\/*`. */
function acceptsBoth(accept: string | undefined): boolean {
  if (accept === undefined || accept === BOTH_TYPES) return true;
  const ranges = accept
    .toLowerCase()
    .split(',')
    .filter((range) => !/;\s*q=0(\.0*)?\s*$/.test(range))
    .map((range) => range.split(';', 1)[0]!.trim());
  const accepts = (type: string, group: string) => ['*/*', group, type].some((range) => ranges.includes(range));
  return accepts('application/json', 'application/*') && accepts('text/event-stream', 'text/*');
}

/** Copies a body to a response, chunk by chunk, at the pace of the client. */
async function copyBody(
  body: ReadableStream<Uint8Array>,
  response: HttpExchange['response'],
  signal: AbortSignal,
): Promise<void> {
  const reader = body.getReader();
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      if (!response.write(value)) await drainOf(response);
    }
    await reader.cancel();
  } catch {
    // The SDK ends a stream with an error when its call was aborted. The response ends with the bytes written so far.
  }
}

/** Resolves when the client has read enough, or has disconnected. */
function drainOf(response: HttpExchange['response']): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.once('drain', settle).once('close', settle);
  });
}
