import type { SharedStore } from '../client/index.ts';
import { digest } from './hash.ts';

const HOUR_MS = 3_600_000;
/** What was sent or may have been is remembered so long beyond what the thread shows. */
const MEMORY_MS = 15 * 60_000;
/** A send ends after 90 s at the latest; a lock that outlives that belongs to nobody. */
const LOCK_MS = 180_000;

export interface SendCaps {
  /** Messages an hour per key. */
  perKey: number;
  /** Messages an hour per key and sender. */
  perSender: number;
}

/** A conversation of a sender. */
export interface Conversation {
  linkedInAccountId: number;
  conversationId: string;
}

/** A text in a conversation. */
export interface Message extends Conversation {
  message: string;
}

/** How an earlier send of the same text to the same conversation went, as far as is known. */
export interface EarlierSend {
  outcome: 'accepted' | 'unknown';
  /** ISO time. */
  at: string;
}

export interface LastSend extends EarlierSend {
  message: string;
}

/** What keeps the messages of one key from going out too often: per conversation, per text, per hour. */
export interface SendGuard {
  /** Takes a conversation for one send. @returns how to give it back, or undefined while another send has it. */
  lock(name: string): Promise<(() => Promise<void>) | undefined>;
  /** The milliseconds until the caps allow a message of this sender; 0 for now. Takes nothing. */
  waitOf(linkedInAccountId: number): Promise<number>;
  /** As `waitOf`, and takes the place when it is 0. */
  take(linkedInAccountId: number): Promise<number>;
  /** Gives back the place of a message that was not sent. @param since ms since the epoch, just before it was taken. */
  giveBack(linkedInAccountId: number, since: number): Promise<void>;
  /** @param at when it was sent, if not now: what is over is not remembered anew. */
  remember(message: Message, outcome: EarlierSend['outcome'], at?: string): Promise<void>;
  forget(message: Message): Promise<void>;
  recall(message: Message): Promise<EarlierSend | undefined>;
  /** The last send to a conversation, whatever its text. */
  recallLast(conversation: Conversation): Promise<LastSend | undefined>;
}

/** @param key fingerprint of the key. */
export function guardSends(store: SharedStore, key: string, caps: SendCaps): SendGuard {
  const ofKey = `sends:${key}`;
  const ofSender = (account: number) => `${ofKey}:${account}`;
  const nameOf = ({ linkedInAccountId, conversationId, message }: Message) =>
    `sent:${key}:${digest([linkedInAccountId, conversationId, sameText(message)])}`;
  const lastIn = ({ linkedInAccountId, conversationId }: Conversation) =>
    `last:${key}:${digest([linkedInAccountId, conversationId])}`;
  const recallLast = async (conversation: Conversation): Promise<LastSend | undefined> => {
    const found = await store.recall(lastIn(conversation));
    return found === undefined ? undefined : (JSON.parse(found) as LastSend);
  };
  return {
    async lock(name) {
      const claim = `lock:${key}:${name}`;
      return (await store.claim(claim, LOCK_MS)) ? async () => store.release(claim) : undefined;
    },
    async waitOf(account) {
      return Math.max(
        await store.nextSlot(ofSender(account), caps.perSender, HOUR_MS),
        await store.nextSlot(ofKey, caps.perKey, HOUR_MS),
      );
    },
    async take(account) {
      const since = Date.now();
      const wait = await store.takeSlot(ofSender(account), caps.perSender, HOUR_MS);
      if (wait > 0) return wait;
      const waitOfKey = await store.takeSlot(ofKey, caps.perKey, HOUR_MS);
      if (waitOfKey > 0) await store.returnSlot(ofSender(account), since);
      return waitOfKey;
    },
    async giveBack(account, since) {
      await store.returnSlot(ofSender(account), since);
      await store.returnSlot(ofKey, since);
    },
    async remember(message, outcome, at = new Date().toISOString()) {
      const left = Date.parse(at) + MEMORY_MS - Date.now();
      if (left <= 0) return;
      const earlier: EarlierSend = { outcome, at };
      const last: LastSend = { ...earlier, message: message.message };
      await store.remember(nameOf(message), JSON.stringify(earlier), left);
      await store.remember(lastIn(message), JSON.stringify(last), left);
    },
    async forget(message) {
      await store.release(nameOf(message));
      const last = await recallLast(message);
      if (last !== undefined && sameText(last.message) === sameText(message.message))
        await store.release(lastIn(message));
    },
    recallLast,
    async recall(message) {
      const found = await store.recall(nameOf(message));
      return found === undefined ? undefined : (JSON.parse(found) as EarlierSend);
    },
  };
}

/** A text as it compares with itself: blanks, Unicode forms and what cannot be seen do not make another one of it. */
export function sameText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}
