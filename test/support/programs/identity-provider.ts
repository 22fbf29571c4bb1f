import type { webcrypto } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';
import Provider, { type InteractionResults } from 'oidc-provider';

/** The scopes of a server with the default settings. */
export const SCOPES = ['heyreach:read', 'heyreach:draft', 'heyreach:full'] as const;

export interface SigningKey {
  kid: string;
  alg: string;
  privateKey: webcrypto.CryptoKey;
  publicJwk: JWK;
}

export async function makeKey(kid: string, alg = 'RS256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

/** A person who signs in, and the scopes that the person consents to. */
export interface Person {
  subject: string;
  groups?: string[];
  consents?: readonly string[];
}

/** Answers a request in place of the provider. @returns false to leave it to the provider. */
type Hook = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface IdentityProvider {
  issuer: string;
  key: SigningKey;
  /** The person of the next sign-in. */
  person: Person;
  /** The lifetime of access tokens in seconds. */
  lifetime: number;
  hook: Hook;
  /** The number of requests to a path, such as `/jwks` for the signing keys. */
  requests(path: string): number;
  /** Signs a token as this provider does for a server, with the changes of a test. */
  sign(claims?: Record<string, unknown>, header?: Record<string, unknown>, key?: SigningKey): Promise<string>;
  close(): Promise<void>;
}

/** The URL of a server whose tests sign tokens themselves. */
export const PUBLIC_URL = 'https://mcp.example.com/mcp';

/** The callback URL of hosts in these tests. */
export const CALLBACK = 'http://localhost:8976/callback';
/** The id of an OAuth client that describes itself in a document at this URL. It needs no registration. */
export const CLIENT_DOCUMENT_URL = 'https://client.example.com/oauth/client.json';
const CLIENT_DOCUMENT = {
  client_id: CLIENT_DOCUMENT_URL,
  client_name: 'heyreach-mcp tests',
  redirect_uris: [CALLBACK],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
};

/**
 * A real oidc-provider on loopback: dynamic registration, client metadata documents, PKCE, resource indicators, and
 * access tokens as JWT. Every person consents at once.
 */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const key = await makeKey('first');
  const requested: string[] = [];
  let respond: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => {
    requested.push(request.url ?? '');
    if (!self.hook(request, response)) respond(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: IdentityProvider = {
    issuer,
    key,
    person: { subject: 'ada' },
    lifetime: 3_600,
    hook: () => false,
    requests: (path) => requested.filter((url) => url.startsWith(path)).length,
    sign: (claims = {}, header = {}, signer = key) => {
      const now = Math.floor(Date.now() / 1_000);
      const usual = { iss: issuer, aud: PUBLIC_URL, sub: 'ada', iat: now, exp: now + 600, client_id: 'a-client' };
      const payload = { ...usual, scope: SCOPES.join(' '), ...claims };
      // A claim that is undefined is omitted.
      return new SignJWT(JSON.parse(JSON.stringify(payload)))
        .setProtectedHeader({ alg: signer.alg, kid: signer.kid, typ: 'at+jwt', ...header } as JWTHeaderParameters)
        .sign(signer.privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const provider = createProvider(self, {
    ...(await exportJWK(key.privateKey)),
    kid: key.kid,
    alg: key.alg,
    use: 'sig',
  });
  const callback = provider.callback();
  respond = (request, response) => {
    if (request.url?.startsWith('/interaction/')) void finishInteraction(provider, self, request, response);
    else void callback(request, response);
  };
  return self;
}

function createProvider(self: IdentityProvider, privateJwk: JWK): Provider {
  const provider = new Provider(self.issuer, {
    jwks: { keys: [privateJwk as never] },
    cookies: { keys: ['only-for-tests'] },
    scopes: ['openid', 'offline_access', ...SCOPES],
    clientDefaults: { token_endpoint_auth_method: 'none' },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: () => (self.person.groups === undefined ? {} : { groups: self.person.groups }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    // Only this document is known, and nothing is read from another host.
    fetch: async (url) => {
      if (String(url) !== CLIENT_DOCUMENT_URL) throw new Error(`${url} is not on loopback`);
      return Response.json(CLIENT_DOCUMENT);
    },
    ttl: { Session: 3_600, Grant: 3_600, Interaction: 600 },
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: true },
      clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, audience) => ({
          scope: SCOPES.join(' '),
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: self.lifetime,
          jwt: { sign: { alg: self.key.alg as 'RS256' } },
        }),
      },
    },
  });
  // The SDKs register with the scope of their first sign-in. Unlike oidc-provider, most issuers do not treat it as a
  // limit.
  provider.use(async (context, next) => {
    await next();
    if (context.path !== '/reg' || context.status !== 201) return;
    const { client_id: id } = context.body as { client_id: string };
    const { adapter } = provider.Client as unknown as { adapter: { find: Find; upsert: Upsert } };
    const { scope: _, ...registration } = await adapter.find(id);
    await adapter.upsert(id, registration);
  });
  return provider;
}

type Find = (id: string) => Promise<Record<string, unknown>>;
type Upsert = (id: string, payload: object) => Promise<void>;

async function finishInteraction(
  provider: Provider,
  { person }: IdentityProvider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  let result: InteractionResults = { login: { accountId: person.subject } };
  if (prompt.name === 'consent') {
    const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details as {
      missingOIDCScope?: string[];
      missingResourceScopes?: Record<string, string[]>;
    };
    const grant = new provider.Grant({ accountId: session!.accountId, clientId: String(params.client_id) });
    grant.addOIDCScope(missingOIDCScope.join(' '));
    for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
      for (const scope of scopes) {
        if (person.consents?.includes(scope) ?? true) grant.addResourceScope(resource, scope);
        else grant.rejectResourceScope(resource, scope);
      }
    }
    result = { consent: { grantId: await grant.save() } };
  }
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

/** Opens an authorization URL as a browser does. @returns the URL of the last redirect. */
export async function browse(start: URL, callback: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let step = 0; step < 20; step += 1) {
    if (url.href.startsWith(callback)) return url;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url}: ${response.status} ${(await response.text()).slice(0, 500)}`);
    url = new URL(location, url);
  }
  throw new Error('the browser is sent around in a circle');
}
