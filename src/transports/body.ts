import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Refusal, refuse, refuseForNow } from '../front-door/refusals.ts';

const MIB = 1024 * 1024;
/** All bodies that are being read, together: a thousand callers may send one at once. */
const MAX_ALL_BYTES = 128 * MIB;
/** A sequence of 200 steps is nested as deep, and nothing else is nearly. */
const MAX_DEPTH = 256;
const LINGER_MS = 5_000;

export type ReadBody = { message: unknown } | { refusal: Refusal };

/** Reads JSON bodies, so much of them at once and no more. */
export class BodyReader {
  readonly #maxBytes: number;
  #heldBytes = 0;

  /** @param maxBytes of one body. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Reads a JSON body.
   * @returns what it says, or a refusal: 413 for one too large, 503 where too much is being read, 400 for what is no JSON, no
   *   UTF-8, or nested beyond reason.
   * @throws when the client leaves before it has written all of it.
   */
  async read(request: IncomingMessage, response: ServerResponse): Promise<ReadBody> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      const fault =
        this.#foresee(request) ??
        (await this.#collect(request, response, (chunk) => {
          size += chunk.length;
          this.#heldBytes += chunk.length;
          chunks.push(chunk);
          return size;
        }));
      return fault === undefined ? readJson(Buffer.concat(chunks)) : { refusal: fault };
    } finally {
      this.#heldBytes -= size;
    }
  }

  /** What the length alone tells. */
  #foresee({ headers }: IncomingMessage): Refusal | undefined {
    const announced = Number(headers['content-length'] ?? 0);
    if (announced > this.#maxBytes) return this.#tooLarge();
    return this.#heldBytes + announced > MAX_ALL_BYTES ? TOO_MUCH : undefined;
  }

  /** Resolves at the end of the body, or as soon as it is too large. */
  #collect(
    request: IncomingMessage,
    response: ServerResponse,
    keep: (chunk: Buffer) => number,
  ): Promise<Refusal | undefined> {
    // Some ask before they write.
    if (request.headers.expect !== undefined) response.writeContinue();
    return new Promise((resolve, reject) => {
      const take = (chunk: Buffer) => {
        const size = keep(chunk);
        const fault = size > this.#maxBytes ? this.#tooLarge() : this.#heldBytes > MAX_ALL_BYTES ? TOO_MUCH : undefined;
        if (fault === undefined) return;
        request.off('data', take);
        resolve(fault);
      };
      request.on('data', take);
      request.once('end', () => resolve(undefined));
      request.once('error', reject);
      // It closes after its end, too, and an error is dear to make.
      request.once('close', () => (request.readableEnded ? undefined : reject(new Error('the connection closed'))));
    });
  }

  #tooLarge(): Refusal {
    return refuse(413, 'body_too_large', `The request body is larger than ${this.#maxBytes / MIB} MiB.`);
  }
}

const TOO_MUCH = refuseForNow(503, 'bodies_busy', 'Too many large requests are being read at once.');

function readJson(body: Buffer): ReadBody {
  if (!isUtf8(body)) return { refusal: parseError('the body is not UTF-8') };
  const text = body.toString('utf8');
  if (isDeeperThan(text, MAX_DEPTH)) return { refusal: parseError(`the JSON is nested more than ${MAX_DEPTH} deep`) };
  try {
    return { message: JSON.parse(text) };
  } catch {
    return { refusal: parseError('the body is not JSON') };
  }
}

function parseError(what: string): Refusal {
  return refuse(400, 'unreadable_body', `Parse error: ${what}.`, { code: -32_700 });
}

/** Looks at brackets outside of strings; before parsing, since what is nested deep overflows the stack of who walks it. */
export function isDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const mark = text.charCodeAt(at);
    if (isString) {
      if (mark === BACKSLASH) at += 1;
      else if (mark === QUOTE) isString = false;
    } else if (mark === QUOTE) isString = true;
    // [ and {, then ] and }.
    else if (mark === 0x5b || mark === 0x7b) depth += 1;
    else if (mark === 0x5d || mark === 0x7d) depth -= 1;
    if (depth > most) return true;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A client that is still writing would miss the answer if the connection were cut at once: reads on for a moment. */
export function discardRest(request: IncomingMessage): void {
  request.resume();
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(timer));
}
