import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnavailableError } from '../errors.ts';
import {
  type NewSend,
  recentOf,
  SEND_LOCK_MS,
  SEND_MEMORY_MS,
  SEND_WINDOW_MS,
  type SendBeginning,
  type SendLock,
  type SendPlace,
  type SendRecord,
  type Sends,
  type SendTicket,
} from '../sends.ts';
import { type Commands, parseMessage, type RedisConnection, type Reply } from './connection.ts';
import { EPOCH } from './epoch.ts';
import { KnownSends, type SendChange, type SendNews, type SentHere } from './known-sends.ts';
import { BEGIN, END, FORGET, LOCK, RECALL, REPORT, UNLOCK, WAIT_OF } from './send-scripts.ts';

/** How long a store that has lost the sends waits for the reports of the replicas. They reconnect within half a second. */
const SETTLING_MS = 1_500;
/** A store that loses its data again and again is not waited for. */
const LOCK_ATTEMPTS = 4;
const CHANNEL = 'hr:sends';
/** Each replica also keeps the sends of the others, because a replica that has ended cannot report them again. */
const NEWS_CHANNEL = 'hr:sends:ledger';
const WINDOW_US = SEND_WINDOW_MS * 1_000;
/** How many commands of a replica that reports its sends are in flight. */
const REPORTED_AT_ONCE = 200;

/**
 * The sends of all replicas, in Redis. Each replica also keeps its own of the last hour, and those that it hears of. It
 * reports them again to a store that has lost them.
 */
export function sendsInRedis(connection: RedisConnection): Sends {
  const knownSends = new KnownSends((commands, change) => deliver(commands, change));
  void connection.subscribe(NEWS_CHANNEL, (message) => {
    const news = parseMessage<SendNews>(message);
    if (news !== undefined) knownSends.hear(news);
  });

  /** Reports to a store what it may have lost. What it has stays as it is. */
  const reportSends = async (commands: Commands, key?: string) => {
    const own = [...knownSends.sent()].filter(({ ticket }) => key === undefined || ticket.key === key);
    for (let from = 0; from < own.length; from += REPORTED_AT_ONCE) {
      await Promise.all(own.slice(from, from + REPORTED_AT_ONCE).map((sent) => reportSend(commands, sent)));
    }
  };
  connection.onConnect(async (commands) => {
    await reportSends(commands);
    await knownSends.flush(commands);
  });
  void connection.subscribe(CHANNEL, (key) => {
    reportSends(connection, key).catch(() => {
      // The store is unavailable. The next connect reports again.
    });
  });

  const lockOnce = async (lock: SendLock): Promise<number> => {
    const { key, id } = lock;
    const args = [id, SEND_LOCK_MS, SETTLING_MS, CHANNEL, key];
    try {
      return Number(await connection.run(LOCK, [...epochKeys(key), lockKey(lock), EPOCH], args));
    } catch (error) {
      // The script may have run.
      knownSends.defer(connection, { type: 'unlock', lock });
      throw error;
    }
  };

  return {
    async lock(key, target) {
      for (let attempt = 1; attempt <= LOCK_ATTEMPTS; attempt += 1) {
        const lock = { key, target, id: randomUUID() };
        const answer = await lockOnce(lock);
        if (answer === 0) return lock;
        if (answer < 0) return undefined;
        await sleep(answer);
      }
      throw new StoreUnavailableError('refused', 'it has lost its data');
    },
    async unlock(lock) {
      await knownSends.change(connection, { type: 'unlock', lock });
    },
    async waitOf(key, sender, { perKey, perSender }) {
      return toWait(await connection.run(WAIT_OF, startKeys(key, sender), [perKey, perSender, WINDOW_US]));
    },
    async begin(send) {
      const { key, conversation, sender, text } = send;
      const ticket: SendTicket = { key, conversation, id: randomUUID(), sender };
      try {
        const answer = await beginIn(connection, send, ticket);
        if (answer.type === 'begun') {
          // If a record is on one server only, a failure of that server loses it.
          await connection.waitForReplica();
          knownSends.keep(ticket, text);
        }
        return answer;
      } catch (error) {
        // The script may have run, and the message does not leave.
        knownSends.defer(connection, { type: 'end', ticket, outcome: 'not_sent' });
        throw error;
      }
    },
    async end(ticket, outcome) {
      knownSends.settle(ticket, outcome);
      await knownSends.change(connection, { type: 'end', ticket, outcome });
    },
    async note(place, { id, text, outcome, ageMs }) {
      const args = [id, text, codeOf(outcome), Math.max(0, Math.round(ageMs)), -1, SEND_MEMORY_MS, WINDOW_US];
      await connection.run(REPORT, [recordsKey(place), ...startKeys(place.key, '')], args);
    },
    async recall(place, text) {
      const rows = await connection.run(RECALL, [recordsKey(place)], [SEND_MEMORY_MS]);
      return recentOf((rows as Reply[]).map(toRecord), text);
    },
    async forget(place, text) {
      knownSends.forget(place, text);
      // What stays expires by itself. The message was sent, so its call must not fail.
      const args = [text, SEND_MEMORY_MS, ...toOthers({ type: 'forgotten', place, text })];
      await connection.run(FORGET, [recordsKey(place)], args).catch(() => {});
    },
  };
}

async function beginIn(commands: Commands, send: NewSend, ticket: SendTicket): Promise<SendBeginning> {
  const { key, sender, lock, text, known, caps } = send;
  const keys = [lockKey(lock), recordsKey(send), ...startKeys(key, sender)];
  const limits = [caps.perKey, caps.perSender, WINDOW_US, SEND_MEMORY_MS, SEND_LOCK_MS];
  const news = toOthers({ type: 'begun', ticket, text });
  const answer = await commands.run(BEGIN, keys, [lock.id, ticket.id, text, known ?? '', ...limits, ...news]);
  const [type, ...rest] = answer as [SendBeginning['type'], ...Reply[]];
  switch (type) {
    case 'begun':
      return { type, ticket };
    case 'wait':
      return { type, ms: toWait(rest[0]) };
    case 'repeated':
      return { type, earlier: toRecord(rest) };
    case 'busy':
      return { type };
  }
}

/** The last arguments of a script that publishes to the other replicas. This one hears it too, and knows it by then. */
function toOthers(news: SendNews): [string, string] {
  return [NEWS_CHANNEL, JSON.stringify(news)];
}

async function reportSend(
  commands: Commands,
  { ticket, text, outcome, recordedAt, startedAt }: SentHere,
): Promise<void> {
  const now = performance.now();
  const recordAge = recordedAt === undefined ? -1 : Math.round(now - recordedAt);
  const startAge = Math.round((now - startedAt) * 1_000);
  const args = [ticket.id, text, codeOf(outcome), recordAge, startAge, SEND_MEMORY_MS, WINDOW_US];
  await commands.run(REPORT, [recordsKey(ticket), ...startKeys(ticket.key, ticket.sender)], args);
}

async function deliver(commands: Commands, change: SendChange): Promise<void> {
  if (change.type === 'unlock') {
    await commands.run(UNLOCK, [lockKey(change.lock)], [change.lock.id]);
    return;
  }
  const { ticket, outcome } = change;
  const news = toOthers({ type: 'ended', ticket, outcome });
  const args = [ticket.id, outcome === 'not_sent' ? outcome : codeOf(outcome), SEND_MEMORY_MS, ...news];
  await commands.run(END, [recordsKey(ticket), ...startKeys(ticket.key, ticket.sender)], args);
}

const tag = (key: string) => `hr:{${key}}:`;
const epochKeys = (key: string) => [`${tag(key)}se`, `${tag(key)}ss`];
const lockKey = ({ key, target }: SendLock) => `${tag(key)}lock:${target}`;
const recordsKey = ({ key, conversation }: SendPlace) => `${tag(key)}sent:${conversation}`;
const startKeys = (key: string, sender: string) => [`${tag(key)}starts`, `${tag(key)}starts:${sender}`];

const codeOf = (outcome: SendRecord['outcome']) => (outcome === 'accepted' ? 'a' : 'u');

function toWait(reply: Reply | undefined): number {
  const ms = Number(reply);
  return ms < 0 ? Number.POSITIVE_INFINITY : ms;
}

function toRecord(row: Reply): SendRecord {
  const [id, text, outcome, at] = row as string[];
  return { id: id!, text: text!, outcome: outcome === 'a' ? 'accepted' : 'unknown', at: Number(at) };
}
