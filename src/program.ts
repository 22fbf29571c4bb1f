import type { Readable, Writable } from 'node:stream';
import { HeyReachConnection } from './client/index.ts';
import type { Config } from './config.ts';
import { writeInstructions } from './instructions.ts';
import { createLog } from './log.ts';
import type { Sandbox } from './sandbox/index.ts';
import { type ServerParts, Toolbox } from './server.ts';
import { selectTools } from './tools/registry.ts';
import type { Caller } from './tools/run.ts';
import { startStdio } from './transports/stdio.ts';
import { version } from './version.ts';

/** The world around the program. */
export interface Surroundings {
  stdin: Readable;
  stdout: Writable;
  /** Writes one line for a person, to stderr. */
  say(line: string): void;
}

/**
 * Puts the parts together and serves. Opens nothing but the transport: the connection to HeyReach, or the sandbox, starts
 * with the first call.
 */
export async function startProgram(config: Config, around: Surroundings): Promise<{ close(): Promise<void> }> {
  const source = config.sandbox ? 'sandbox' : 'live';
  const log = createLog(config.logLevel);
  const sandbox = lazySandbox();
  const connection = new HeyReachConnection({
    origin: config.sandbox ? sandbox.url : config.baseUrl,
    requestsPerMinute: config.rateLimit,
    userAgent: `heyreach-mcp/${version}`,
  });
  const shown = selectTools({
    mode: config.mode,
    toolsets: config.toolsets,
    exclude: config.excludeTools,
    hasOrganizationKey: config.organizationKey !== undefined,
  });
  const parts: ServerParts = {
    version,
    source,
    instructions: writeInstructions(source, config.mode, shown),
    toolbox: new Toolbox(shown),
  };
  const clientFor = (key: string) => connection.clientFor(config.sandbox ? SANDBOX_KEY : key);
  const own = config.sandbox ? SANDBOX_KEY : config.apiKey;
  const caller: Caller = {
    client: own === undefined ? undefined : clientFor(own),
    organization:
      config.organizationKey === undefined
        ? undefined
        : connection.clientFor(config.sandbox ? SANDBOX_ORGANIZATION_KEY : config.organizationKey),
    source,
    log,
  };
  const closeUpstream = async () => {
    await connection.close();
    await sandbox.close();
  };

  if (config.transport === 'stdio') {
    // The process ends by itself once stdin has ended and no request is under way, unless a sandbox keeps it alive.
    const stdio = startStdio(parts, caller, around, () => void sandbox.close());
    return { close: () => stdio.close().then(closeUpstream) };
  }
  const { startHttp } = await import('./transports/http.ts');
  const endpoint = await startHttp(parts, caller, {
    host: config.host,
    port: config.port,
    allowedHosts: config.allowedHosts,
    refuseCallerKeys: config.organizationKey !== undefined && !config.sandbox,
    clientFor,
  });
  around.say(
    config.sandbox
      ? `SANDBOX: an embedded HeyReach with made-up data; nothing leaves this machine. ${howToGoLive(config)}`
      : `LIVE: calls go to ${config.baseUrl} and reach real people.`,
  );
  around.say(`listening on ${endpoint.url}`);
  return { close: () => endpoint.close().then(closeUpstream) };
}

function howToGoLive({ apiKey }: Config): string {
  return apiKey === undefined ? 'Set HEYREACH_API_KEY to work live.' : 'Start without --sandbox to work live.';
}

const SANDBOX_KEY = 'sandbox';
const SANDBOX_ORGANIZATION_KEY = 'org-sandbox';

/** The embedded HeyReach, started by the first request. */
function lazySandbox() {
  let started: Promise<Sandbox> | undefined;
  return {
    async url(): Promise<string> {
      started ??= import('./sandbox/index.ts').then(({ startSandbox }) => startSandbox());
      return (await started).url;
    },
    async close(): Promise<void> {
      await (await started)?.close();
    },
  };
}
