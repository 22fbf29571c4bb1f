const FRESH_MS = 60_000;

/** What HeyReach can be asked without a key. */
export interface Upstream {
  /** Whether it answered anybody in the last so many ms. */
  answeredWithin(ms: number): boolean;
  /** Asks it for nothing in particular. @returns whether it answered. */
  probe(): Promise<boolean>;
}

export type Readiness = { status: 'ready' } | { status: 'not ready'; reason: string };

/** Whether calls would reach HeyReach: it answered within the last minute, or does when it is asked now. */
export async function readReadiness(upstream: Upstream): Promise<Readiness> {
  if (upstream.answeredWithin(FRESH_MS) || (await upstream.probe())) return { status: 'ready' };
  return { status: 'not ready', reason: 'HeyReach does not answer' };
}
