import type { HeyReachClient } from '../../client/index.ts';
import { type HttpError, httpError, retryLater } from '../../lib/http-error.ts';
import type { Mode } from '../../mcp/modes.ts';
import { type Authenticator, foreignKey, type Principal, readCredentials } from '../authenticator.ts';
import type { AccessToken, AccessTokens } from './access-tokens.ts';
import { type ModeScopes, modeOfScopes, stricterMode } from './scopes.ts';
import { InvalidToken, IssuerUnavailable } from './signing-keys.ts';
import type { SubjectsFile } from './subjects-file.ts';
import { type User, userIdOf } from './user.ts';

/** The errors of RFC 6750. */
export type BearerError = 'invalid_token' | 'insufficient_scope';
/** Makes the value of `WWW-Authenticate`. @param scope the scope that the client should request. */
export type Challenge = (error: BearerError, description: string, scope: string) => string;

/** Which access tokens are accepted, and what their users may do. */
export interface OAuthOptions {
  issuer: string;
  tokens: AccessTokens;
  scopes: ModeScopes;
  /** undefined where every user of the issuer may call. */
  subjects: SubjectsFile | undefined;
  /** The mode of the server. */
  mode: Mode;
  client: HeyReachClient | undefined;
  challenge: Challenge;
}

/** Mode `oauth`: requests with a valid access token use the HeyReach key of the server, in the mode of the token's scopes. */
export function oauthUsers({ issuer, tokens, scopes, subjects, mode, client, challenge }: OAuthOptions): Authenticator {
  const unauthorized = (reason: 'no_token' | 'wrong_token', problem: string): HttpError => {
    const headers = { 'www-authenticate': challenge('invalid_token', problem, scopes['read-only']) };
    const message = `${problem} Nothing was done. Sign in again: WWW-Authenticate names the metadata for the sign-in.`;
    return reason === 'no_token'
      ? httpError(401, 'no_token', message, { headers })
      : httpError(401, 'wrong_token', message, { headers });
  };
  const limitOf = (subject: string, groups: readonly string[]): Mode | undefined => {
    if (subjects === undefined) return mode;
    const listed = subjects.modeOf(subject, groups);
    return listed && stricterMode(listed, mode);
  };
  const principalOf = ({ subject, groups, client: oauthClient, scopes: granted, validUntil }: AccessToken) => {
    const limit = limitOf(subject, groups);
    if (limit === undefined) return UNLISTED_SUBJECT;
    const allowed = modeOfScopes(granted, scopes);
    if (allowed === undefined) return tooSmallScope(scopes['read-only'], 'call this server', challenge);
    const id = userIdOf(issuer, subject);
    const user: User = {
      ...{ id, name: `${issuer} ${subject}`, client: oauthClient, subject, groups },
      ...{ mode: stricterMode(allowed, limit), limit, validUntil },
    };
    return { name: `user ${id}`, client, user } satisfies Principal;
  };
  return {
    async authenticate(request) {
      const { key, bearer, error } = readCredentials(request);
      if (error !== undefined) return error;
      if (bearer === undefined) return unauthorized('no_token', 'The request has no access token.');
      try {
        const token = await tokens.verify(bearer);
        return key === undefined ? principalOf(token) : foreignKey('its own key');
      } catch (problem) {
        if (problem instanceof IssuerUnavailable) return ISSUER_DOWN;
        if (!(problem instanceof InvalidToken)) throw problem;
        return unauthorized('wrong_token', `The access token is rejected: ${problem.message}.`);
      }
    },
    isStillValid({ user }) {
      if (user === undefined) return true;
      return user.validUntil > Date.now() && limitOf(user.subject, user.groups) === user.limit;
    },
  };
}

/** The rejection of a call for which a wider scope exists. The client requests it and repeats the call. */
export function tooSmallScope(scope: string, toWhat: string, challenge: Challenge): HttpError {
  const description = `To ${toWhat}, the access token needs the scope ${scope}.`;
  return httpError(403, 'insufficient_scope', `${description} Nothing was done. Sign in again with this scope.`, {
    headers: { 'www-authenticate': challenge('insufficient_scope', description, scope) },
  });
}

const UNLISTED_SUBJECT = httpError(
  403,
  'unlisted_subject',
  'The user of this access token may not call this server. Nothing was done. The operator lists users in HEYREACH_OAUTH_SUBJECTS.',
);
/** The token may be valid. */
const ISSUER_DOWN = retryLater(
  503,
  'issuer_down',
  'The server cannot check the access token: the issuer of tokens does not answer. Nothing was done. Retry the request later.',
  10,
);
