import { randomBytes } from 'node:crypto';
import type { SharedStore } from '../client/index.ts';
import { digest } from './hash.ts';

/** Signs small payloads so that they can be handed to a client and recognised when they come back. */
export interface Seal {
  mint(payload: object): Promise<string>;
  /** @throws Error with the message `expired`, or another one for what this seal did not make. */
  verify(text: string): Promise<object>;
}

/** How a confirmation travels: in a tool's argument, or as the protocol's own request state. */
export type Carrier = 'token' | 'state';
/** A person may take so long to read a preview. */
export const LIFE_SECONDS: Record<Carrier, number> = { token: 600, state: 300 };

/** What a confirmation is for, and what must still be so when it is used. */
export interface Subject {
  tool: string;
  /** The arguments as read: defaults set, ids as numbers. */
  input: Record<string, unknown>;
  /** Fingerprint of the key, and the name of the token that it was lent to. */
  key: string;
}

export type Fault = 'forged' | 'expired' | 'other_key' | 'other_tool' | 'other_arguments' | 'changed' | 'used';

interface Payload {
  via: Carrier;
  id: string;
  tool: string;
  args: string;
  key: string;
  binds: string;
}

/** A confirmation that came back and is for this very call. */
export interface Presented {
  id: string;
  /** Whether what mattered in the preview is as it was. */
  stillBinds(binds: unknown): boolean;
}

/** Where confirmations are known to have been used. */
export interface Spent {
  has(id: string): boolean | Promise<boolean>;
  /** Marks one as used. @returns false when it was used before. */
  add(id: string, ttlMs: number): boolean | Promise<boolean>;
}

/** Issues confirmations bound to a call and to what its preview showed, and takes each back once. */
export class Confirmations {
  readonly #seals: Record<Carrier, Seal>;
  readonly #spent: Spent;

  constructor(seals: Record<Carrier, Seal>, spent: Spent) {
    this.#seals = seals;
    this.#spent = spent;
  }

  /** @param binds what must still be so when the confirmation is used, out of the preview. */
  async issue(via: Carrier, subject: Subject, binds: unknown): Promise<{ text: string; expiresAt: string }> {
    const id = randomBytes(12).toString('base64url');
    const payload: Payload = { via, id, ...namesOf(subject, id), binds: digest(binds) };
    return {
      text: await this.#seals[via].mint(payload),
      expiresAt: new Date(Date.now() + LIFE_SECONDS[via] * 1_000).toISOString(),
    };
  }

  /** Checks that a confirmation is ours, alive, and for this key, tool and arguments. */
  async read(via: Carrier, text: string, subject: Subject): Promise<Presented | { fault: Fault }> {
    let payload: Partial<Payload>;
    try {
      payload = await this.#seals[via].verify(text);
    } catch (error) {
      return { fault: (error as Error).message === 'expired' ? 'expired' : 'forged' };
    }
    const { id, binds } = payload;
    if (payload.via !== via || id === undefined) return { fault: 'forged' };
    const names = namesOf(subject, id);
    if (payload.key !== names.key) return { fault: 'other_key' };
    if (payload.tool !== names.tool) return { fault: 'other_tool' };
    if (payload.args !== names.args) return { fault: 'other_arguments' };
    if (await this.#spent.has(id)) return { fault: 'used' };
    return { id, stillBinds: (now) => digest(now) === binds };
  }

  /** Uses a confirmation up. @returns false when it was used before. */
  async spend({ id }: Presented): Promise<boolean> {
    return this.#spent.add(id, LIFE_SECONDS.token * 1_000);
  }
}

/** The payload can be read by whoever holds it: arguments and key stand in it as digests only. */
function namesOf({ tool, input, key }: Subject, id: string) {
  return { tool, args: digest(input), key: digest([key, id]) };
}

/** Used confirmations in the shared store: of one process they die with it, as do the confirmations themselves. */
export function spentIn(store: SharedStore): Spent {
  const nameOf = (id: string) => `confirmation:${id}`;
  return {
    has: async (id) => (await store.recall(nameOf(id))) !== undefined,
    add: (id, ttlMs) => store.claim(nameOf(id), ttlMs),
  };
}
