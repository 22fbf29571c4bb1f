import type { MaybePromise } from './maybe-promise.ts';

const MINUTE_MS = 60_000;
/** How long a message that was or may have been sent is remembered. */
export const SEND_MEMORY_MS = 15 * MINUTE_MS;
/** Lifetime of a lock. A send ends after at most 90 s, so an older lock was left behind. */
export const SEND_LOCK_MS = 3 * MINUTE_MS;
/** A message must leave within this time after `begin`. Otherwise its lock could expire while the process is paused. */
export const SEND_START_MS = 2_000;
/** The window of the send limits. */
export const SEND_WINDOW_MS = 60 * MINUTE_MS;

/** The send limits. 0 allows no message. */
export interface SendCaps {
  /** Messages an hour per key. */
  perKey: number;
  /** Messages an hour per key and sender. */
  perSender: number;
}

/** A conversation of a key. */
export interface SendPlace {
  /** Fingerprint of the key. */
  key: string;
  /** A digest. No name, id or text of a person becomes part of the state. */
  conversation: string;
}

/** A lock on a target of a key, which its holder alone can release. */
export interface SendLock {
  key: string;
  target: string;
  id: string;
}

/** A message that is about to be sent. */
export interface NewSend extends SendPlace {
  lock: SendLock;
  /** A digest of the LinkedIn account. */
  sender: string;
  /** A digest of the text. */
  text: string;
  /** The id of the last send of this text that the caller knows of. `any`: the text may be repeated. */
  known: string | undefined;
  caps: SendCaps;
}

/** A message that was or may have been sent. */
export interface SendRecord {
  id: string;
  /** A digest of the text. */
  text: string;
  outcome: 'accepted' | 'unknown';
  /** ms since the epoch, on the clock of the state. */
  at: number;
}

/** A send that was begun. */
export interface SendTicket extends SendPlace {
  id: string;
  sender: string;
}

/** Whether a message may leave. Only `begun` reserves and records anything. */
export type SendBeginning =
  | { type: 'begun'; ticket: SendTicket }
  /** The send limits allow the message after `ms` milliseconds. */
  | { type: 'wait'; ms: number }
  /** The lock has expired, or belongs to another send. */
  | { type: 'busy' }
  /** The same text was or may have been sent, and the caller does not know it. */
  | { type: 'repeated'; earlier: SendRecord };

/** What is remembered of a conversation. */
export interface RecentSends {
  /** The last send of the same text. */
  earlier: SendRecord | undefined;
  /** The last send of any text. */
  last: SendRecord | undefined;
}

/**
 * The sends of all processes: locks, limits, and messages that were or may have been sent. What can reject does so with
 * `StoreUnavailableError`, and then nothing may be sent.
 */
export interface Sends {
  /** @returns undefined while another send holds the target. */
  lock(key: string, target: string): MaybePromise<SendLock | undefined>;
  /** Never rejects. */
  unlock(lock: SendLock): MaybePromise<void>;
  /** Milliseconds until the limits allow a message, 0 if they do now. Infinity where a limit is 0. Reserves nothing. */
  waitOf(key: string, sender: string, caps: SendCaps): MaybePromise<number>;
  /** In one step: checks the lock, repeats and limits, counts the message, and records it as possibly sent. */
  begin(send: NewSend): MaybePromise<SendBeginning>;
  /** Records the outcome of a send. `not_sent` undoes all that `begin` did. Never rejects. */
  end(ticket: SendTicket, outcome: SendRecord['outcome'] | 'not_sent'): MaybePromise<void>;
  /** Records a send that is known from elsewhere, such as an audit log. Records it once for each id. */
  note(place: SendPlace, record: Omit<SendRecord, 'at'> & { ageMs: number }): MaybePromise<void>;
  recall(place: SendPlace, text: string): MaybePromise<RecentSends>;
  /** Forgets the sends of a text, because the thread shows it. They still count towards the limits. Never rejects. */
  forget(place: SendPlace, text: string): MaybePromise<void>;
}

/** @param records in any order. */
export function recentOf(records: readonly SendRecord[], text: string): RecentSends {
  let earlier: SendRecord | undefined;
  let last: SendRecord | undefined;
  for (const record of records) {
    if (last === undefined || record.at >= last.at) last = record;
    if (record.text === text && (earlier === undefined || record.at >= earlier.at)) earlier = record;
  }
  return { earlier, last };
}
