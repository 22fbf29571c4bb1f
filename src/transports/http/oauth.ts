import {
  bearerAuthChallengeResponse,
  getOAuthProtectedResourceMetadataUrl,
  OAuthError,
  OAuthErrorCode,
} from '@modelcontextprotocol/server';
import type { Authenticator } from '../../auth/authenticator.ts';
import { AccessTokens, type KeySet, parseKeySet } from '../../auth/oauth/access-tokens.ts';
import { type Challenge, oauthUsers } from '../../auth/oauth/oauth-authenticator.ts';
import { modeScopes, modesUpTo } from '../../auth/oauth/scopes.ts';
import { SigningKeys } from '../../auth/oauth/signing-keys.ts';
import { SubjectsFile } from '../../auth/oauth/subjects-file.ts';
import type { Config } from '../../config/settings.ts';
import type { RequestContext } from '../../mcp/request-context.ts';
import { resourceMetadata } from './middleware/resource-metadata.ts';
import { type IsShown, stepUp } from './middleware/step-up.ts';
import type { Middleware } from './pipeline.ts';

/** What the HTTP transport needs with `--auth oauth`. */
export interface OAuthParts {
  authenticator: Authenticator;
  /** The host of the public URL, which clients send. */
  host: string;
  resourceMetadata: Middleware;
  stepUp: Middleware;
  /** undefined where every user of the issuer may call. */
  subjects: SubjectsFile | undefined;
}

const ERROR_CODES = {
  invalid_token: OAuthErrorCode.InvalidToken,
  insufficient_scope: OAuthErrorCode.InsufficientScope,
};

/**
 * Creates the parts of an OAuth resource server. The issuer is another server: this one issues no tokens.
 * @throws ConfigError where the file of subjects cannot be read.
 */
export async function openOAuth(
  config: Config,
  { requestContext, isShown }: { requestContext: RequestContext; isShown: IsShown },
): Promise<OAuthParts> {
  const { mode } = config;
  const issuer = config.oauthIssuer!;
  const publicUrl = new URL(config.publicUrl!);
  const scopes = modeScopes(config.oauthScopes);
  const subjects = config.oauthSubjects === undefined ? undefined : await SubjectsFile.open(config.oauthSubjects);
  const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(publicUrl);
  const challenge: Challenge = (error, description, scope) =>
    bearerAuthChallengeResponse(new OAuthError(ERROR_CODES[error], description), {
      requiredScopes: [scope],
      resourceMetadataUrl,
    }).headers.get('www-authenticate')!;
  const keys = new SigningKeys<KeySet>({
    issuer,
    parse: parseKeySet,
    onFailure: (err) => requestContext.log.error({ err }, 'the keys of HEYREACH_OAUTH_ISSUER cannot be read'),
  });
  void keys.warmUp();
  // A URL without a path is the same with and without its slash.
  const ownAudience = [publicUrl.href, publicUrl.href.replace(/\/$/, '')];
  const audience = config.oauthAudience === undefined ? ownAudience : [config.oauthAudience];
  const tokens = new AccessTokens({ issuer, audience, keys });
  const { client } = requestContext;
  return {
    authenticator: oauthUsers({ issuer, tokens, scopes, subjects, mode, client, challenge }),
    host: publicUrl.hostname,
    // Some clients request every scope that is listed. The scope of full comes by step-up.
    resourceMetadata: resourceMetadata({
      issuer,
      publicUrl,
      scopes: modesUpTo(mode)
        .filter((scopeMode) => scopeMode !== 'full')
        .map((scopeMode) => scopes[scopeMode]),
    }),
    stepUp: stepUp({ isShown, scopes, challenge }),
    subjects,
  };
}
