import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { lazy } from '../lib/lazy.ts';
import { AuditFile } from './audit-file.ts';

/** How a call was confirmed. */
export type Confirmed =
  /** With a form of the protocol. */
  | 'asked'
  /** With a confirmToken. */
  | 'token'
  /** This tool, or this call of it, requires no confirmation. */
  | 'not_needed'
  /** `--confirm off`. */
  | 'off';

/** A call before it is made. */
export interface AuditIntent {
  tool: string;
  kind: string;
  /** Fingerprint of the key. */
  key: string;
  /** The name of the workspace, where there are several. */
  workspace?: string | undefined;
  /** The name of the caller's bearer token, where the key is the server's. */
  token?: string | undefined;
  /** The issuer and subject of the caller's access token, where the key is the server's. */
  user?: string | undefined;
  /** The OAuth client that acts for the user. */
  client?: string | undefined;
  /** The request id in the log. */
  request?: string | undefined;
  /** The trace of the caller, by W3C Trace Context. */
  trace_id?: string | undefined;
  span_id?: string | undefined;
  tracestate?: string | undefined;
  arguments: Record<string, unknown>;
  confirmed: Confirmed;
}

/** How an audited call ended. */
export type AuditOutcome = 'done' | 'not_sent' | 'refused' | 'unknown';

/** What the line after a call says. */
export interface AuditEnding {
  outcome: AuditOutcome;
  /** `PATH STATUS` of each request, or the reason for a missing response. */
  http: string[];
  error?: string | undefined;
}

/** The process that writes. */
export interface ProcessIdentity {
  pid: number;
  /** Names the machine or container, since pids of others are unrelated. */
  replica?: string | undefined;
  /** Whether a process with this pid is running. */
  isRunning(pid: number): boolean;
}

/** Longer than any call and its last request. */
const MAX_CALL_MS = 5 * 60_000;

const stamp = lazy(() => ({
  time: z.iso.datetime(),
  id: z.string(),
  pid: z.int().positive(),
  boot: z.string(),
  replica: z.string().optional(),
  tool: z.string(),
  kind: z.string(),
  key: z.string(),
  workspace: z.string().optional(),
  token: z.string().optional(),
  user: z.string().optional(),
  client: z.string().optional(),
  request: z.string().optional(),
  trace_id: z.string().optional(),
  span_id: z.string().optional(),
  tracestate: z.string().optional(),
}));
/** A line of the audit log. */
const auditRecord = lazy(() =>
  z.discriminatedUnion('phase', [
    z.object({
      ...stamp(),
      phase: z.literal('intent'),
      arguments: z.record(z.string(), z.unknown()),
      confirmed: z.enum(['asked', 'token', 'not_needed', 'off']),
    }),
    z.object({
      ...stamp(),
      phase: z.literal('outcome'),
      outcome: z.enum(['done', 'not_sent', 'refused', 'unknown']),
      http: z.array(z.string()),
      error: z.string().optional(),
    }),
    z.object({ ...stamp(), phase: z.literal('lost') }),
  ]),
);
type AuditRecord = z.infer<ReturnType<typeof auditRecord>>;
type IntentRecord = Extract<AuditRecord, { phase: 'intent' }>;

/** An intent whose process ended before it recorded the outcome. */
export type LostCall = AuditIntent & { time: string };

/** A call with its outcome. */
export interface AuditedCall extends AuditIntent {
  time: string;
  outcome: AuditOutcome | 'in_flight' | 'lost';
  http?: string[];
  error?: string;
  endedAt?: string;
}

/** Where the log is, who writes it, and who learns of the calls in it. */
export interface AuditLogOptions {
  path: string;
  identity: ProcessIdentity;
  /** Called once for every call that an ended process left without an outcome. */
  onLost(lost: LostCall): void | Promise<void>;
  /** Called once for every call that ended before the log was opened. */
  onPast(past: LostCall & { outcome: AuditOutcome }): void | Promise<void>;
}

/** The audit log: one line before and one after every write. The first is on disk before the request is sent. */
export class AuditLog {
  readonly #file: AuditFile;
  readonly #options: AuditLogOptions;
  /** Identifies this start of the program. Pids repeat, in containers at once. */
  readonly #boot = randomUUID();
  /** Found when the log is opened, and marked in the file by the first write. */
  #lost: IntentRecord[] = [];

  constructor(options: AuditLogOptions) {
    this.#options = options;
    this.#file = new AuditFile(options.path);
  }

  /** Finds, once, the calls without an outcome. @throws if the file exists and cannot be read. */
  readonly open = once(() => this.#findLost());
  readonly #mark = once(() => this.#markLost());

  /**
   * Writes the intent of a call.
   * @returns how to write its outcome, once.
   * @throws if it cannot be written. The call must not be made then.
   */
  async begin(intent: AuditIntent): Promise<(ending: AuditEnding) => Promise<void>> {
    await this.#mark();
    const id = randomUUID();
    await this.#file.append([{ ...this.#stamp('intent', id), ...intent }]);
    const { tool, kind, key } = intent;
    return (ending) => this.#file.append([{ ...this.#stamp('outcome', id), tool, kind, key, ...ending }]);
  }

  /** The newest calls of the given keys, newest first. @param keys their fingerprints. */
  async recent(keys: readonly string[], limit: number): Promise<AuditedCall[]> {
    const calls = new Map<string, AuditedCall>();
    for (const line of await this.#file.newestRecords()) {
      const record = readRecord(line);
      if (record === undefined || !keys.includes(record.key)) continue;
      const call = calls.get(record.id);
      if (record.phase === 'intent') {
        const { id, time, tool, kind, key, workspace, request, arguments: args, confirmed } = record;
        const { token, user, client } = record;
        const person = { ...(token && { token }), ...(user && { user }), ...(client && { client }) };
        const caller = { key, ...(workspace && { workspace }), ...person, ...(request && { request }) };
        calls.set(id, { time, tool, kind, ...caller, arguments: args, confirmed, outcome: 'in_flight' });
      } else if (call !== undefined) {
        if (record.phase === 'outcome') {
          const { outcome, http, error, time } = record;
          Object.assign(call, { outcome, http, ...(error === undefined ? {} : { error }), endedAt: time });
        } else if (call.outcome === 'in_flight') {
          // Its process may still have recorded an outcome, while another process considered it ended.
          Object.assign(call, { outcome: 'lost', endedAt: record.time });
        }
      }
    }
    return [...calls.values()].slice(-limit).reverse();
  }

  async #findLost(): Promise<void> {
    const { onPast } = this.#options;
    const open = await this.#openCalls(onPast);
    const lost = open.filter((call) => this.#isGone(call));
    for (const call of lost) await this.#options.onLost(call);
    this.#lost = lost;
    // This process cannot see whether the process of another replica runs. Until its call is old, its message counts as sent.
    const foreign = open.filter((call) => !lost.includes(call) && this.#isForeign(call));
    for (const call of foreign) await onPast({ ...call, outcome: 'unknown' });
  }

  async #markLost(): Promise<void> {
    await this.open();
    if (this.#lost.length === 0) return;
    // Another process may have marked them since this one opened the log.
    const open = new Set((await this.#openCalls()).map(({ id }) => id));
    const unmarked = this.#lost.filter(({ id }) => open.has(id));
    await this.#file.append(
      unmarked.map(({ id, tool, kind, key }) => ({ ...this.#stamp('lost', id), tool, kind, key })),
    );
    this.#lost = [];
  }

  /** The calls without an outcome and without a mark. */
  async #openCalls(onPast?: AuditLogOptions['onPast']): Promise<IntentRecord[]> {
    const open = new Map<string, IntentRecord>();
    for await (const line of this.#file.records()) {
      const record = readRecord(line);
      if (record === undefined) continue;
      const call = open.get(record.id);
      if (record.phase === 'intent') open.set(record.id, record);
      else open.delete(record.id);
      if (call !== undefined && record.phase !== 'intent') {
        await onPast?.({ ...call, outcome: record.phase === 'lost' ? 'unknown' : record.outcome });
      }
    }
    return [...open.values()];
  }

  #isGone(call: IntentRecord): boolean {
    const { pid, boot, time } = call;
    if (boot === this.#boot) return false;
    const { identity } = this.#options;
    // A call this old has ended, so its pid belongs to another process.
    if (Date.now() - Date.parse(time) > MAX_CALL_MS) return true;
    return !this.#isForeign(call) && (pid === identity.pid || !identity.isRunning(pid));
  }

  #isForeign({ replica }: IntentRecord): boolean {
    return replica !== undefined && replica !== this.#options.identity.replica;
  }

  #stamp<Phase extends AuditRecord['phase']>(phase: Phase, id: string) {
    const { pid, replica } = this.#options.identity;
    return { time: new Date().toISOString(), phase, id, pid, boot: this.#boot, ...(replica && { replica }) };
  }
}

/** Parses a line. A damaged or foreign line is skipped and must not block a call. */
function readRecord(line: Record<string, unknown>): AuditRecord | undefined {
  return auditRecord().safeParse(line).data;
}

/** Shares one run of `work` between all calls. A failed run is repeated by the next call. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work().catch((error) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
