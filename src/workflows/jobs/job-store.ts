import type { JobEvent } from './job-events.ts';

/**
 * Keeps the journals of jobs. Every method names the owner first, and no method crosses owners. A shared store can therefore
 * implement the interface with one list per job, one set per owner and one claim per target.
 */
export interface JobStore {
  /** Whether jobs outlive the process. */
  readonly isDurable: boolean;
  /** Adds a line to a journal. Resolves when it is kept. @throws if it cannot be kept: then nothing may be sent. */
  append(owner: string, id: string, event: JobEvent): Promise<void>;
  /** The lines of a journal, oldest first. Empty for an unknown job. */
  read(owner: string, id: string): Promise<JobEvent[]>;
  ids(owner: string): Promise<string[]>;
  remove(owner: string, id: string): Promise<void>;
  /** Removes the jobs of all owners that had no line since a moment, in ms since the epoch, and claims without a job. */
  sweep(before: number): Promise<void>;
  /** Claims a target for a job. @returns the job that holds it: this job, or another that claimed it before. */
  claim(owner: string, target: string, id: string): Promise<string>;
  /** Releases a target, if this job holds it. */
  release(owner: string, target: string, id: string): Promise<void>;
}

/** Jobs of all owners that are kept in memory. Results have up to 48 kB each. */
const MAX_JOBS = 1_000;

/** Jobs in the memory of this process. They end with it. */
export function jobsInMemory(): JobStore {
  const journals = new Map<string, JobEvent[]>();
  const claims = new Map<string, string>();
  const nameOf = (owner: string, text: string) => `${owner} ${text}`;
  return {
    isDurable: false,
    async append(owner, id, event) {
      const name = nameOf(owner, id);
      const journal = journals.get(name) ?? [];
      journals.set(name, journal);
      journal.push(event);
      if (journals.size <= MAX_JOBS) return;
      const oldest = [...journals].find(([, lines]) => lines.at(-1)?.type === 'ended');
      if (oldest !== undefined) journals.delete(oldest[0]);
    },
    read: async (owner, id) => [...(journals.get(nameOf(owner, id)) ?? [])],
    async ids(owner) {
      const prefix = nameOf(owner, '');
      return [...journals.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    },
    async remove(owner, id) {
      journals.delete(nameOf(owner, id));
    },
    async sweep(before) {
      for (const [name, journal] of journals) {
        if (Date.parse(journal.at(-1)?.at ?? '') < before) journals.delete(name);
      }
      for (const [name, holder] of claims)
        if (!journals.has(nameOf(name.split(' ', 1)[0]!, holder))) claims.delete(name);
    },
    async claim(owner, target, id) {
      const name = nameOf(owner, target);
      const holder = claims.get(name) ?? id;
      claims.set(name, holder);
      return holder;
    },
    async release(owner, target, id) {
      const name = nameOf(owner, target);
      if (claims.get(name) === id) claims.delete(name);
    },
  };
}
