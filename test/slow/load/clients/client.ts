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

/** Where the server is, and who calls it. */
export interface Caller {
  url: string;
  owner: Owner | undefined;
  headers: Record<string, string>;
}
