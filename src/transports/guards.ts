import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server';
import { type Refusal, refuse } from '../front-door/refusals.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
/** Node hands over two thousand and drops the rest without a word; an Origin could be among those. */
const MAX_HEADERS = 100;
/** Nobody needs a longer address; whoever sends one has put something into it. */
const MAX_URL = 2_048;

export interface GuardOptions {
  /** Names besides the loopback ones under which the server may be called, without ports. */
  allowedHosts: readonly string[];
  /** Origins of web pages that may call, besides those of this machine and of the server's own names. */
  allowedOrigins: readonly string[];
}

/** Turns away what a headers' look is enough for: before a body is read, and before it matters who calls. */
export class Guards {
  readonly #names: string[];
  readonly #origins: readonly string[];

  constructor({ allowedHosts, allowedOrigins }: GuardOptions) {
    this.#names = [...LOOPBACK_NAMES, ...allowedHosts.map((name) => name.toLowerCase())];
    this.#origins = allowedOrigins;
  }

  /** A web page that has its own name resolve to this machine still calls it by that name. */
  checkHost({ headers }: IncomingMessage): Refusal | undefined {
    if (headers.host === undefined) return refuse(400, 'no_host', 'The request has no Host header.');
    if (validateHostHeader(headers.host, this.#names).ok) return undefined;
    const hint = 'HEYREACH_ALLOWED_HOSTS names further ones.';
    return refuse(403, 'host', `The Host header names a server that this one does not answer for. ${hint}`);
  }

  /** A program sends no Origin; a browser always says for which page it asks. */
  checkOrigin({ headers }: IncomingMessage): Refusal | undefined {
    const { origin } = headers;
    if (this.#isListed(origin) || validateOriginHeader(origin, this.#names).ok) return undefined;
    const hint = 'HEYREACH_ALLOWED_ORIGINS names those that may.';
    return refuse(403, 'origin', `Pages of this Origin may not call the server. ${hint}`);
  }

  /** Lets the browser hand the answer to a page whose origin is listed, and to no other. */
  allowPage({ headers }: IncomingMessage, response: ServerResponse): void {
    if (this.#origins.length === 0) return;
    // Whoever keeps answers must not give one page's to another.
    response.setHeader('vary', 'Origin');
    if (!this.#isListed(headers.origin)) return;
    response.setHeader('access-control-allow-origin', headers.origin!);
    response.setHeader('access-control-expose-headers', EXPOSED);
  }

  /** A browser asks first whether a page may send such a request. */
  answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
    if (this.#isListed(headers.origin)) {
      response.setHeader('access-control-allow-methods', 'POST');
      response.setHeader('access-control-allow-headers', ASKED);
      response.setHeader('access-control-max-age', '7200');
    }
    response.writeHead(204, { allow: 'POST, OPTIONS' });
    response.end();
  }

  #isListed(origin: string | undefined): boolean {
    return origin !== undefined && this.#origins.includes(origin);
  }
}

const ASKED = [
  'accept',
  'authorization',
  'content-type',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'x-api-key',
  'x-request-id',
].join(', ');
const EXPOSED = 'mcp-session-id, retry-after, www-authenticate, x-request-id';

/** More headers, or a longer address, than any client sends. */
export function checkSize({ rawHeaders, url = '' }: IncomingMessage): Refusal | undefined {
  if (rawHeaders.length / 2 > MAX_HEADERS) {
    return refuse(431, 'too_many_headers', `More than ${MAX_HEADERS} headers.`, { headers: { connection: 'close' } });
  }
  return url.length > MAX_URL ? refuse(414, 'long_url', `The URL is longer than ${MAX_URL} characters.`) : undefined;
}

/**
 * A key or token in the address, where it would end up in logs and histories. It is refused, so that nobody comes to rely on
 * it, and so that whoever put it there hears of it.
 */
export function checkUrl({ url = '' }: IncomingMessage): Refusal | undefined {
  const names = [...new URLSearchParams(url.split('?', 2)[1]).keys()];
  if (!names.some((name) => SECRET_NAME.test(name.replaceAll(/[^a-z]/gi, '')))) return undefined;
  return refuse(400, 'secret_in_url', SECRET_IN_URL);
}

const SECRET_NAME = /key|token|secret|auth|bearer|password|credential/i;
const SECRET_IN_URL =
  'A key or token does not belong in the URL, where logs keep it: send a HeyReach key in X-API-KEY or Authorization: Bearer, and a token of this server in Authorization: Bearer. ' +
  'One that was in a URL should be replaced.';

/** A body in a form that is not read here. */
export function checkEncoding({ headers }: IncomingMessage): Refusal | undefined {
  const encoding = headers['content-encoding'] ?? 'identity';
  return /^identity$/i.test(encoding)
    ? undefined
    : refuse(415, 'encoding', 'Request bodies are read as they are: leave out Content-Encoding.');
}

/** The name that a request goes by in logs, errors and the audit trail: the caller's own for it, if it is a plain one. */
export function nameRequest({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomBytes(8).toString('hex');
}
