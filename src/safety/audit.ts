import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AuditFile } from './audit-file.ts';

/** How a call came to be allowed. */
export type Confirmed =
  /** Through the protocol, by whoever answers for the client. */
  | 'asked'
  /** With a confirmToken. */
  | 'token'
  /** Nothing is asked before this tool, or not for these arguments. */
  | 'not_needed'
  /** `--confirm off`. */
  | 'off';

/** A call that is about to be made. */
export interface Intent {
  tool: string;
  kind: string;
  /** Fingerprint of the key. */
  key: string;
  /** The name of the token that was presented, where the key is lent out. */
  token?: string | undefined;
  /** The name of the request, as it stands in the log. */
  request?: string | undefined;
  arguments: Record<string, unknown>;
  confirmed: Confirmed;
}

/** How an audited call ended. */
export type AuditOutcome = 'done' | 'not_sent' | 'refused' | 'unknown';

export interface Ending {
  outcome: AuditOutcome;
  /** `PATH STATUS` of each request, or the reason why there was no answer. */
  http: string[];
  error?: string | undefined;
}

/** Which run of which program writes. */
export interface ProcessIdentity {
  pid: number;
  /** Whether a process of this number runs. */
  isRunning(pid: number): boolean;
}

/** Longer than any call and its last request take. */
const LONGEST_CALL_MS = 5 * 60_000;

const stamp = {
  time: z.iso.datetime(),
  id: z.string(),
  pid: z.int().positive(),
  boot: z.string(),
  tool: z.string(),
  kind: z.string(),
  key: z.string(),
  token: z.string().optional(),
  request: z.string().optional(),
};
/** A line of the trail. */
const auditRecord = z.discriminatedUnion('phase', [
  z.object({
    ...stamp,
    phase: z.literal('intent'),
    arguments: z.record(z.string(), z.unknown()),
    confirmed: z.enum(['asked', 'token', 'not_needed', 'off']),
  }),
  z.object({
    ...stamp,
    phase: z.literal('outcome'),
    outcome: z.enum(['done', 'not_sent', 'refused', 'unknown']),
    http: z.array(z.string()),
    error: z.string().optional(),
  }),
  z.object({ ...stamp, phase: z.literal('lost') }),
]);
type AuditRecord = z.infer<typeof auditRecord>;
type IntentRecord = Extract<AuditRecord, { phase: 'intent' }>;

/** An intent whose process ended before it could say how the call went. */
export type LostCall = Intent & { time: string };

/** A call as the trail tells it. */
export interface AuditedCall extends Intent {
  time: string;
  outcome: AuditOutcome | 'under_way' | 'lost';
  http?: string[];
  error?: string;
  endedAt?: string;
}

export interface AuditTrailOptions {
  path: string;
  identity: ProcessIdentity;
  /** Told once of every call that a process which is gone left without an outcome. */
  onLost(lost: LostCall): void | Promise<void>;
  /** Told once of every call that ended before this process looked. */
  onPast(past: LostCall & { outcome: AuditOutcome }): void | Promise<void>;
}

/** What was about to be done and how it ended, a line each, on the disk before the request leaves. */
export class AuditTrail {
  readonly #file: AuditFile;
  readonly #options: AuditTrailOptions;
  /** This start of the program: process numbers come again, in containers at once. */
  readonly #boot = randomUUID();
  /** Found by the first look, and marked in the file by the first write. */
  #lost: IntentRecord[] = [];

  constructor(options: AuditTrailOptions) {
    this.#options = options;
    this.#file = new AuditFile(options.path);
  }

  /** Looks once for calls that were left without an outcome. @throws when the file is there and cannot be read. */
  readonly open = once(() => this.#findLost());
  readonly #mark = once(() => this.#markLost());

  /**
   * Writes down what is about to be done.
   * @returns how to write down its end, once.
   * @throws when it cannot be written: then nothing may be done.
   */
  async begin(intent: Intent): Promise<(ending: Ending) => Promise<void>> {
    await this.#mark();
    const id = randomUUID();
    await this.#file.append([{ ...this.#stamp('intent', id), ...intent }]);
    const { tool, kind, key } = intent;
    return (ending) => this.#file.append([{ ...this.#stamp('outcome', id), tool, kind, key, ...ending }]);
  }

  /** The newest calls of some keys, newest first. @param keys their fingerprints. */
  async recent(keys: readonly string[], most: number): Promise<AuditedCall[]> {
    const calls = new Map<string, AuditedCall>();
    for (const line of await this.#file.newestRecords()) {
      const record = readRecord(line);
      if (record === undefined || !keys.includes(record.key)) continue;
      const call = calls.get(record.id);
      if (record.phase === 'intent') {
        const { id, time, tool, kind, key, token, request, arguments: given, confirmed } = record;
        const by = { key, ...(token && { token }), ...(request && { request }) };
        calls.set(id, { time, tool, kind, ...by, arguments: given, confirmed, outcome: 'under_way' });
      } else if (call !== undefined) {
        if (record.phase === 'outcome') {
          const { outcome, http, error, time } = record;
          Object.assign(call, { outcome, http, ...(error === undefined ? {} : { error }), endedAt: time });
        } else if (call.outcome === 'under_way') {
          // Its process may have ended it after all, while another one took it for gone.
          Object.assign(call, { outcome: 'lost', endedAt: record.time });
        }
      }
    }
    return [...calls.values()].slice(-most).reverse();
  }

  async #findLost(): Promise<void> {
    const { onPast } = this.#options;
    const lost = (await this.#openCalls(onPast)).filter((call) => this.#isGone(call));
    for (const call of lost) await this.#options.onLost(call);
    this.#lost = lost;
  }

  async #markLost(): Promise<void> {
    await this.open();
    if (this.#lost.length === 0) return;
    // Another process may have marked them since the look.
    const open = new Set((await this.#openCalls()).map(({ id }) => id));
    const unmarked = this.#lost.filter(({ id }) => open.has(id));
    await this.#file.append(
      unmarked.map(({ id, tool, kind, key }) => ({ ...this.#stamp('lost', id), tool, kind, key })),
    );
    this.#lost = [];
  }

  /** The calls that have neither an outcome nor a mark. */
  async #openCalls(onPast?: AuditTrailOptions['onPast']): Promise<IntentRecord[]> {
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

  #isGone({ pid, boot, time }: IntentRecord): boolean {
    if (boot === this.#boot) return false;
    const { identity } = this.#options;
    // No call takes so long: whoever has the number now is somebody else.
    const isOld = Date.now() - Date.parse(time) > LONGEST_CALL_MS;
    return isOld || pid === identity.pid || !identity.isRunning(pid);
  }

  #stamp<Phase extends AuditRecord['phase']>(phase: Phase, id: string) {
    return { time: new Date().toISOString(), phase, id, pid: this.#options.identity.pid, boot: this.#boot };
  }
}

/** A line as one of ours; what was spoilt, or is somebody else's, must not stand in the way of a call. */
function readRecord(line: Record<string, unknown>): AuditRecord | undefined {
  return auditRecord.safeParse(line).data;
}

/** Work that is done once, for all who ask at once, and anew when it failed. */
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
