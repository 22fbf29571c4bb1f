import { randomUUID } from 'node:crypto';
import {
  recentOf,
  SEND_LOCK_MS,
  SEND_MEMORY_MS,
  SEND_WINDOW_MS,
  type SendCaps,
  type SendLock,
  type SendPlace,
  type SendRecord,
  type Sends,
} from '../sends.ts';

/** How many new entries trigger a sweep of expired ones. */
const SWEEP_EVERY = 1_000;

/** The sends of a single process. Limits are measured with `performance.now()`, which the system clock does not move. */
export function sendsInMemory(): Sends {
  const locks = new Map<string, { id: string; until: number }>();
  const conversations = new Map<string, SendRecord[]>();
  /** The starts of a key or of one of its senders, the oldest first. */
  const starts = new Map<string, { id: string; at: number }[]>();
  let added = 0;

  const nameOf = ({ key, conversation }: SendPlace) => `${key} ${conversation}`;
  const lockName = ({ key, target }: Pick<SendLock, 'key' | 'target'>) => `${key} ${target}`;
  const senderName = (key: string, sender: string) => `${key} ${sender}`;

  const sweep = () => {
    added += 1;
    if (added < SWEEP_EVERY) return;
    added = 0;
    for (const [name, { until }] of locks) if (until <= performance.now()) locks.delete(name);
    for (const name of conversations.keys()) if (recordsOf(name).length === 0) conversations.delete(name);
    for (const name of starts.keys()) if (startsOf(name).length === 0) starts.delete(name);
  };
  const recordsOf = (name: string) => {
    const oldest = Date.now() - SEND_MEMORY_MS;
    const records = (conversations.get(name) ?? []).filter(({ at }) => at > oldest);
    conversations.set(name, records);
    return records;
  };
  const startsOf = (name: string) => {
    const oldest = performance.now() - SEND_WINDOW_MS;
    const recent = (starts.get(name) ?? []).filter(({ at }) => at > oldest);
    starts.set(name, recent);
    return recent;
  };
  const waitFor = (name: string, cap: number) => {
    if (cap === 0) return Number.POSITIVE_INFINITY;
    const recent = startsOf(name);
    return recent.length < cap ? 0 : recent[recent.length - cap]!.at + SEND_WINDOW_MS - performance.now();
  };
  const waitOf = (key: string, sender: string, { perKey, perSender }: SendCaps) =>
    Math.max(waitFor(senderName(key, sender), perSender), waitFor(key, perKey));
  const isHeld = (lock: SendLock) => {
    const held = locks.get(lockName(lock));
    return held !== undefined && held.id === lock.id && held.until > performance.now();
  };

  return {
    lock(key, target) {
      sweep();
      const name = lockName({ key, target });
      const now = performance.now();
      if ((locks.get(name)?.until ?? 0) > now) return undefined;
      const id = randomUUID();
      locks.set(name, { id, until: now + SEND_LOCK_MS });
      return { key, target, id };
    },
    unlock(lock) {
      if (isHeld(lock)) locks.delete(lockName(lock));
    },
    waitOf,
    begin({ key, conversation, lock, sender, text, known, caps }) {
      sweep();
      if (!isHeld(lock)) return { type: 'busy' };
      const name = nameOf({ key, conversation });
      const records = recordsOf(name);
      const { earlier } = recentOf(records, text);
      if (earlier !== undefined && known !== 'any' && known !== earlier.id) return { type: 'repeated', earlier };
      const ms = waitOf(key, sender, caps);
      if (ms > 0) return { type: 'wait', ms };
      const id = randomUUID();
      const now = performance.now();
      for (const counted of [key, senderName(key, sender)]) startsOf(counted).push({ id, at: now });
      records.push({ id, text, outcome: 'unknown', at: Date.now() });
      locks.set(lockName(lock), { id: lock.id, until: now + SEND_LOCK_MS });
      return { type: 'begun', ticket: { key, conversation, id, sender } };
    },
    end({ key, conversation, id, sender }, outcome) {
      const name = nameOf({ key, conversation });
      const records = recordsOf(name);
      if (outcome !== 'not_sent') {
        const record = records.find((sent) => sent.id === id);
        if (record !== undefined) Object.assign(record, { outcome, at: Date.now() });
        return;
      }
      conversations.set(
        name,
        records.filter((record) => record.id !== id),
      );
      for (const counted of [key, senderName(key, sender)]) {
        const others = startsOf(counted).filter((start) => start.id !== id);
        starts.set(counted, others);
      }
    },
    note(place, { ageMs, ...record }) {
      sweep();
      const records = recordsOf(nameOf(place));
      if (ageMs < SEND_MEMORY_MS && records.every(({ id }) => id !== record.id))
        records.push({ ...record, at: Date.now() - ageMs });
    },
    recall: (place, text) => recentOf(recordsOf(nameOf(place)), text),
    forget(place, text) {
      const name = nameOf(place);
      conversations.set(
        name,
        recordsOf(name).filter((record) => record.text !== text),
      );
    },
  };
}
