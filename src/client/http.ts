import type { Agent, Dispatcher } from 'undici';
import type { Fault, FaultReason } from './faults.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** An HTTP answer, its body read whole as text. */
export interface Answer {
  type: 'answer';
  status: number;
  retryAfter: string | undefined;
  text: string;
}

export type Exchange = Answer | Fault;

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query, already encoded. */
  path: string;
  /** undefined for a request without one. */
  key: string | undefined;
  /** JSON text, or undefined for none. */
  body?: string | undefined;
  timeoutMs: number;
  /** Aborted with the reason `cancelled` or `deadline`. */
  signal: AbortSignal;
  /**
   * False for a request that must not be repeated: once its bytes may have left, the caller is told that it is in flight
   * and the request itself runs on to its timeout.
   */
  abortable: boolean;
  /** Told how a request ended that ran on after its caller had left. */
  onLate?: ((exchange: Exchange) => void) | undefined;
}

/**
 * Sends single requests to one host, which is all the key is ever sent to. Follows no redirect, repeats nothing.
 * undici is loaded with the first request, not before.
 */
export class HttpSender {
  readonly #origin: () => string | Promise<string>;
  readonly #userAgent: string;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #agents: Promise<{ pooled: Agent; single: Agent }> | undefined;

  /** @param origin scheme and host, perhaps found out with the first request (the sandbox starts then). */
  constructor(options: { origin: () => string | Promise<string>; userAgent: string }) {
    this.#origin = options.origin;
    this.#userAgent = options.userAgent;
  }

  /** Resolves with the answer or with why there is none; never rejects. */
  async send(request: HttpRequest): Promise<Exchange> {
    let agents: { pooled: Agent; single: Agent };
    let origin: string;
    try {
      [agents, origin] = await Promise.all([this.#loadAgents(), this.#origin()]);
    } catch (error) {
      return fault('refused', false, describe(error));
    }
    if (request.signal.aborted) return fault(abortReason(request.signal), false, '');
    const note = (ended: Exchange) => {
      if (ended.type === 'answer' && ended.status < 500) this.#answeredAt = performance.now();
      return ended;
    };
    const agent = request.abortable ? agents.pooled : agents.single;
    const onLate = (ended: Exchange) => request.onLate?.(note(ended));
    return note(await exchange(agent, { ...request, onLate, origin, userAgent: this.#userAgent }));
  }

  /** Whether the host gave an answer below 500 within the last so many ms, to whichever request. */
  answeredWithin(ms: number): boolean {
    return performance.now() - this.#answeredAt <= ms;
  }

  async close(): Promise<void> {
    const agents = await this.#agents;
    await Promise.all([agents?.pooled.close(), agents?.single.close()]);
  }

  #loadAgents(): Promise<{ pooled: Agent; single: Agent }> {
    this.#agents ??= import('undici').then(({ Agent }) => {
      const shared = { connect: { timeout: CONNECT_TIMEOUT_MS }, headersTimeout: 0, bodyTimeout: 0 };
      return {
        pooled: new Agent(shared),
        // A kept-alive socket may be closing as it is reused, which leaves an outcome unclear; what must not be repeated
        // gets a fresh connection.
        single: new Agent({ ...shared, pipelining: 0 }),
      };
    });
    return this.#agents;
  }
}

function exchange(agent: Agent, request: HttpRequest & { origin: string; userAgent: string }): Promise<Exchange> {
  return new Promise((resolve) => {
    let sent = false;
    let callerLeft = false;
    let ended: FaultReason | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let retryAfter: string | undefined;
    let coding: string | undefined;
    let size = 0;
    const chunks: Buffer[] = [];

    const finish = (result: Exchange) => {
      clearTimeout(timer);
      request.signal.removeEventListener('abort', onAbort);
      if (callerLeft) request.onLate?.(result);
      else resolve(result);
    };
    const stop = (reason: FaultReason) => {
      ended ??= reason;
      // Before the request is on a socket there is no controller; onRequestStart then stops it before a byte is written.
      if (controller === undefined) finish(fault(ended, false, ''));
      else controller.abort(new Error(reason));
    };
    // A refusal is one by its status; its body only explains it.
    const isRefused = () => status >= 300 && status < 500;
    const onAbort = () => {
      if (!sent || request.abortable || isRefused()) return stop(abortReason(request.signal));
      callerLeft = true;
      resolve({ ...fault(abortReason(request.signal), true, ''), inFlight: true });
    };
    const timer = setTimeout(() => stop('timeout'), request.timeoutMs);
    request.signal.addEventListener('abort', onAbort, { once: true });

    agent.dispatch(
      {
        origin: request.origin,
        method: request.method,
        path: request.path,
        headers: {
          ...(request.key === undefined ? {} : { 'x-api-key': request.key }),
          accept: 'application/json',
          'user-agent': request.userAgent,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: request.body ?? null,
      },
      {
        onRequestStart(given) {
          controller = given;
          if (ended !== undefined) given.abort(new Error(ended));
          else sent = true;
        },
        onResponseStart(_controller, code, headers) {
          status = code;
          retryAfter = firstOf(headers['retry-after']);
          coding = firstOf(headers['content-encoding']);
          // What is announced need not be waited for.
          if (Number(firstOf(headers['content-length'])) > MAX_ANSWER_BYTES) stop('too_large');
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size > MAX_ANSWER_BYTES) stop('too_large');
          else chunks.push(chunk);
        },
        onResponseEnd() {
          readText(Buffer.concat(chunks), coding).then(
            (text) => finish({ type: 'answer', status, retryAfter, text }),
            () => finish(isRefused() ? { type: 'answer', status, retryAfter, text: '' } : fault('too_large', true, '')),
          );
        },
        onResponseError(_controller, error) {
          if (isRefused()) finish({ type: 'answer', status, retryAfter, text: '' });
          else finish(fault(ended ?? classify(error), sent, ended === undefined ? describe(error) : ''));
        },
      },
    );
  });
}

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/**
 * The text of a body. No coding is asked for, which lets a server choose one, and some gateways do.
 * @throws when it is too large once unpacked. What cannot be unpacked is left as it is, for whoever reads it to refuse.
 */
async function readText(body: Buffer, coding: string | undefined): Promise<string> {
  const unpacked = coding === undefined || body.length === 0 ? body : await unpack(body, coding.trim().toLowerCase());
  // Takes a byte order mark away, which JSON must not begin with.
  return new TextDecoder().decode(unpacked);
}

async function unpack(body: Buffer, coding: string): Promise<Buffer> {
  const { brotliDecompressSync, unzipSync } = await import('node:zlib');
  const limit = { maxOutputLength: MAX_ANSWER_BYTES };
  try {
    if (coding === 'br') return brotliDecompressSync(body, limit);
    return /^(x-)?gzip$|^deflate$/.test(coding) ? unzipSync(body, limit) : body;
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw error;
    return body;
  }
}

function fault(reason: FaultReason, bytesLeft: boolean, detail: string): Fault {
  return { type: 'fault', reason, bytesLeft, inFlight: false, detail };
}

function abortReason(signal: AbortSignal): FaultReason {
  return signal.reason === 'deadline' ? 'deadline' : 'cancelled';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function classify(error: unknown): FaultReason {
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
