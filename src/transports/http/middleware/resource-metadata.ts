import {
  buildOAuthProtectedResourceMetadata,
  getOAuthProtectedResourceMetadataUrl,
} from '@modelcontextprotocol/server';
import { httpError, respondJson } from '../../../lib/http-error.ts';
import type { Middleware } from '../pipeline.ts';

const ROOT = '/.well-known/oauth-protected-resource';

export interface ResourceMetadataOptions {
  issuer: string;
  /** The URL of the endpoint as clients know it. */
  publicUrl: URL;
  /** The scopes that a client requests where it requests all. */
  scopes: string[];
}

/**
 * Serves the metadata of RFC 9728, which names the issuer of access tokens. Every web page may read it. Only this mode has
 * it: clients that find it ignore the headers that a person configured.
 */
export function resourceMetadata({ issuer, publicUrl, scopes }: ResourceMetadataOptions): Middleware {
  const document = buildOAuthProtectedResourceMetadata({
    // Of the metadata of the issuer this document holds the name alone.
    oauthMetadata: {
      issuer,
      authorization_endpoint: issuer,
      token_endpoint: issuer,
      response_types_supported: ['code'],
    },
    resourceServerUrl: publicUrl,
    scopesSupported: scopes,
    resourceName: 'HeyReach',
    dangerouslyAllowInsecureIssuerUrl: true,
  });
  const paths = [ROOT, new URL(getOAuthProtectedResourceMetadataUrl(publicUrl)).pathname];
  return ({ path, request: { method }, response }) => {
    if (!paths.includes(path)) return undefined;
    response.setHeader('access-control-allow-origin', '*');
    if (method === 'OPTIONS') {
      // The SDK of clients sends its protocol version.
      response.setHeader('access-control-allow-methods', 'GET, HEAD');
      response.setHeader('access-control-allow-headers', 'mcp-protocol-version');
      response.writeHead(204).end();
      return 'ended';
    }
    if (method !== 'GET' && method !== 'HEAD') return ONLY_GET;
    respondJson(response, 200, { ...document, bearer_methods_supported: ['header'] });
    return 'ended';
  };
}

const ONLY_GET = httpError(405, 'method', 'The metadata can only be read. Send GET.', {
  headers: { allow: 'GET, HEAD, OPTIONS' },
});
