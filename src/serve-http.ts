import type { HeyReachClient, HeyReachConnection } from './client/index.ts';
import { type Access, byTokens, openTo, ownKeys } from './front-door/access.ts';
import { TokenFile } from './front-door/token-file.ts';
import { wayOf } from './front-door/way.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Program } from './running.ts';
import { createServer, type ServerParts } from './server.ts';
import type { Config } from './settings.ts';
import type { Caller } from './tools/context.ts';
import { MODES, type Mode } from './tools/modes.ts';
import { startHttp } from './transports/http.ts';

const MIB = 1024 * 1024;

/** What HTTP is served with. */
export interface HttpHouse {
  caller: Caller;
  clientFor(key: string): HeyReachClient;
  connection: HeyReachConnection;
  /** Counts what goes on, where that is asked for. */
  metrics: Metrics | undefined;
  partsOf(mode: Mode): ServerParts;
  /** Writes one line for a person, to stderr. */
  say(line: string): void;
}

/**
 * Serves over HTTP as it is configured, and says so.
 * @throws Error when the address cannot be listened on, or the tokens cannot be read.
 */
export async function serveOverHttp(config: Config, house: HttpHouse): Promise<Program> {
  const { caller, connection, metrics, partsOf, say } = house;
  const { log } = caller;
  const tokens = config.tokens === undefined ? undefined : await TokenFile.open(config.tokens);
  const parts = new Map<Mode, ServerParts>();
  const partsFor = (most: Mode = config.mode) => {
    const mode = stricter(most, config.mode);
    const made = parts.get(mode) ?? partsOf(mode);
    parts.set(mode, made);
    return made;
  };
  // Before callers are let in: a port that is taken ends the start.
  const counted = metrics === undefined ? undefined : await serveMetrics(config.metricsPort!, metrics, house);
  const endpoint = await startHttp({
    host: config.host,
    port: config.port,
    allowedHosts: config.allowedHosts,
    allowedOrigins: config.allowedOrigins,
    access: accessOf(config, house, tokens),
    caller,
    partsFor,
    createServer,
    upstream: connection,
    maxBodyBytes: config.maxBody * MIB,
    drainMs: config.drainSeconds * 1_000,
    onEnd: (report) => metrics?.exchangeEnded(report),
  }).catch(async (error: unknown) => {
    await counted?.close();
    throw error;
  });
  say(
    config.sandbox
      ? `SANDBOX: an embedded HeyReach with made-up data; nothing leaves this machine. ${howToGoLive(config)}`
      : `LIVE: calls go to ${config.baseUrl} and reach real people.`,
  );
  say(whoMayCall(config, tokens));
  say(`listening on ${endpoint.url}`);
  metrics?.observe({ http: endpoint.counts, heyreach: () => connection.snapshot() });
  const close = () => endpoint.close().then(() => counted?.close());
  if (tokens === undefined) return { close };
  return {
    close,
    async reload() {
      const { fault, dropped } = await tokens.reload();
      // With a fault too: somebody may be out.
      endpoint.endStale();
      const { size } = tokens;
      if (fault === undefined) log.info({ tokens: size }, 'tokens were read again');
      else log.error({ err: fault, tokens: size, dropped }, whoStays(size, dropped));
    },
  };
}

async function serveMetrics(port: number, metrics: Metrics, { caller, say }: HttpHouse) {
  const { startMetrics } = await import('./metrics/serve.ts');
  const endpoint = await startMetrics({ port, metrics, log: caller.log });
  say(`metrics at ${endpoint.url}`);
  return endpoint;
}

function accessOf(config: Config, { caller, clientFor }: HttpHouse, tokens: TokenFile | undefined): Access {
  switch (wayOf(config)) {
    case 'tokens':
      return byTokens(tokens!, caller.client);
    case 'own_keys':
      return ownKeys(clientFor);
    case 'open':
      // Beside an organization's own key a caller's would mix two parties.
      return openTo(caller.client, { clientFor, lends: config.organizationKey === undefined || config.sandbox });
  }
}

/** Of two modes the one that shows less. */
function stricter(one: Mode, other: Mode): Mode {
  return MODES.indexOf(one) < MODES.indexOf(other) ? one : other;
}

function whoMayCall(config: Config, tokens: TokenFile | undefined): string {
  switch (wayOf(config)) {
    case 'tokens':
      return `Callers: ${tokens!.size} with a token.`;
    case 'own_keys':
      return 'Callers: each with a HeyReach key of its own.';
    case 'open':
      return 'Callers: whoever reaches this address works with the key of this server. Behind a proxy, set HEYREACH_MCP_TOKENS.';
  }
}

/** What is left where the tokens could not be read again as they are. */
function whoStays(left: number, dropped: number): string {
  if (left === 0) return 'no token is left: nobody is let in';
  const but = dropped === 0 ? '' : ', but for those whose SHA-256 is gone from the file';
  return `tokens were not read again: those of before stay${but}`;
}

function howToGoLive({ apiKey }: Config): string {
  return apiKey === undefined ? 'Set HEYREACH_API_KEY to work live.' : 'Start without --sandbox to work live.';
}
