import type { IncomingMessage } from 'node:http';
import type { HeyReachClient } from '../client/index.ts';
import { hasKeyCharacters, whyNotAKey } from '../lib/api-key.ts';
import { type HttpError, httpError } from '../lib/http-error.ts';
import { isSentTwice } from '../lib/http-headers.ts';
import type { User } from './oauth/user.ts';
import type { TokenFile } from './token-file.ts';
import { looksLikeToken, type Token } from './tokens.ts';

/** An authenticated caller. */
export interface Principal {
  /** The name under which its requests are counted. It contains no part of a key. */
  name: string;
  /** undefined for a caller without a key, on a server without a key of its own. */
  client: HeyReachClient | undefined;
  /** The bearer token, in the mode `bearer_tokens`. */
  token?: Token;
  /** The user of the access token, in the mode `oauth`. */
  user?: User;
}

/** Decides which requests may call the server. There is one authenticator per auth mode. */
export interface Authenticator {
  /** Checks the headers alone. */
  authenticate(request: IncomingMessage): Principal | HttpError | Promise<Principal | HttpError>;
  /** Whether an authenticated caller would be accepted again. */
  isStillValid(principal: Principal): boolean;
}

/** Decides at once, without a request to another server. */
export interface SyncAuthenticator extends Authenticator {
  authenticate(request: IncomingMessage): Principal | HttpError;
}

/** Mode `caller_keys`: each request brings its own HeyReach key. Requests such as `tools/list` work without one. */
export function callerKeys(clientFor: (key: string) => HeyReachClient): SyncAuthenticator {
  return {
    authenticate(request) {
      const { key, error } = readKey(request);
      if (error !== undefined) return error;
      return key === undefined ? anonymous(request) : principalWith(clientFor(key));
    },
    isStillValid: () => true,
  };
}

/** Mode `bearer_tokens`: requests with a valid token use the HeyReach key of the server. */
export function bearerTokens(file: TokenFile, client: HeyReachClient | undefined): SyncAuthenticator {
  return {
    authenticate(request) {
      const { key, bearer, error } = readCredentials(request);
      if (error !== undefined) return error;
      if (bearer === undefined) return MISSING_TOKEN;
      const token = file.find(bearer);
      if (token === undefined) return WRONG_TOKEN;
      if (key !== undefined) return foreignKey('its own key');
      return { name: `token ${token.name}`, client, token };
    },
    isStillValid: ({ token }) => token === undefined || file.has(token),
  };
}

/**
 * Mode `loopback_only`: requests without credentials use the HeyReach key of the server. A key in the request takes precedence.
 * @param ownKeys keys of the server that exclude keys in requests, which would mix two organizations or bypass the workspaces.
 * @param acceptsAnyText true on the sandbox, where any text is a key.
 */
export function loopbackOnly(
  client: HeyReachClient | undefined,
  {
    clientFor,
    ownKeys,
    acceptsAnyText = false,
  }: { clientFor: (key: string) => HeyReachClient; ownKeys?: string | undefined; acceptsAnyText?: boolean },
): SyncAuthenticator {
  return {
    authenticate(request) {
      const { key, error } = readKey(request, acceptsAnyText);
      if (error !== undefined) return error;
      if (key === undefined) return { name: 'own', client };
      return ownKeys === undefined ? principalWith(clientFor(key)) : foreignKey(ownKeys);
    },
    isStillValid: () => true,
  };
}

interface Credentials {
  /** From `X-API-KEY`. */
  key?: string | undefined;
  /** From `Authorization: Bearer`. */
  bearer?: string | undefined;
  /** A header was sent twice. */
  isTwice?: boolean;
  error?: HttpError;
}

/** Reads the credentials of a request. They are never read from the URL. */
export function readCredentials({ headers, rawHeaders }: IncomingMessage): Credentials {
  const key = trimmed(headers['x-api-key']);
  const bearer = /^Bearer\s+(.+)$/i.exec(trimmed(headers.authorization) ?? '')?.[1]?.trim();
  for (const [name, header, value] of [
    ['X-API-KEY', headers['x-api-key'], key],
    ['Authorization', headers.authorization, bearer],
  ] as const) {
    if (header === undefined) continue;
    const isPrintable = value === undefined || hasKeyCharacters(value);
    // Node keeps the first of two Authorization headers and drops the second.
    const isTwice = isSentTwice(name.toLowerCase(), rawHeaders);
    if (isPrintable && !isTwice) continue;
    return {
      key,
      bearer,
      isTwice,
      error: malformedCredentials(`${name} was sent twice or contains characters that keys and tokens never have.`),
    };
  }
  return { key, bearer };
}

/** The HeyReach key of a request to a server without tokens. Authorization counts only without X-API-KEY. */
function readKey(request: IncomingMessage, acceptsAnyText = false): Pick<Credentials, 'key' | 'error'> {
  const { key, bearer, isTwice, error } = readCredentials(request);
  const credential = key ?? bearer;
  const reason = credential === undefined || acceptsAnyText ? undefined : whyNotAKey(credential);
  if (reason !== undefined) return { error: unfilledKey(reason) };
  if (error !== undefined && (isTwice || !acceptsAnyText)) return { error };
  // With X-API-KEY, Authorization may belong to a proxy. Alone it was meant for this server, which must not ignore it.
  if (credential === undefined && trimmed(request.headers.authorization) !== undefined)
    return { error: UNREADABLE_KEY };
  if (credential !== undefined && looksLikeToken(credential)) return { error: UNEXPECTED_TOKEN };
  return { key: credential };
}

function trimmed(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header.trim() || undefined : undefined;
}

function principalWith(client: HeyReachClient): Principal {
  return { name: `key ${client.fingerprint}`, client };
}

function anonymous({ socket }: IncomingMessage): Principal {
  return { name: `address ${socket.remoteAddress}`, client: undefined };
}

function malformedCredentials(message: string): HttpError {
  return httpError(400, 'odd_credentials', message);
}

/** HeyReach would receive a text that is no key. */
function unfilledKey(reason: string): HttpError {
  const message = `The HeyReach key in the request ${reason}. Nothing was sent to HeyReach. Correct the header in the settings of the host.`;
  return httpError(401, 'unfilled_key', message, {
    headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp", error="invalid_token"' },
  });
}

/** The rejection of a HeyReach key where the server uses its own. */
export function foreignKey(ownKey: string): HttpError {
  return httpError(403, 'foreign_key', `The server uses ${ownKey} and accepts no HeyReach keys. Leave the key out.`);
}

const HOW_TO_GET_ONE = 'The operator of the server creates tokens with `heyreach-mcp token NAME`.';

const MISSING_TOKEN = httpError(401, 'no_token', `Send a token in Authorization: Bearer. ${HOW_TO_GET_ONE}`, {
  headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp"' },
});
const WRONG_TOKEN = httpError(401, 'wrong_token', `The server does not know this token. ${HOW_TO_GET_ONE}`, {
  headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp", error="invalid_token"' },
});
/** HeyReach would receive the token as a key. */
const UNEXPECTED_TOKEN = httpError(
  401,
  'stray_token',
  'The request contains a token, but this server accepts no tokens: HEYREACH_MCP_TOKENS is not set.',
  { headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp", error="invalid_token"' } },
);
const UNREADABLE_KEY = malformedCredentials('Authorization must be `Bearer` and a key. Correct it, or leave it out.');
