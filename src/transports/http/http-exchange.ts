import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../../auth/authenticator.ts';
import { errorBody, type HttpError, httpError, respondJson, writeError } from '../../lib/http-error.ts';
import type { TraceContext } from '../../lib/trace-context.ts';
import type { ExchangeReport } from '../../observability/events.ts';
import type { Log } from '../../observability/log.ts';

/** How long a client may take to read the end of its response before its socket is destroyed. */
const CLIENT_GRACE_MS = 1_000;
/** How long the server reads the rest of a rejected request. */
const LINGER_MS = 5_000;

/** One HTTP request and its response, with the facts that the middlewares add. */
export class HttpExchange {
  /** The URL without its query. */
  readonly path: string;
  /** Set by the middleware `authenticate`. */
  principal!: Principal;
  /** The parsed body, set by the middleware `jsonBody` and normalized by `jsonRpc`. */
  message: unknown;
  /** The bytes of an uploaded file, set by the middleware `fileBody`. */
  file: Uint8Array | undefined;
  /** The ids of the JSON-RPC requests in the body, set by the middleware `jsonRpc`. */
  ids: readonly unknown[] = [];
  /** Whether the response is a stream of `subscriptions/listen`, set by the middleware `jsonRpc`. */
  isStream = false;
  #reason: string | undefined;
  #isRejected = false;
  #isSettled = false;
  readonly #onEnd: (report: ExchangeReport) => void;
  readonly #onClose: (() => void)[] = [];

  constructor(
    readonly requestId: string,
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
    readonly log: Log,
    /** The trace that the headers name. */
    readonly trace: TraceContext | undefined,
    onEnd: (report: ExchangeReport) => void,
  ) {
    this.#onEnd = onEnd;
    this.path = pathOf(request);
    response.setHeader('x-request-id', requestId);
    // A write to an aborted response fails.
    response.on('error', (error) => log.debug({ err: error.message }, 'http response was aborted'));
    response.once('close', () => this.#settle());
  }

  /** Reports the exchange and releases what it holds, once. */
  #settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    const { response } = this;
    const status = response.headersSent ? response.statusCode : 0;
    // Rejections by the SDK have no reason.
    const refusal = this.#reason ?? (status >= 400 ? SDK_REJECTION : undefined);
    this.#report(status, refusal);
    this.#onEnd({ status, refusal, isStream: this.isStream });
    for (const release of this.#onClose) release();
  }

  /** Whether the response has ended. A middleware, the SDK or `abortResponse` may have ended it. */
  get isAnswered(): boolean {
    return this.#isRejected || this.response.writableEnded;
  }

  /** Calls back once the response has closed, after a complete response as well as after a disconnect, or with a rejection. */
  onClose(callback: () => void): void {
    this.#onClose.push(callback);
  }

  /** Responds with a rejection, and closes the connection: rejected clients must not use up the connections. */
  reject(error: HttpError): void {
    const { request, response } = this;
    this.#reason = error.reason;
    this.#isRejected = true;
    response.setHeader('connection', 'close');
    writeError(response, error, this.requestId, this.ids[0]);
    // A client that waits for 100-continue sends no body.
    if (request.complete || request.headers.expect !== undefined) response.end();
    else endWhenRead(request, response);
    // The slots are for others, however long the client still sends.
    this.#settle();
  }

  /** Responds to a health or readiness probe, and closes the connection as after a rejection. */
  respond(status: number, body: object): void {
    if (status >= 400) this.#reason = NOT_READY;
    this.response.setHeader('connection', 'close');
    respondJson(this.response, status, body);
  }

  /** Ends an exchange that threw. The usual cause is a client that disconnects during its upload. */
  fail(error: unknown): void {
    const hasLeft = !this.request.complete || this.response.destroyed;
    const message = error instanceof Error ? error.message : String(error);
    this.log[hasLeft ? 'debug' : 'error']({ err: message }, 'http request failed');
    if (hasLeft || this.response.headersSent) this.response.destroy();
    else this.reject(INTERNAL_ERROR);
  }

  /** Ends the response after at most `ms`, with an error for each JSON-RPC request in it. */
  endWithin(ms: number): void {
    const timer = setTimeout(() => this.#timeOut(), ms);
    this.onClose(() => clearTimeout(timer));
  }

  #timeOut(): void {
    const { response, requestId } = this;
    if (!response.headersSent) {
      this.reject(DEADLINE_EXCEEDED);
    } else {
      this.#reason = DEADLINE_EXCEEDED.reason;
      if (isEventStream(response)) {
        for (const id of this.ids) {
          const body = errorBody(DEADLINE_EXCEEDED, requestId, id);
          response.write(`event: message\ndata: ${JSON.stringify(body)}\n\n`);
        }
      }
      abortResponse(response);
    }
    const timer = setTimeout(() => response.destroy(), CLIENT_GRACE_MS);
    response.once('close', () => clearTimeout(timer));
  }

  #report(status: number, refusal: string | undefined): void {
    const fields = { status, method: this.request.method, ...(refusal === undefined ? {} : { refusal }) };
    // 2025 clients try GET and DELETE in normal operation. A readiness probe reads the status.
    if (status === 405 || refusal === NOT_READY) this.log.debug(fields, 'http request rejected');
    else if (refusal !== undefined) this.log.warn(fields, 'http request rejected');
    else if (status === 0) this.log.debug(fields, 'http client disconnected before the response');
    else this.log.debug(fields, 'http request completed');
  }
}

/** The reason in logs and metrics of a request that the SDK rejects. */
export const SDK_REJECTION = 'protocol';
const NOT_READY = 'not_ready';

const DEADLINE_EXCEEDED = httpError(
  504,
  'deadline',
  'Request timed out. The operation may have completed. Check its effect before you retry.',
);

const INTERNAL_ERROR = httpError(
  500,
  'defect',
  'Internal server error. The operation may have completed. Report this as a bug of heyreach-mcp, with the request id.',
);

/** The URL of a request without its query. */
export function pathOf({ url = '' }: IncomingMessage): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');
}

/**
 * Reads and drops the rest of a request, then ends its response, which closes the connection. A client that is still writing
 * would miss the response if its connection closed at once.
 */
function endWhenRead(request: IncomingMessage, response: ServerResponse): void {
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).resume();
}

/** Ends a response that the SDK still writes. The SDK takes the early close for a disconnect and cancels the call. */
export function abortResponse(response: ServerResponse): void {
  // A response that waits behind another on its connection has no socket yet, and would not emit `close`.
  if (response.socket === null) response.emit('close');
  if (response.headersSent) response.end();
  else response.destroy();
}
