import type { Outcome } from '../outcome.ts';
import type { Owner } from '../owners.ts';
import type { Wanted } from '../wanted.ts';

/** A client of the load. */
export interface LoadClient {
  /** The owner of its key. undefined without a valid key. */
  owner: Owner | undefined;
  /** The part of a call's time that the client itself uses, if any. */
  ownMs?: number;
  /** Never rejects: a broken exchange is an outcome. */
  ask(request: Wanted): Promise<Outcome>;
  close(): Promise<unknown>;
}

/** The address of the server, and the caller. */
export interface ClientTarget {
  url: string;
  owner: Owner | undefined;
  headers: Record<string, string>;
}
