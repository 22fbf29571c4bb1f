import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HttpError, httpError, retryLater } from '../../../lib/http-error.ts';
import { parseJsonBytes } from '../../parse-json.ts';
import { type GracefulShutdown, SHUTTING_DOWN } from '../graceful-shutdown.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { Middleware } from '../pipeline.ts';
import type { UploadLimiter } from './upload-limit.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
/** A caller without a key can only list what the server offers, which takes small requests. */
export const MAX_KEYLESS_BYTES = 64 * KIB;
/** Limits all bodies that are read at the same time: a thousand callers may each send one. */
export const MAX_ALL_BYTES = 128 * MIB;

type Incoming = Pick<HttpExchange, 'request' | 'response'>;

/** A parsed body, or the rejection of the request. */
export type BodyResult = { message: unknown } | { error: HttpError };

/** Reads and parses the body, and releases the upload slot. */
export function jsonBody(bodies: BodyReader, uploads: UploadLimiter, shutdown: GracefulShutdown): Middleware {
  return async (exchange) => {
    const body = await bodies.read(exchange, exchange.principal.client !== undefined);
    // The upload limiter may have rejected the request during the upload.
    if (exchange.isAnswered) return 'ended';
    if (shutdown.isShuttingDown) return SHUTTING_DOWN;
    if ('error' in body) return body.error;
    uploads.release(exchange);
    exchange.message = body.message;
    return undefined;
  };
}

/** The most bytes of a body, and the rejection of a larger one. */
export interface BodyLimit {
  bytes: number;
  error: HttpError;
}

/** Reads bodies within limits: of size, and for JSON also of depth and number of values. */
export class BodyReader {
  readonly #limit: BodyLimit;
  readonly #keylessLimit: BodyLimit;
  #heldBytes = 0;

  /** @param maxBytes of one body. */
  constructor(maxBytes: number) {
    this.#limit = { bytes: maxBytes, error: tooLarge(`larger than ${maxBytes / MIB} MiB. Nothing was done.`) };
    this.#keylessLimit = {
      bytes: Math.min(maxBytes, MAX_KEYLESS_BYTES),
      error: tooLarge('larger than 64 KiB. Nothing was done. Send a HeyReach key to send larger requests.'),
    };
  }

  /**
   * Reads a JSON body.
   * @param hasKey false sets the limit for a caller without a key.
   * @returns the parsed body, or a rejection:
   * - 413: the body is too large.
   * - 503: the server reads too many bytes at the same time.
   * - 400: the body is not JSON, not UTF-8, nested too deep, or holds too many values.
   * @throws when the client disconnects during the upload.
   */
  async read(incoming: Incoming, hasKey = true): Promise<BodyResult> {
    const body = await this.readBytes(incoming, hasKey ? this.#limit : this.#keylessLimit);
    return 'error' in body ? body : parseBody(body.bytes);
  }

  /**
   * Reads any body.
   * @returns its bytes, or a rejection: 413 where it is too large, 503 where the server reads too many bytes at the same time.
   * @throws when the client disconnects during the upload.
   */
  async readBytes(
    { request, response }: Incoming,
    limit: BodyLimit,
  ): Promise<{ bytes: Buffer } | { error: HttpError }> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      const error =
        this.#checkContentLength(request, limit) ??
        (await this.#collect(request, response, limit, (chunk) => {
          size += chunk.length;
          this.#heldBytes += chunk.length;
          chunks.push(chunk);
          return size;
        }));
      if (error !== undefined) return { error };
      return { bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) };
    } finally {
      this.#heldBytes -= size;
    }
  }

  #checkContentLength({ headers }: IncomingMessage, { bytes, error }: BodyLimit): HttpError | undefined {
    const length = Number(headers['content-length'] ?? 0);
    if (length > bytes) return error;
    return this.#heldBytes + length > MAX_ALL_BYTES ? TOO_MANY_BYTES : undefined;
  }

  /** Resolves at the end of the body, or as soon as it is too large. */
  #collect(
    request: IncomingMessage,
    response: ServerResponse,
    limit: BodyLimit,
    keep: (chunk: Buffer) => number,
  ): Promise<HttpError | undefined> {
    if (request.headers.expect !== undefined) response.writeContinue();
    return new Promise((resolve, reject) => {
      const take = (chunk: Buffer) => {
        const size = keep(chunk);
        const error = size > limit.bytes ? limit.error : this.#heldBytes > MAX_ALL_BYTES ? TOO_MANY_BYTES : undefined;
        if (error === undefined) return;
        request.off('data', take);
        resolve(error);
      };
      request.on('data', take);
      request.once('end', () => resolve(undefined));
      request.once('error', reject);
      // `close` comes after `end` as well, and an Error with its stack trace is slow to create.
      request.once('close', () => (request.readableEnded ? undefined : reject(new Error('the connection closed'))));
    });
  }
}

/** The rejection of a body that is too large. @param problem the end of its sentence. */
export function tooLarge(problem: string): HttpError {
  return httpError(413, 'body_too_large', `The request body is ${problem}`);
}

const TOO_MANY_BYTES = retryLater(
  503,
  'bodies_busy',
  'The server reads too many large requests at the same time. Nothing was done. Retry the request.',
);

function parseBody(body: Buffer): BodyResult {
  const parsed = parseJsonBytes(body);
  if ('value' in parsed) return { message: parsed.value };
  const message = `Parse error: the body was rejected because ${parsed.problem}. Nothing was done.`;
  return { error: httpError(400, 'unreadable_body', message, { code: -32_700 }) };
}
