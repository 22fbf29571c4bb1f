import type { Outcome } from '../outcome.ts';
import type { Owner } from '../owners.ts';
import type { Wanted } from '../wanted.ts';

/** One of those who put the load on. */
export interface LoadClient {
  /** Whose key it has. undefined for none that is good. */
  owner: Owner | undefined;
  /** The part of a call's time that it takes for itself, if any. */
  ownMs?: number;
  /** Never rejects: an exchange that breaks is an outcome. */
  ask(request: Wanted): Promise<Outcome>;
  close(): Promise<unknown>;
}

/** The server that a client calls, and with whose key. */
export interface ClientTarget {
  url: string;
  owner: Owner | undefined;
  headers: Record<string, string>;
}
