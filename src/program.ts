import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import { Changes } from './changes.ts';
import { type CircuitReport, createMemoryStore, HeyReachConnection, type SharedStore } from './client/index.ts';
import { Completions } from './completions/completions.ts';
import { writeInstructions } from './instructions.ts';
import { createLog, type Log } from './log.ts';
import { Shelf } from './prompts/shelf.ts';
import { readingOf } from './resources/read.ts';
import { Hub } from './resources/subscriptions/hub.ts';
import type { Program } from './running.ts';
import { type AuditOutcome, AuditTrail, type LostCall, type ProcessIdentity } from './safety/audit.ts';
import { Confirmations, spentIn } from './safety/confirmations.ts';
import { type Safety, sendsIn } from './safety/safety.ts';
import { spentInFiles } from './safety/spent-files.ts';
import type { Sandbox } from './sandbox/index.ts';
import { type ServerParts, Toolbox } from './server.ts';
import type { Config } from './settings.ts';
import type { Caller } from './tools/context.ts';
import type { Mode } from './tools/modes.ts';
import { selectTools, tools } from './tools/registry.ts';
import { createSeals } from './transports/asking.ts';
import { startStdio } from './transports/stdio.ts';
import { version } from './version.ts';

/** The world around the program. */
export interface Surroundings {
  stdin: Readable;
  stdout: Writable;
  /** Writes one line for a person, to stderr. */
  say(line: string): void;
  process: ProcessIdentity;
}

/** A tool answers a little before its time is up, so that the answer is there in time. */
const MARGIN_MS = 1_000;

/**
 * Puts the parts together and serves. Opens nothing but the transport: the connection to HeyReach, or the sandbox, starts
 * with the first call.
 */
export async function startProgram(config: Config, around: Surroundings): Promise<Program> {
  const source = config.sandbox ? 'sandbox' : 'live';
  const log = createLog(config.logLevel);
  const sandbox = lazySandbox();
  const store = createMemoryStore();
  const metrics = config.metricsPort === undefined ? undefined : await import('./metrics/metrics.ts').then(openMetrics);
  const connection = new HeyReachConnection({
    store,
    origin: config.sandbox ? sandbox.url : config.baseUrl,
    requestsPerMinute: config.rateLimit,
    userAgent: `heyreach-mcp/${version}`,
    onCircuit: (report) => reportCircuit(report, log),
    watch: metrics,
  });
  const changes = new Changes();
  const completions = new Completions(changes);
  const hub = new Hub(changes);
  const partsOf = (mode: Mode): ServerParts => {
    const shown = selectTools({
      mode,
      toolsets: config.toolsets,
      exclude: config.excludeTools,
      hasOrganizationKey: config.organizationKey !== undefined,
    });
    const toolbox = new Toolbox(shown);
    const hasTool = (name: string) => toolbox.get(name) !== undefined;
    return {
      version,
      source,
      instructions: writeInstructions({ source, mode, confirm: config.confirm }, shown),
      toolbox,
      reading: readingOf(hasTool),
      shelf: new Shelf(hasTool),
      completions,
      hub,
    };
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
    safety: createSafety(config, store, log, around.process),
    changes,
    watch: metrics,
    toolMs: config.toolTimeout * 1_000 - MARGIN_MS,
  };
  const closeUpstream = async () => {
    completions.close();
    await connection.close();
    await sandbox.close();
  };

  if (config.transport === 'stdio') {
    // The process ends by itself once stdin has ended and no request is under way, unless a sandbox keeps it alive.
    const stdio = startStdio(partsOf(config.mode), caller, around, () => {
      completions.close();
      void sandbox.close();
    });
    return { close: () => stdio.close().then(closeUpstream) };
  }
  const { serveOverHttp } = await import('./serve-http.ts');
  const endpoint = await serveOverHttp(config, { caller, clientFor, connection, metrics, partsOf, say: around.say });
  return { ...endpoint, close: () => endpoint.close().then(closeUpstream) };
}

function openMetrics({ Metrics }: typeof import('./metrics/metrics.ts')) {
  return new Metrics({ tools: tools.map(({ name }) => name) });
}

function createSafety(config: Config, store: SharedStore, log: Log, process: ProcessIdentity): Safety {
  const { stateSecret } = config;
  const sendsOf = sendsIn(store, { perKey: config.maxSendsPerHour, perSender: config.maxSendsPerSenderPerHour });
  return {
    confirm: config.confirm,
    askMs: config.confirmTimeout * 1_000,
    confirmations: new Confirmations(
      createSeals(stateSecret ?? randomBytes(32)),
      stateSecret === undefined
        ? spentIn(store)
        : spentInFiles(stateSecret, config.auditLog === undefined ? tmpdir() : dirname(config.auditLog)),
    ),
    sendsOf,
    audit:
      config.auditLog === undefined
        ? undefined
        : new AuditTrail({
            path: config.auditLog,
            identity: process,
            onLost: (lost) => reportLost(lost, sendsOf, log),
            onPast: (past) => recallSend(past, past.outcome, sendsOf),
          }),
  };
}

function reportCircuit({ state, key, failure, coolingMs }: CircuitReport, log: Log): void {
  const whose = key === undefined ? {} : { keyFingerprint: key };
  if (state === 'closed') log.info(whose, 'HeyReach answers again: calls go on');
  else log.warn({ ...whose, failure, coolingMs }, 'HeyReach seems to be down: calls are held back for a while');
}

/** A call whose process ended in the middle: nobody knows whether it was made. */
async function reportLost(lost: LostCall, sendsOf: Safety['sendsOf'], log: Log): Promise<void> {
  const { tool, key, time } = lost;
  // `key` is a name that the log hides.
  log.warn({ tool, keyFingerprint: key, began: time }, 'a call was left without an outcome by a process that is gone');
  await recallSend(lost, 'unknown', sendsOf);
}

/** A message of an earlier process holds the same text back as one of this process does. */
async function recallSend(
  { tool, key, time, arguments: given }: LostCall,
  outcome: AuditOutcome,
  sendsOf: Safety['sendsOf'],
): Promise<void> {
  const sent = sentMessage.safeParse(given);
  if (tool !== 'send_message' || !sent.success || (outcome !== 'unknown' && outcome !== 'done')) return;
  await sendsOf(key).remember(sent.data, outcome === 'done' ? 'accepted' : 'unknown', time);
}

const sentMessage = z.object({ message: z.string(), conversationId: z.string(), linkedInAccountId: z.number() });

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
