import type { Agent, Dispatcher } from 'undici';
import type { EndSignal } from './call-signal.ts';
import type { HttpRequest, HttpResult, TransportError, TransportErrorReason } from './http-types.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
/** Every response of the sandbox has this header. */
const SANDBOX_HEADER = 'x-heyreach-sandbox';

/**
 * Sends single requests to one host. The key goes to no other host: redirects are not followed, and nothing is retried.
 * undici is loaded with the first request.
 */
export class HttpSender {
  readonly #origin: () => string | Promise<string>;
  readonly #userAgent: string;
  #lastResponseAt = Number.NEGATIVE_INFINITY;
  #isSandbox = false;
  #connection: Connection | undefined;
  #connecting: Promise<Connection> | undefined;

  /** @param origin returns scheme and host. The sandbox starts with the first request, so they may not be known before. */
  constructor(options: { origin: () => string | Promise<string>; userAgent: string }) {
    this.#origin = options.origin;
    this.#userAgent = options.userAgent;
  }

  /** Resolves with the response, or with the reason why there is none. Never rejects. */
  async send(request: HttpRequest): Promise<HttpResult> {
    let connection = this.#connection;
    try {
      connection ??= await this.#connect();
    } catch (error) {
      return transportError('refused', false, describe(error));
    }
    if (request.signal.aborted) return transportError(abortReason(request.signal), false, '');
    return dispatch(request, {
      agent: request.abortable ? connection.pooled : connection.single,
      origin: connection.origin,
      userAgent: this.#userAgent,
      onSandbox: () => {
        this.#isSandbox = true;
      },
      onResponse: (status) => {
        if (status < 500) this.#lastResponseAt = performance.now();
      },
    });
  }

  /** Whether the host has responded to any request with a status below 500 within the last `ms`. */
  respondedWithin(ms: number): boolean {
    return performance.now() - this.#lastResponseAt <= ms;
  }

  /** Whether the host has said that it is the sandbox. It can run alone, behind HEYREACH_BASE_URL. */
  get isSandbox(): boolean {
    return this.#isSandbox;
  }

  async close(): Promise<void> {
    const connection = this.#connection ?? (await this.#connecting?.catch(() => undefined));
    await Promise.all([connection?.pooled.close(), connection?.single.close()]);
  }

  /** Loads undici and finds the origin. The next request tries again if that fails. */
  #connect(): Promise<Connection> {
    this.#connecting ??= this.#openConnection().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #openConnection(): Promise<Connection> {
    const [{ Agent }, origin] = await Promise.all([import('undici'), this.#origin()]);
    const shared = { connect: { timeout: CONNECT_TIMEOUT_MS }, headersTimeout: 0, bodyTimeout: 0 };
    this.#connection = {
      origin,
      pooled: new Agent(shared),
      // A kept-alive socket may be closing as it is reused, and the outcome is then unknown. A request that must not be
      // repeated gets a fresh connection.
      single: new Agent({ ...shared, pipelining: 0 }),
    };
    return this.#connection;
  }
}

/** The host, and the agents that hold the sockets to it. */
interface Connection {
  /** Scheme and host. */
  origin: string;
  pooled: Agent;
  single: Agent;
}

/** Through what a request is sent, and who hears of its response. */
interface Route {
  agent: Agent;
  origin: string;
  userAgent: string;
  onSandbox: () => void;
  onResponse: (status: number) => void;
}

function dispatch(request: HttpRequest, route: Route): Promise<HttpResult> {
  let resolve!: (result: HttpResult) => void;
  const result = new Promise<HttpResult>((settle) => {
    resolve = settle;
  });
  let sent = false;
  let callerLeft = false;
  let stopReason: TransportErrorReason | undefined;
  let controller: Dispatcher.DispatchController | undefined;
  let status = 0;
  let retryAfter: string | undefined;
  let date: string | undefined;
  let coding: string | undefined;
  let size = 0;
  const chunks: Buffer[] = [];

  const finish = (end: HttpResult) => {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', onAbort);
    if (end.type === 'response') route.onResponse(end.status);
    if (callerLeft) request.onDetachedResult?.(end);
    else resolve(end);
  };
  const stop = (reason: TransportErrorReason) => {
    stopReason ??= reason;
    // There is no controller until the request has a socket. onRequestStart then stops it before a byte is written.
    if (controller === undefined) finish(transportError(stopReason, false, ''));
    else controller.abort(new Error(reason));
  };
  // The status alone decides that the response is a rejection. The body only explains it.
  const isRejected = () => status >= 300 && status < 500;
  const rejectionWithoutBody = (): HttpResult => ({ type: 'response', status, retryAfter, text: '' });
  const onAbort = () => {
    if (!sent || request.abortable || isRejected()) return stop(abortReason(request.signal));
    callerLeft = true;
    resolve({ ...transportError(abortReason(request.signal), true, ''), inFlight: true });
  };
  const timer = setTimeout(() => stop('timeout'), request.timeoutMs);
  request.signal.addEventListener('abort', onAbort, { once: true });

  route.agent.dispatch(
    {
      origin: route.origin,
      method: request.method,
      path: request.path,
      headers: headersOf(request, route.userAgent),
      body: request.body ?? null,
    },
    {
      onRequestStart(requestController) {
        controller = requestController;
        // Connecting takes time, and the process can be stopped for minutes. Only here is the check certain.
        if (request.mayStart?.() === false) stopReason ??= 'late';
        if (stopReason !== undefined) requestController.abort(new Error(stopReason));
        else sent = true;
      },
      onResponseStart(_controller, code, headers) {
        status = code;
        if (headers[SANDBOX_HEADER] !== undefined) route.onSandbox();
        retryAfter = firstOf(headers['retry-after']);
        date = firstOf(headers.date);
        coding = firstOf(headers['content-encoding']);
        // The announced length is enough to reject the body before it arrives.
        if (Number(firstOf(headers['content-length'])) > MAX_RESPONSE_BYTES) stop('too_large');
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size > MAX_RESPONSE_BYTES) stop('too_large');
        else chunks.push(chunk);
      },
      onResponseEnd() {
        readText(Buffer.concat(chunks), coding).then(
          (text) => finish({ type: 'response', status, retryAfter, date, text }),
          () => finish(isRejected() ? rejectionWithoutBody() : transportError('too_large', true, '')),
        );
      },
      onResponseError(_controller, error) {
        if (isRejected()) finish(rejectionWithoutBody());
        else if (stopReason !== undefined) finish(transportError(stopReason, sent, ''));
        else finish(transportError(classify(error), sent, describe(error)));
      },
    },
  );
  return result;
}

function headersOf({ key, body }: HttpRequest, userAgent: string): Record<string, string> {
  const headers: Record<string, string> = key === undefined ? {} : { 'x-api-key': key };
  headers.accept = 'application/json';
  headers['user-agent'] = userAgent;
  if (body !== undefined) headers['content-type'] = 'application/json';
  return headers;
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/**
 * The text of a body. The request names no content coding, so a server may choose one, and some gateways do. A body that
 * cannot be unpacked stays unchanged, and the parser rejects it.
 * @throws if the unpacked body is too large.
 */
async function readText(body: Buffer, coding: string | undefined): Promise<string> {
  const unpacked = coding === undefined || body.length === 0 ? body : await unpack(body, coding.trim().toLowerCase());
  return utf8.decode(unpacked);
}

/** Removes a byte order mark, which JSON must not begin with. */
const utf8 = new TextDecoder();

async function unpack(body: Buffer, coding: string): Promise<Buffer> {
  const { brotliDecompressSync, unzipSync } = await import('node:zlib');
  const limit = { maxOutputLength: MAX_RESPONSE_BYTES };
  try {
    if (coding === 'br') return brotliDecompressSync(body, limit);
    return /^(x-)?gzip$|^deflate$/.test(coding) ? unzipSync(body, limit) : body;
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw error;
    return body;
  }
}

function transportError(reason: TransportErrorReason, requestSent: boolean, detail: string): TransportError {
  return { type: 'error', reason, requestSent, inFlight: false, detail };
}

function abortReason(signal: EndSignal): TransportErrorReason {
  return signal.reason === 'deadline' ? 'deadline' : 'cancelled';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function classify(error: unknown): TransportErrorReason {
  const code = codeOf(error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'UND_ERR_INVALID_ARG') return 'invalid';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'connect_timeout';
  if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO)/.test(code)) return 'tls';
  if (error instanceof Error && error.name === 'HTTPParserError') return 'garbled';
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return 'garbled';
  return 'reset';
}

function describe(error: unknown): string {
  return codeOf(error) || (error instanceof Error ? error.message : String(error));
}
