import { Changes } from '../../src/changes.ts';
import { HeyReachConnection } from '../../src/client/index.ts';
import { Completions } from '../../src/completions/completions.ts';
import { ownKeys } from '../../src/front-door/access.ts';
import type { Log } from '../../src/log.ts';
import { Shelf } from '../../src/prompts/shelf.ts';
import { readingOf } from '../../src/resources/read.ts';
import { Hub } from '../../src/resources/subscriptions/hub.ts';
import { createServer, Toolbox } from '../../src/server.ts';
import { tools } from '../../src/tools/registry.ts';
import type { ExchangeReport } from '../../src/transports/exchange.ts';
import { type HttpEndpoint, type HttpOptions, startHttp } from '../../src/transports/http.ts';
import { openSafety } from './safety.ts';

/** A toolbox whose calls end when they are let go, and not before, whoever has given them up. */
class HeldToolbox extends Toolbox {
  readonly held: (() => void)[] = [];

  override async call(): Promise<{ content: [] }> {
    await new Promise<void>((resolve) => this.held.push(resolve));
    return { content: [] };
  }
}

export interface InHouse extends HttpEndpoint {
  reports: ExchangeReport[];
  lines: Record<string, unknown>[];
  /** Calls that have begun. */
  begun(): number;
  letGo(): void;
}

/** What is served, with nothing behind it. */
export function partsOfHouse() {
  const toolbox = new HeldToolbox(tools);
  const changes = new Changes();
  const parts = {
    version: '0.0.0',
    source: 'sandbox' as const,
    instructions: '',
    toolbox,
    reading: readingOf(() => true),
    shelf: new Shelf(() => true),
    completions: new Completions(changes),
    hub: new Hub(changes),
  };
  return { parts, toolbox, changes };
}

/** The HTTP transport in this process, with calls that take as long as a test wants. Each caller brings a key. */
export async function startInHouse(further: Partial<HttpOptions> & { toolMs?: number } = {}): Promise<InHouse> {
  const { toolMs = 30_000, ...options } = further;
  const { parts, toolbox, changes } = partsOfHouse();
  // Nothing is sent.
  const connection = new HeyReachConnection({ origin: 'http://127.0.0.1:9' });
  const lines: Record<string, unknown>[] = [];
  const write = (fields: object, message: string) => lines.push({ ...fields, message });
  const log: Log = { debug: () => {}, info: write, warn: write, error: write };
  const reports: ExchangeReport[] = [];
  const endpoint = await startHttp({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    allowedOrigins: [],
    access: ownKeys((key) => connection.clientFor(key)),
    caller: {
      client: undefined,
      organization: undefined,
      source: 'sandbox',
      log,
      safety: openSafety('off'),
      changes,
      toolMs,
    },
    partsFor: () => parts,
    createServer,
    upstream: { answeredWithin: () => true, probe: async () => true },
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
    letGo: () => {
      for (const go of toolbox.held.splice(0)) go();
    },
  };
}
