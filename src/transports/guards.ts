import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Refusal, refuse } from '../front-door/refusals.ts';
import { LOOPBACK_NAMES, readHost, spellHost } from '../host.ts';

/** Where a server listens that listens everywhere: no name to call it by. */
const EVERYWHERE = ['0.0.0.0', '[::]'];
/** Node hands over two thousand and drops the rest without a word; an Origin could be among those. */
const MAX_HEADERS = 100;
/** Nobody needs a longer address; whoever sends one has put something into it. */
const MAX_URL = 2_048;

export interface GuardOptions {
  /** The address that is listened on: whoever is told of it calls by it. */
  host: string;
  /** Names besides that one and the loopback ones under which the server may be called, without ports. */
  allowedHosts: readonly string[];
  /** Origins of web pages that may call, besides those of this machine and of the server's own names. */
  allowedOrigins: readonly string[];
}

/** Turns away what a headers' look is enough for: before a body is read, and before it matters who calls. */
export class Guards {
  readonly #names: ReadonlySet<string>;
  readonly #origins: readonly string[];

  constructor({ host, allowedHosts, allowedOrigins }: GuardOptions) {
    const spelled = spellHost(host);
    // 127.1 is 127.0.0.1 to one client and stays as it is with another.
    const own = spelled === undefined || EVERYWHERE.includes(spelled) ? [] : [spelled, host.toLowerCase()];
    this.#names = new Set([...LOOPBACK_NAMES, ...own, ...allowedHosts.map((name) => name.toLowerCase())]);
    this.#origins = allowedOrigins;
  }

  /** A web page that has its own name resolve to this machine still calls it by that name. */
  checkHost({ headers }: IncomingMessage): Refusal | undefined {
    if (headers.host === undefined) return refuse(400, 'no_host', 'The request has no Host header.');
    if (this.#isOurs(headers.host)) return undefined;
    const hint = 'HEYREACH_ALLOWED_HOSTS names further ones.';
    return refuse(403, 'host', `The Host header names a server that this one does not answer for. ${hint}`);
  }

  /** A program sends no Origin; a browser always says for which page it asks. */
  checkOrigin({ headers }: IncomingMessage): Refusal | undefined {
    const { origin } = headers;
    if (origin === undefined || this.#isListed(origin)) return undefined;
    // A page of an extension, or of an app, has a host as well, which anybody may have given it.
    const [, host] = /^https?:\/\/(.*)$/i.exec(origin) ?? [];
    if (host !== undefined && this.#isOurs(host)) return undefined;
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

  #isOurs(host: string): boolean {
    return this.#names.has(readHost(host) ?? '');
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
  const start = url.indexOf('?');
  const parts = start === -1 ? [] : url.slice(start + 1).split(/[&;?]/);
  return parts.some(holdsSecret) ? refuse(400, 'secret_in_url', SECRET_IN_URL) : undefined;
}

/** By the words of its name, whatever joins them: `key` is one in `xMcpKey` and `X-API-KEY`, and none in `monkey`. */
function holdsSecret(part: string): boolean {
  const [[name = '', value = ''] = []] = [...new URLSearchParams(part)];
  // A value alone is no name at all, unless it is short. Keys often end with `=`.
  if (name.length >= (part.includes('=') ? LONG_BEFORE_EQUALS : LONG) && /^=*$/.test(value)) return true;
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return [words.join(''), ...words].some((word) => SECRET_WORD.test(word));
}

const LONG = 12;
const LONG_BEFORE_EQUALS = 20;
/** Also those that are written as one, such as `apikey` and `accesstoken`. */
const SECRET_WORD =
  /^(x|api|app|access|auth|refresh|session|bearer|client|user|mcp|heyreach|secret|private|id)*(key|token|secret|auth|oauth|authorization|bearer|pass|passwd|password|passphrase|pwd|pw|credential|cred|jwt|sig|signature)s?$/i;
const SECRET_IN_URL =
  'A key or token does not belong in the URL, where logs keep it: send a HeyReach key in X-API-KEY or Authorization: Bearer, and a token of this server in Authorization: Bearer. ' +
  'One that was in a URL should be replaced.';

/** A body in a form that is not read here. */
export function checkType({ headers }: IncomingMessage): Refusal | undefined {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    return refuse(415, 'content_type', 'Request bodies are JSON: send Content-Type: application/json.');
  }
  const encoding = headers['content-encoding'] ?? 'identity';
  return /^identity$/i.test(encoding)
    ? undefined
    : refuse(415, 'encoding', 'Request bodies are read as they are: leave out Content-Encoding.');
}

/** What a request expects of the server before it goes on. @returns undefined for nothing, and for what node does by itself. */
export function checkExpect({ headers: { expect } }: IncomingMessage): Refusal | undefined {
  return expect === undefined || /^100-continue$/i.test(expect)
    ? undefined
    : refuse(417, 'expectation', 'Of all that Expect can ask for, only 100-continue is known here.');
}

/**
 * The name that a request goes by in logs, errors and the audit trail: the caller's own for it, if it is a plain one and
 * gives nothing away of what the caller presents.
 */
export function nameRequest(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  const isPlain = typeof given === 'string' && /^[\w.-]{8,64}$/.test(given);
  return isPlain && !tellsSecret(given, request) ? given : makeRequestId();
}

/** Sixteen hexadecimal digits; node keeps random UUIDs in stock, other random bytes it fetches each time. */
export function makeRequestId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 16);
}

function tellsSecret(name: string, { headers }: IncomingMessage): boolean {
  const presented = `${headers['x-api-key'] ?? ''} ${headers.authorization ?? ''}`;
  if (presented.includes(name)) return true;
  return presented.split(/[\s,]+/).some((secret) => secret.length >= SHORTEST_SECRET && name.includes(secret));
}

/** Shorter words, such as Bearer, are no secrets. */
const SHORTEST_SECRET = 8;
