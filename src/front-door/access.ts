import type { IncomingMessage } from 'node:http';
import type { HeyReachClient } from '../client/index.ts';
import { type Refusal, refuse } from './refusals.ts';
import type { TokenFile } from './token-file.ts';
import { looksLikeToken, type Token } from './tokens.ts';

/** Somebody who was let in. */
export interface Entrant {
  /** Under which its requests are counted; neither a key nor part of one. */
  name: string;
  /** undefined for somebody who brought no key to a server that has none. */
  client: HeyReachClient | undefined;
  /** What was presented, where the server's own key is lent out by tokens. */
  token?: Token;
}

/** Who may call. */
export interface Access {
  /** Looks at the headers alone. */
  admit(request: IncomingMessage): Entrant | Refusal;
  /** Whether somebody who was let in would still be. */
  isStillIn(entrant: Entrant): boolean;
}

/** Each request brings its own HeyReach key; what works without one, such as listing tools, does for anybody. */
export function ownKeys(clientFor: (key: string) => HeyReachClient): Access {
  return {
    admit(request) {
      const { key, fault } = readKey(request);
      if (fault !== undefined) return fault;
      return key === undefined ? nobody(request) : entrantWith(clientFor(key));
    },
    isStillIn: () => true,
  };
}

/** The server lends its key to those who present a token. */
export function byTokens(file: TokenFile, client: HeyReachClient | undefined): Access {
  return {
    admit(request) {
      const { key, bearer, fault } = readCredentials(request);
      if (fault !== undefined) return fault;
      const token = bearer === undefined ? undefined : file.find(bearer);
      if (token === undefined) return bearer === undefined ? refuseNoToken() : refuseWrongToken();
      if (key !== undefined) return refuseForeignKey('a key of its own, which it lends to those who present a token');
      return { name: `token ${token.name}`, client, token };
    },
    isStillIn: ({ token }) => token === undefined || file.has(token),
  };
}

/**
 * Everybody who reaches the server works with its key: on loopback only. A key in the request beats it.
 * @param lends false where a key in a request would be mixed up with the server's: it is refused.
 */
export function openTo(
  client: HeyReachClient | undefined,
  { clientFor, lends }: { clientFor: (key: string) => HeyReachClient; lends: boolean },
): Access {
  return {
    admit(request) {
      const { key, fault } = readKey(request);
      if (fault !== undefined) return fault;
      if (key === undefined) return { name: 'own', client };
      return lends ? entrantWith(clientFor(key)) : refuseForeignKey('its own organization key');
    },
    isStillIn: () => true,
  };
}

interface Credentials {
  /** From `X-API-KEY`. */
  key?: string | undefined;
  /** From `Authorization: Bearer`. */
  bearer?: string | undefined;
  fault?: Refusal;
}

/** What a request presents; never read from the URL. */
function readCredentials({ headers, rawHeaders }: IncomingMessage): Credentials {
  const key = headerOf(headers['x-api-key']);
  const bearer = /^Bearer\s+(.+)$/i.exec(headerOf(headers.authorization) ?? '')?.[1]?.trim();
  for (const [name, value] of [
    ['X-API-KEY', key],
    ['Authorization', bearer],
  ] as const) {
    const isOdd = value !== undefined && !/^[\x21-\x7e]+$/.test(value);
    if (!isOdd && !cameTwice(name, rawHeaders)) continue;
    return { fault: refuseOdd(`${name} came twice or holds characters that no key or token has.`) };
  }
  return { key, bearer };
}

/** Node keeps the first Authorization of two in silence. */
function cameTwice(name: string, rawHeaders: readonly string[]): boolean {
  // Names and values take turns.
  const found = rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === name.toLowerCase());
  return found.length > 1;
}

/** The HeyReach key that a request brings to a server without tokens. Authorization is looked at where X-API-KEY is not sent. */
function readKey(request: IncomingMessage): Pick<Credentials, 'key' | 'fault'> {
  const { key, bearer, fault } = readCredentials(request);
  if (fault !== undefined) return { fault };
  const given = key ?? bearer;
  // Beside a key it may be a proxy's own. Alone it was meant for this server, which must not act as if nothing had come.
  const isUnread = given === undefined && headerOf(request.headers.authorization) !== undefined;
  if (isUnread)
    return { fault: refuseOdd('Authorization is read as `Bearer` and a key: send it so, or leave it out.') };
  if (given !== undefined && looksLikeToken(given)) return { fault: refuseStrayToken() };
  return { key: given };
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value.trim() || undefined : undefined;
}

function entrantWith(client: HeyReachClient): Entrant {
  return { name: `key ${client.fingerprint}`, client };
}

function nobody({ socket }: IncomingMessage): Entrant {
  return { name: `address ${socket.remoteAddress}`, client: undefined };
}

const WHERE = 'Whoever runs it makes one with `heyreach-mcp token NAME`.';

function refuseNoToken(): Refusal {
  return refuse(401, 'no_token', `This server takes a token in Authorization: Bearer. ${WHERE}`, {
    headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp"' },
  });
}

function refuseWrongToken(): Refusal {
  return refuse(401, 'wrong_token', `The token in Authorization is not one of this server's. ${WHERE}`, {
    headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp", error="invalid_token"' },
  });
}

/** A token would go to HeyReach as a key. */
function refuseStrayToken(): Refusal {
  const said = 'What came is a token, and this server has none: HEYREACH_MCP_TOKENS is not set.';
  return refuse(401, 'stray_token', said, {
    headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp", error="invalid_token"' },
  });
}

function refuseOdd(said: string): Refusal {
  return refuse(400, 'odd_credentials', said);
}

function refuseForeignKey(own: string): Refusal {
  return refuse(403, 'foreign_key', `This server works with ${own}, and takes no HeyReach keys from requests.`);
}
