import type { MaybePromise } from './maybe-promise.ts';

/** How long proofs are kept: twice the lifetime of a confirmation, so that an expired one is still recognized. */
export const CONFIRMATION_KEPT_MS = 1_200_000;

/**
 * How a confirmation reaches the server: as the confirmToken argument, or in the request state of the protocol. A model
 * writes a token, so it is only a short id of the proof that the server keeps. A client returns the state unchanged, so the
 * state holds the proof itself.
 */
export type TokenKind = 'token' | 'state';

/** A confirmation that is shown. */
export interface ShownConfirmation {
  id: string;
  kind: TokenKind;
  /** Signed digests. */
  proof: string;
  /** The caller that it is shown to. */
  owner: string;
}

/** What the processes keep of their confirmations: the signed proofs of those that they showed, and which were used. */
export interface ConfirmationStore {
  keep(shown: ShownConfirmation): Promise<void>;
  /** The proof of a token. */
  find(id: string): Promise<string | undefined>;
  /** `unknown` only where the store keeps every confirmation, and has lost this one. It must not be accepted then. */
  stateOf(id: string): MaybePromise<'open' | 'used' | 'unknown'>;
  /** Marks a confirmation as used. @returns false if it was used before, or is unknown. */
  markUsed(id: string, ttlMs: number): MaybePromise<boolean>;
}
