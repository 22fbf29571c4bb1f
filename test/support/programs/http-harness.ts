import { AppRegistry } from '../../../src/apps/app-registry.ts';
import { callerKeys } from '../../../src/auth/authenticator.ts';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { Completer } from '../../../src/completion/completer.ts';
import { ChangeEvents } from '../../../src/mcp/services/change-events.ts';
import { Toolbox } from '../../../src/mcp/toolbox.ts';
import type { ExchangeReport } from '../../../src/observability/events.ts';
import type { Log } from '../../../src/observability/log.ts';
import { PromptRegistry } from '../../../src/prompts/prompt-registry.ts';
import { resourcesFor } from '../../../src/resources/protocol/read-resource.ts';
import { SubscriptionHub } from '../../../src/resources/subscriptions/subscription-hub.ts';
import { createServerFactory } from '../../../src/server.ts';
import { SkillRegistry } from '../../../src/skills/skill-registry.ts';
import { keyChecksInMemory } from '../../../src/state/memory/single-process-state.ts';
import { tools } from '../../../src/tools/registry.ts';
import {
  type HttpEndpoint,
  type HttpTransportOptions,
  startHttpTransport,
} from '../../../src/transports/http/http-transport.ts';
import { files } from '../tools/caller-files.ts';
import { hiddenJobs } from '../tools/jobs.ts';
import { openSafety } from '../tools/safety.ts';

/** A toolbox whose calls end only when the test releases them, even if their caller has left. */
class HeldToolbox extends Toolbox {
  readonly held: (() => void)[] = [];

  override async call(): Promise<{ content: [] }> {
    await new Promise<void>((resolve) => this.held.push(resolve));
    return { content: [] };
  }
}

export interface HttpHarness extends HttpEndpoint {
  reports: ExchangeReport[];
  lines: Record<string, unknown>[];
  /** The number of calls that have begun. */
  begun(): number;
  release(): void;
}

/** The parts of a server without HeyReach. */
export function createServerParts() {
  const toolbox = new HeldToolbox(tools);
  const changes = new ChangeEvents();
  const parts = {
    version: '0.0.0',
    source: 'sandbox' as const,
    instructions: '',
    toolbox,
    resources: resourcesFor(() => true),
    prompts: new PromptRegistry(() => true),
    skills: new SkillRegistry(() => true),
    apps: new AppRegistry(() => true),
    completer: new Completer(changes),
    hub: new SubscriptionHub(changes),
  };
  return { parts, toolbox, changes };
}

/** The HTTP transport in this process. A test decides how long its calls take. Each caller brings a key. */
export async function startHttpHarness(
  further: Partial<HttpTransportOptions> & { toolMs?: number } = {},
): Promise<HttpHarness> {
  const { toolMs = 30_000, ...options } = further;
  const { parts, toolbox, changes } = createServerParts();
  // Nothing is sent.
  const connection = new HeyReachConnection({ origin: 'http://127.0.0.1:9' });
  const lines: Record<string, unknown>[] = [];
  const write = (fields: object, message: string) => lines.push({ ...fields, message });
  const log: Log = { debug: () => {}, info: write, warn: write, error: write };
  const reports: ExchangeReport[] = [];
  const endpoint = await startHttpTransport({
    keyChecks: keyChecksInMemory(),
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    allowedOrigins: [],
    authenticator: callerKeys((key) => connection.clientFor(key)),
    requestContext: {
      client: undefined,
      organization: undefined,
      source: 'sandbox',
      log,
      safety: openSafety('off'),
      jobs: hiddenJobs,
      files,
      changes,
      toolMs,
    },
    serversFor: () => createServerFactory(parts),
    hasAcceptedKey: () => true,
    upstream: { respondedWithin: () => true, checkHealth: async () => true },
    maxBodyBytes: 1024 * 1024,
    drainMs: 0,
    onEnd: (report) => reports.push(report),
    ...options,
  });
  return {
    ...endpoint,
    reports,
    lines,
    begun: () => toolbox.held.length,
    release: () => {
      for (const go of toolbox.held.splice(0)) go();
    },
  };
}
