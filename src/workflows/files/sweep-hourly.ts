import type { Log } from '../../observability/log.ts';

const HOUR_MS = 3_600_000;

/** Something that keeps data of people for a limited time. */
interface Swept {
  /** Removes what is older than its time. */
  sweep(): Promise<void>;
}

/**
 * Sweeps now and every hour, so that data of people is removed on time, even without calls. Does not keep the process alive.
 * @returns ends it.
 */
export function sweepHourly(swept: readonly Swept[], log: Pick<Log, 'warn'>): () => void {
  const sweep = async () => {
    for (const target of swept) {
      await target.sweep().catch((error: unknown) => {
        log.warn({ err: String(error) }, 'files that are older than a day could not be removed');
      });
    }
  };
  void sweep();
  const timer = setInterval(() => void sweep(), HOUR_MS);
  timer.unref();
  return () => clearInterval(timer);
}
