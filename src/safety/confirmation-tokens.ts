import { randomBytes } from 'node:crypto';
import { withState } from '../client/store-unavailable.ts';
import { digest } from '../lib/json.ts';
import type { ConfirmationStore, TokenKind } from '../state/confirmation-store.ts';
import { ShownRows } from './shown-rows.ts';

/** Signs small payloads that a client gets and sends back. */
export interface TokenSigner {
  sign(payload: object): Promise<string>;
  /** @throws Error with the message `expired`, or another message for a text that this signer did not make. */
  verify(text: string): Promise<object>;
}

/** Lifetime of a confirmation. */
export const LIFETIME_SECONDS: Record<TokenKind, number> = { token: 600, state: 300 };

/** The call that a confirmation is for. */
export interface ConfirmationScope {
  tool: string;
  /** The parsed arguments: defaults set, ids as numbers. undefined where the rows are unknown, and no argument is compared. */
  input: Record<string, unknown> | undefined;
  /** Fingerprint of the key, and the name of the bearer token that uses it. */
  key: string;
}

/** Why a confirmation does not allow a call. It is public as `confirmation_` and this word. */
export type TokenError = 'forged' | 'expired' | 'other_key' | 'other_tool' | 'other_arguments' | 'changed' | 'used';

interface Payload {
  via: TokenKind;
  /** For a token this is a digest: a store keeps the payload, and must not hold the token, which confirms a call. */
  id: string;
  tool: string;
  args: string;
  key: string;
  binds: string;
}

/** A confirmation that is valid for this call. */
export interface VerifiedConfirmation {
  id: string;
  /** Whether the state that the preview showed is still the current one. */
  isUnchanged(boundState: unknown): boolean;
}

/** 96 random bits in 16 characters. */
const HANDLE = /^[\w-]{16}$/;

/** Issues confirmations bound to a call and to the state in its preview, and accepts each one once. */
export class ConfirmationTokens {
  readonly #signers: Record<TokenKind, TokenSigner>;
  readonly #store: ConfirmationStore;
  /** The rows of calls that were shown, under the handle of their confirmation. */
  readonly rows = new ShownRows();

  constructor(signers: Record<TokenKind, TokenSigner>, store: ConfirmationStore) {
    this.#signers = signers;
    this.#store = store;
  }

  /** @param boundState the part of the preview that must be unchanged when the confirmation is used. */
  async issue(
    kind: TokenKind,
    scope: ConfirmationScope,
    boundState: unknown,
  ): Promise<{ text: string; expiresAt: string }> {
    const id = randomBytes(12).toString('base64url');
    const payload: Payload = {
      ...{ via: kind, id: kind === 'token' ? digest(id) : id },
      ...digestsOf(scope, id),
      binds: digest(boundState),
    };
    const proof = await this.#signers[kind].sign(payload);
    await withState(() => this.#store.keep({ id, kind, proof, owner: scope.key }));
    return {
      text: kind === 'token' ? id : proof,
      expiresAt: new Date(Date.now() + LIFETIME_SECONDS[kind] * 1_000).toISOString(),
    };
  }

  /** Checks that this server issued a confirmation, for this key, tool and arguments, and that it is still valid. */
  async verify(
    kind: TokenKind,
    text: string,
    scope: ConfirmationScope,
  ): Promise<{ ok: true; confirmation: VerifiedConfirmation } | { ok: false; error: TokenError }> {
    const proof = kind === 'token' ? await this.#proofOf(text) : text;
    if (proof === undefined) return { ok: false, error: 'forged' };
    let payload: Partial<Payload>;
    try {
      payload = await this.#signers[kind].verify(proof);
    } catch (error) {
      return { ok: false, error: (error as Error).message === 'expired' ? 'expired' : 'forged' };
    }
    const { binds } = payload;
    const id = kind === 'token' ? text : payload.id;
    if (payload.via !== kind || id === undefined || (kind === 'token' && payload.id !== digest(text)))
      return { ok: false, error: 'forged' };
    const expected = digestsOf(scope, id);
    if (payload.key !== expected.key) return { ok: false, error: 'other_key' };
    if (payload.tool !== expected.tool) return { ok: false, error: 'other_tool' };
    if (scope.input !== undefined && payload.args !== expected.args) return { ok: false, error: 'other_arguments' };
    const state = await withState(() => this.#store.stateOf(id));
    if (state !== 'open') return { ok: false, error: state === 'used' ? 'used' : 'forged' };
    return { ok: true, confirmation: { id, isUnchanged: (boundState) => digest(boundState) === binds } };
  }

  /** Marks a confirmation as used. @returns false if it was used before. */
  async markUsed({ id }: VerifiedConfirmation): Promise<boolean> {
    this.rows.drop(id);
    return withState(() => this.#store.markUsed(id, LIFETIME_SECONDS.token * 1_000));
  }

  async #proofOf(handle: string): Promise<string | undefined> {
    return HANDLE.test(handle) ? withState(() => this.#store.find(handle)) : undefined;
  }
}

/** Clients can read the payload of request state, so arguments and key are digests. */
function digestsOf({ tool, input, key }: ConfirmationScope, id: string) {
  return { tool, args: digest(input), key: digest([key, id]) };
}
