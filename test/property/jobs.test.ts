import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HeyReachError } from '../../src/client/index.ts';
import type { ToolContext } from '../../src/mcp/tool.ts';
import type { JobEvent } from '../../src/workflows/jobs/job-events.ts';
import { type JobStore, jobsInMemory } from '../../src/workflows/jobs/job-store.ts';
import type { Jobs } from '../../src/workflows/jobs/jobs.ts';
import { runs } from '../support/runs/runs.ts';
import { ADA, callContext, GRACE, gate, jobsOf } from '../support/tools/job-calls.ts';
import { startJobs } from '../support/tools/jobs.ts';

const CHUNKS = 3;
const OWNERS = [ADA, GRACE] as const;

const outcome = fc.constantFrom('answered', 'not_sent', 'refused', 'unknown');
const owner = fc.nat(1);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('start'), owner, target: fc.nat(1) }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('reply'), which: fc.nat(3), outcome }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('resume'), owner, which: fc.nat(4), asOwner: owner }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel'), owner, which: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('kill') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill at a line'), isWritten: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('shut down') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('outlive') }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

const KILLED_AND_RESUMED: Step[] = [
  { do: 'start', owner: 0, target: 0 },
  { do: 'reply', which: 0, outcome: 'answered' },
  { do: 'kill' },
  { do: 'resume', owner: 0, which: 0, asOwner: 0 },
  { do: 'reply', which: 0, outcome: 'answered' },
];

interface Process {
  jobs: Jobs;
  pid: number;
  isKilled: boolean;
  /** The process is killed when it writes its next line. `isWritten` says whether that line reaches the disk. */
  killAtLine?: { isWritten: boolean } | undefined;
}

/** A chunk that HeyReach received. */
interface Send {
  process: Process;
  owner: string;
  target: string;
  id: string;
  chunk: number;
  mayBeDone: boolean;
  /** The lines of its job at the time of sending. */
  journal: JobEvent[];
  outcome?: string;
  reply(outcome: string): void;
}

/** Consecutive processes on one store, and everything that they send. */
class Story {
  readonly #store = jobsInMemory();
  readonly sends: Send[] = [];
  readonly owned = new Map<string, { owner: string; target: string }>();
  process = this.#boot(1);

  async play(steps: readonly Step[]): Promise<void> {
    for (const next of steps) {
      await this.#take(next);
      await vi.advanceTimersByTimeAsync(0);
      expectOneWriter(this.sends);
      await this.#expectOwners();
    }
  }

  async journals(): Promise<{ id: string; journal: JobEvent[] }[]> {
    const all = [...this.owned].map(async ([id, { owner }]) => ({ id, journal: await this.#store.read(owner, id) }));
    return Promise.all(all);
  }

  #boot(pid: number): Process {
    const process: Process = { pid, isKilled: false, jobs: undefined as never };
    process.jobs = startJobs(this.#storeOf(process), { pid, running: [pid] });
    return process;
  }

  /** The store as a process uses it until it is killed. */
  #storeOf(process: Process): JobStore {
    const store = this.#store;
    const forever = new Promise<never>(() => {});
    const whileAlive = <Value>(work: () => Promise<Value>) => (process.isKilled ? forever : work());
    return {
      isDurable: true,
      async append(owner, id, event) {
        const { killAtLine, isKilled } = process;
        if (isKilled) return forever;
        if (killAtLine !== undefined) process.isKilled = true;
        if (killAtLine === undefined || killAtLine.isWritten) await store.append(owner, id, event);
        if (killAtLine !== undefined) return forever;
      },
      read: (owner, id) => whileAlive(() => store.read(owner, id)),
      ids: (owner) => whileAlive(() => store.ids(owner)),
      remove: (owner, id) => whileAlive(() => store.remove(owner, id)),
      sweep: (before) => whileAlive(() => store.sweep(before)),
      claim: (owner, target, id) => whileAlive(() => store.claim(owner, target, id)),
      release: (owner, target, id) => whileAlive(() => store.release(owner, target, id)),
    };
  }

  async #take(next: Step): Promise<void> {
    switch (next.do) {
      case 'start':
        this.#run(OWNERS[next.owner]!, `list ${next.target}`);
        return;
      case 'reply': {
        const open = this.sends.filter((send) => send.outcome === undefined && !send.process.isKilled);
        open[next.which % Math.max(1, open.length)]?.reply(next.outcome);
        return;
      }
      case 'resume': {
        const id = this.#idOf(OWNERS[next.owner]!, next.which);
        const { target } = this.owned.get(id) ?? { target: 'list 0' };
        this.#run(OWNERS[next.asOwner]!, target, id);
        return;
      }
      case 'cancel':
        await jobsOf(this.process.jobs, OWNERS[next.owner]).cancel(this.#idOf(OWNERS[next.owner]!, next.which));
        return;
      case 'kill':
        this.process.isKilled = true;
        break;
      case 'kill at a line':
        this.process.killAtLine = { isWritten: next.isWritten };
        return;
      case 'outlive':
        await vi.advanceTimersByTimeAsync(45_000);
        return;
      case 'shut down':
        void this.process.jobs.stop('all');
        await vi.advanceTimersByTimeAsync(0);
        // A process manager kills the process if the chunk has no answer yet.
        this.process.isKilled = true;
    }
    this.process = this.#boot(this.process.pid + 1);
  }

  #idOf(owner: string, which: number): string {
    const ids = [...this.owned].filter(([, job]) => job.owner === owner).map(([id]) => id);
    return ids[which % Math.max(1, ids.length)] ?? 'none';
  }

  #run(owner: string, target: string, resumeJob?: string): void {
    const { process } = this;
    const work = {
      ...{ target, resumeJob, plan: 'rows', chunks: CHUNKS },
      send: (chunk: number, context: ToolContext, mayBeDone: boolean) =>
        this.#send(process, { owner, target, chunk, mayBeDone }, context),
      report: () => ({ data: {} }),
    };
    jobsOf(process.jobs, owner)
      .runChunks(work, callContext())
      .catch((error: unknown) => expect(error).toBeInstanceOf(HeyReachError));
  }

  async #send(
    process: Process,
    what: Pick<Send, 'owner' | 'target' | 'chunk' | 'mayBeDone'>,
    _context: ToolContext,
  ): Promise<Record<string, unknown>> {
    // The work does not know its job. Its job is the one whose newest journal line is `sending`.
    const { passed, open, fail } = gate<Record<string, unknown>>();
    const journals = await Promise.all(
      (await this.#store.ids(what.owner)).map(async (id) => ({ id, journal: await this.#store.read(what.owner, id) })),
    );
    const { id, journal } = journals.find(({ journal: [first, ...rest] }) => {
      const last = rest.at(-1);
      return first?.type === 'started' && first.target === what.target && last?.type === 'sending';
    })!;
    this.owned.set(id, { owner: what.owner, target: what.target });
    const send: Send = {
      ...{ process, ...what, id, journal },
      reply(outcome) {
        send.outcome = outcome;
        if (outcome === 'answered') open({});
        else {
          const details = { message: outcome, meaning: '', nextStep: '', outcome: outcome as 'unknown' };
          fail(new HeyReachError({ kind: 'server_error', ...details }));
        }
      },
    };
    this.sends.push(send);
    return passed;
  }

  /** A key sees all of its own jobs that were sent, and none of the other key. */
  async #expectOwners(): Promise<void> {
    const isDying = this.process.killAtLine !== undefined;
    if (this.process.isKilled) this.process = this.#boot(this.process.pid + 1);
    if (isDying) return;
    for (const owner of OWNERS) {
      const ids = (await jobsOf(this.process.jobs, owner).list()).map(({ id }) => id);
      for (const [id, job] of this.owned) expect(ids.includes(id)).toBe(job.owner === owner);
    }
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('no interleaving of chunks, kills and resumes sends a chunk more often than its journal allows', async () => {
  let repeats = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const story = new Story();
      await story.play(steps);
      for (const { id, journal } of await story.journals()) {
        const sends = story.sends.filter((send) => send.id === id);
        const answered = journal.flatMap((event) => (event.type === 'answered' ? [event.chunk] : []));
        expect(new Set(answered).size).toBe(answered.length);
        for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
          const lines = journal.filter((event) => event.type === 'sending' && event.chunk === chunk).length;
          const sent = sends.filter((send) => send.chunk === chunk);
          // The line is written before the chunk is sent, so a kill between both leaves at most one extra line.
          expect(sent.length).toBeLessThanOrEqual(lines);
        }
        const runsOf = journal.filter(({ type }) => type === 'started' || type === 'resumed').length;
        // A run repeats at most the one chunk whose outcome the previous run left open.
        const marked = sends.filter(({ mayBeDone }) => mayBeDone);
        expect(marked.length).toBeLessThan(runsOf);
        repeats += marked.length;
        for (const send of sends) expectJournaled(send, sends);
      }
    }),
    { numRuns: runs(1_000), examples: [[KILLED_AND_RESUMED]] },
  );
  // At least the chunk of the example is repeated.
  expect(repeats).toBeGreaterThan(0);
}, 120_000);

/** A chunk is never sent after its answer is on disk. It is marked if an earlier send may have been executed. */
function expectJournaled({ chunk, journal, mayBeDone }: Send, sends: readonly Send[]): void {
  const lines = journal.filter((event) => 'chunk' in event && event.chunk === chunk);
  expect(lines.at(-1)?.type).toBe('sending');
  expect(lines.map(({ type }) => type)).not.toContain('answered');
  const before = sends.filter((send) => send.chunk === chunk && send.journal.length < journal.length);
  const mayHaveBeenDone = before.some(({ outcome }) => outcome === undefined || /answered|unknown/.test(outcome));
  if (mayHaveBeenDone) expect(mayBeDone).toBe(true);
}

/** Two jobs of a process never write to the same target of a key at the same time. */
function expectOneWriter(sends: readonly Send[]): void {
  const open = sends.filter(({ outcome, process }) => outcome === undefined && !process.isKilled);
  const places = open.map(({ process, owner, target }) => `${process.pid} ${owner} ${target}`);
  expect(new Set(places).size).toBe(places.length);
}
