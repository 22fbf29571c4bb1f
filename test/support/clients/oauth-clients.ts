import {
  Client as V2Client,
  StreamableHTTPClientTransport as V2Http,
  UnauthorizedError as V2Unauthorized,
} from '@modelcontextprotocol/client';
import { UnauthorizedError as V1Unauthorized } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Http } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { browse, CALLBACK } from '../programs/identity-provider.ts';
import type { ToolResult } from './clients.ts';

const INFO = { name: 'heyreach-mcp-tests', version: '1.0.0' };

export const OAUTH_CLIENTS = ['v1', 'v2-legacy', 'v2-modern'] as const;
export type OAuthClientKind = (typeof OAUTH_CLIENTS)[number];

/** The data that a host keeps about a server: its registration, the tokens, and the sign-in URL. */
class HostStorage {
  readonly redirectUrl = CALLBACK;
  /** The document that describes the client, for an issuer that needs no registration. */
  readonly clientMetadataUrl: string | undefined;
  readonly clientMetadata = {
    client_name: 'heyreach-mcp tests',
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  #registration: unknown;
  #verifier = '';
  /** Every set of tokens from the issuer, the newest last. */
  readonly issued: { access_token: string; scope?: string }[] = [];
  /** The URLs that were opened for the person. */
  readonly authorizations: URL[] = [];

  constructor(clientMetadataUrl: string | undefined) {
    this.clientMetadataUrl = clientMetadataUrl;
  }

  clientInformation = () => this.#registration as never;
  saveClientInformation = (registration: unknown) => {
    this.#registration = registration;
  };
  tokens = () => this.issued.at(-1) as never;
  saveTokens = (tokens: unknown) => void this.issued.push(tokens as never);
  redirectToAuthorization = (url: URL) => void this.authorizations.push(url);
  saveCodeVerifier = (verifier: string) => {
    this.#verifier = verifier;
  };
  codeVerifier = () => this.#verifier;
}

/** A client of an SDK that signs in whenever the server requires it. */
export interface SigningClient {
  listTools(): Promise<string[]>;
  callTool(name: string, args?: object): Promise<ToolResult>;
  /** The received tokens, the newest last. */
  tokens: HostStorage['issued'];
  /** The requested scopes of each sign-in. */
  requested(): (string | null)[];
  close(): Promise<void>;
}

/**
 * Connects to a server that requires a sign-in: discovery, registration and PKCE, as its SDK does it.
 * @param clientDocument the URL of the document of the client, which then does not register.
 */
export async function signIn(kind: OAuthClientKind, url: string, clientDocument?: string): Promise<SigningClient> {
  const storage = new HostStorage(clientDocument);
  const open = () => {
    const options = { authProvider: storage as never };
    if (kind === 'v1') return { client: new V1Client(INFO), transport: new V1Http(new URL(url), options) };
    const mode = kind === 'v2-modern' ? { pin: '2026-07-28' } : 'legacy';
    const client = new V2Client(INFO, { versionNegotiation: { mode } } as never);
    return { client, transport: new V2Http(new URL(url), options) };
  };
  /** Signs in as the person in the browser. */
  const authorize = async (transport: V1Http | V2Http) => {
    const { searchParams } = await browse(storage.authorizations.at(-1)!, CALLBACK);
    if (transport instanceof V2Http) await transport.finishAuth(searchParams);
    else await transport.finishAuth(searchParams.get('code')!);
  };
  const first = open();
  await (first.client as V1Client).connect(first.transport as V1Http).then(
    () => {
      throw new Error('the server demanded no sign-in');
    },
    (error: unknown) => rethrowUnlessUnauthorized(error),
  );
  await authorize(first.transport);
  const { client, transport } = open();
  await (client as V1Client).connect(transport as V1Http);
  const signingInAgain = async <Result>(request: () => Promise<Result>): Promise<Result> => {
    try {
      return await request();
    } catch (error) {
      rethrowUnlessUnauthorized(error);
      await authorize(transport);
      return request();
    }
  };
  return {
    listTools: () => signingInAgain(async () => (await (client as V1Client).listTools()).tools.map(({ name }) => name)),
    callTool: (name, args = {}) =>
      signingInAgain(
        async () => (await (client as V1Client).callTool({ name, arguments: args as never })) as unknown as ToolResult,
      ),
    tokens: storage.issued,
    requested: () => storage.authorizations.map(({ searchParams }) => searchParams.get('scope')),
    close: () => client.close(),
  };
}

function rethrowUnlessUnauthorized(error: unknown): void {
  if (!(error instanceof V1Unauthorized) && !(error instanceof V2Unauthorized)) throw error;
}
