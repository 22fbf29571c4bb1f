import { withState } from '../client/store-unavailable.ts';
import { digest } from '../lib/json.ts';
import {
  SEND_MEMORY_MS,
  SEND_START_MS,
  type SendBeginning,
  type SendCaps,
  type SendLock,
  type SendRecord,
  type Sends,
} from '../state/sends.ts';
import { SentTexts } from './sent-texts.ts';

/** A conversation of a LinkedIn account. */
export interface ConversationRef {
  linkedInAccountId: number;
  conversationId: string;
}

/** A message to a conversation. */
export interface OutgoingMessage extends ConversationRef {
  message: string;
}

/** The known outcome of an earlier send to the same conversation. */
export interface EarlierSend {
  id: string;
  outcome: 'accepted' | 'unknown';
  /** ISO time. */
  at: string;
}

/** The last send to a conversation, with any text. */
export interface LastSend extends EarlierSend {
  /** Its digest, as of `textDigest`. */
  digest: string;
  /** undefined where another process sent it. */
  message: string | undefined;
}

/** A message that is counted and marked as possibly sent. */
export interface BegunSend {
  /** Whether the message may still leave. A process that was stopped meanwhile must end the send and begin again. */
  mayStart(): boolean;
  /** Records the outcome. `not_sent` restores the state from before. */
  end(outcome: EarlierSend['outcome'] | 'not_sent'): Promise<void>;
}

/** Limits the messages of one API key: per conversation, per text, per hour. */
export interface SendGuard {
  /** Locks a target for one call. @returns undefined while another call holds it. */
  lock(target: string): Promise<SendLock | undefined>;
  unlock(lock: SendLock): Promise<void>;
  /** Milliseconds until the limits allow a message of this LinkedIn account, 0 if they do now. Reserves nothing. */
  waitOf(linkedInAccountId: number): Promise<number>;
  /**
   * Reserves a message and marks it as possibly sent, from just before its bytes leave.
   * @param known the earlier send of this text that the caller knows of. `any`: the text may be repeated.
   */
  begin(
    message: OutgoingMessage,
    known: EarlierSend | 'any' | undefined,
  ): Promise<{ type: 'begun'; send: BegunSend } | Exclude<SendBeginning, { type: 'begun' }>>;
  /** Remembers a message that an audit log holds. An outdated one is not remembered. @param at ISO time. */
  remember(message: OutgoingMessage, outcome: EarlierSend['outcome'], at: string): Promise<void>;
  forget(message: OutgoingMessage): Promise<void>;
  /** The sends to the conversation that happened or may have happened: of this text, and the last one of any text. */
  recall(message: OutgoingMessage): Promise<{ earlier: EarlierSend | undefined; last: LastSend | undefined }>;
}

/** The send guards of all keys. */
export type SendGuards = (
  /** Fingerprint of the key. */
  key: string,
  /** The lock of the call. A message can only be sent under one. */
  lock?: SendLock,
) => SendGuard;

/** The send guards of all keys, over one state. */
export function sendsIn(sends: Sends, caps: SendCaps): SendGuards {
  const texts = new SentTexts(SEND_MEMORY_MS);
  return (key, lock) => guardSends({ sends, texts, key, caps, lock });
}

interface GuardOptions {
  sends: Sends;
  texts: SentTexts;
  key: string;
  caps: SendCaps;
  lock: SendLock | undefined;
}

function guardSends({ sends, texts, key, caps, lock }: GuardOptions): SendGuard {
  const senderOf = (account: number) => digest([account]);
  const placeOf = ({ linkedInAccountId, conversationId }: ConversationRef) => ({
    key,
    conversation: digest([linkedInAccountId, conversationId]),
  });
  const toEarlier = ({ id, outcome, at }: SendRecord): EarlierSend => ({ id, outcome, at: new Date(at).toISOString() });
  return {
    lock: (target) => withState(() => sends.lock(key, digest([target]))),
    async unlock(held) {
      await sends.unlock(held);
    },
    waitOf: (account) => withState(() => sends.waitOf(key, senderOf(account), caps)),
    async begin(message, known) {
      if (lock === undefined) throw new Error('a message is sent without a lock');
      const text = textDigest(message, message.message);
      const sender = senderOf(message.linkedInAccountId);
      // The store begins the send at some moment after this one.
      const asked = performance.now();
      const begun = await withState(() =>
        sends.begin({
          ...placeOf(message),
          ...{ lock, sender, text, caps },
          known: known === 'any' ? known : known?.id,
        }),
      );
      if (begun.type !== 'begun') return begun;
      texts.keep(text, message.message);
      return {
        type: 'begun',
        send: {
          mayStart: () => performance.now() - asked < SEND_START_MS,
          async end(outcome) {
            await sends.end(begun.ticket, outcome);
          },
        },
      };
    },
    async remember(message, outcome, at) {
      const text = textDigest(message, message.message);
      const place = placeOf(message);
      const ageMs = Date.now() - Date.parse(at);
      texts.keep(text, message.message);
      await withState(() => sends.note(place, { id: digest([place, text, at]), text, outcome, ageMs }));
    },
    async forget(message) {
      await sends.forget(placeOf(message), textDigest(message, message.message));
    },
    async recall(message) {
      const { earlier, last } = await withState(() =>
        sends.recall(placeOf(message), textDigest(message, message.message)),
      );
      return {
        earlier: earlier && toEarlier(earlier),
        last: last && { ...toEarlier(last), digest: last.text, message: texts.find(last.text) },
      };
    },
  };
}

/** The digest of a text in a conversation. Texts that are the same have one digest. */
export function textDigest({ linkedInAccountId, conversationId }: ConversationRef, text: string): string {
  return digest([linkedInAccountId, conversationId, sameText(text)]);
}

/** The form in which texts are compared: without differences in blanks, Unicode form and invisible characters. */
export function sameText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}
