import { type Authenticator, bearerTokens, callerKeys, loopbackOnly } from '../../auth/authenticator.ts';
import { stricterMode } from '../../auth/oauth/scopes.ts';
import { TokenFile } from '../../auth/token-file.ts';
import type { HeyReachClient, HeyReachConnection } from '../../client/index.ts';
import { authModeOf } from '../../config/load-config.ts';
import type { Config } from '../../config/settings.ts';
import type { Mode } from '../../mcp/modes.ts';
import type { RequestContext } from '../../mcp/request-context.ts';
import type { Log } from '../../observability/log.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { KeyChecks } from '../../state/key-checks.ts';
import type { RunningServer, ServerFactory } from '../server-factory.ts';
import { startHttpTransport } from './http-transport.ts';
import type { OAuthParts } from './oauth.ts';

const MIB = 1024 * 1024;

/** The services that the HTTP transport uses. */
export interface HttpServices {
  requestContext: RequestContext;
  clientFor(key: string): HeyReachClient;
  connection: HeyReachConnection;
  /** What other processes found out about keys. */
  keyChecks: KeyChecks;
  /** undefined where metrics are off. */
  metrics: Metrics | undefined;
  serversOf(mode: Mode): ServerFactory;
  /** Whether the server has a tool in this mode. */
  isShown(tool: string, mode: Mode): boolean;
  /** Writes one line for the operator to stderr. */
  printLine(line: string): void;
}

/**
 * Starts the HTTP transport as configured, and prints how it can be reached.
 * @throws Error when the port cannot be opened or the token file cannot be read.
 */
export async function startHttp(config: Config, services: HttpServices): Promise<RunningServer> {
  const { requestContext, connection, metrics, serversOf, printLine } = services;
  const { log } = requestContext;
  const tokens = config.tokens === undefined ? undefined : await TokenFile.open(config.tokens);
  const oauth = config.auth === 'oauth' ? await loadOAuth(config, services) : undefined;
  const servers = new Map<Mode, ServerFactory>();
  const serversFor = (maxMode: Mode = config.mode) => {
    const mode = stricterMode(maxMode, config.mode);
    const factory = servers.get(mode) ?? serversOf(mode);
    servers.set(mode, factory);
    return factory;
  };
  // First, so that a metrics port in use ends the start before a caller is accepted.
  const metricsServer = metrics === undefined ? undefined : await serveMetrics(config.metricsPort!, metrics, services);
  const endpoint = await startHttpTransport({
    host: config.host,
    port: config.port,
    allowedHosts: [...config.allowedHosts, ...(oauth === undefined ? [] : [oauth.host])],
    allowedOrigins: config.allowedOrigins,
    authenticator: authenticatorFor(config, services, { tokens, oauth }),
    oauth,
    requestContext,
    serversFor,
    upstream: connection,
    keyChecks: services.keyChecks,
    hasAcceptedKey: (fingerprint) => connection.hasAccepted(fingerprint),
    maxBodyBytes: config.maxBody * MIB,
    drainMs: config.drainSeconds * 1_000,
    onEnd: (report) => metrics?.exchangeEnded(report),
  }).catch(async (error: unknown) => {
    await metricsServer?.close();
    throw error;
  });
  printLine(
    config.sandbox
      ? `SANDBOX: an embedded HeyReach with made-up data. Nothing leaves this machine. ${howToGoLive(config)}`
      : `LIVE: calls go to ${config.baseUrl} and reach real people.`,
  );
  printLine(describeCallers(config, tokens));
  printLine(`listening on ${endpoint.url}`);
  metrics?.observe({ http: endpoint.counts, heyreach: () => connection.snapshot() });
  const close = () => endpoint.close().then(() => metricsServer?.close());
  const reload = reloadOf({ tokens, oauth }, { log, endRevokedStreams: () => endpoint.endRevokedStreams() });
  return reload === undefined ? { close } : { close, reload };
}

/** What says who may call, with bearer tokens or with OAuth. */
interface CallerFiles {
  tokens: TokenFile | undefined;
  oauth: OAuthParts | undefined;
}

/** How to read the file of callers again. undefined where there is none. */
function reloadOf(
  { tokens, oauth }: CallerFiles,
  { log, endRevokedStreams }: { log: Log; endRevokedStreams(): void },
): RunningServer['reload'] {
  const subjects = oauth?.subjects;
  if (subjects !== undefined) {
    return async () => {
      const error = await subjects.reload();
      // A file with an error removes subjects as well.
      endRevokedStreams();
      const { size } = subjects;
      if (error === undefined) log.info({ subjects: size }, 'file of subjects reloaded');
      else log.error({ err: error, subjects: size }, 'file of subjects not reloaded: no subject was added');
    };
  }
  if (tokens === undefined) return undefined;
  return async () => {
    const { error, dropped } = await tokens.reload();
    // A file with an error revokes tokens as well.
    endRevokedStreams();
    const { size } = tokens;
    if (error === undefined) log.info({ tokens: size }, 'token file reloaded');
    else log.error({ err: error, tokens: size, dropped }, describeFailedReload(size, dropped));
  };
}

async function serveMetrics(port: number, metrics: Metrics, { requestContext, printLine }: HttpServices) {
  const { startMetrics } = await import('../../observability/metrics-server.ts');
  const server = await startMetrics({ port, metrics, log: requestContext.log });
  printLine(`metrics at ${server.url}`);
  return server;
}

/** jose is loaded only with `--auth oauth`. */
async function loadOAuth(config: Config, { requestContext, isShown }: HttpServices): Promise<OAuthParts> {
  const { openOAuth } = await import('./oauth.ts');
  return openOAuth(config, { requestContext, isShown });
}

function authenticatorFor(
  config: Config,
  { requestContext, clientFor }: HttpServices,
  { tokens, oauth }: CallerFiles,
): Authenticator {
  switch (authModeOf(config)) {
    case 'oauth':
      return oauth!.authenticator;
    case 'bearer_tokens':
      return bearerTokens(tokens!, requestContext.client);
    case 'caller_keys':
      return callerKeys(clientFor);
    case 'loopback_only': {
      const ownKeys = ownKeysOf(config);
      return loopbackOnly(requestContext.client, { clientFor, ownKeys, acceptsAnyText: config.sandbox });
    }
  }
}

/** The keys of the server next to which a caller's key is rejected. */
function ownKeysOf({ workspaces, organizationKey, sandbox }: Config): string | undefined {
  if (workspaces !== undefined) return 'the keys of its workspaces';
  return organizationKey === undefined || sandbox ? undefined : 'its own organization key';
}

function describeCallers(config: Config, tokens: TokenFile | undefined): string {
  switch (authModeOf(config)) {
    case 'bearer_tokens':
      return `Callers: ${tokens!.size} with a token.`;
    case 'oauth':
      return `Callers: each with an access token of ${config.oauthIssuer} for ${config.publicUrl}.`;
    case 'caller_keys':
      return 'Callers: each with a HeyReach key of its own.';
    case 'loopback_only':
      return 'Callers: every program that reaches this address uses the key of this server. Behind a proxy, set HEYREACH_MCP_TOKENS.';
  }
}

function describeFailedReload(size: number, dropped: number): string {
  if (size === 0) return 'token file not reloaded: no token is left and every request is rejected';
  const exception = dropped === 0 ? '' : ', except those that were removed from the file';
  return `token file not reloaded: the previous tokens stay active${exception}`;
}

function howToGoLive({ apiKey }: Config): string {
  return apiKey === undefined ? 'Set HEYREACH_API_KEY to work live.' : 'Start without --sandbox to work live.';
}
