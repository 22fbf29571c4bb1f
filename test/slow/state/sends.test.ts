import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreUnavailableError } from '../../../src/state/errors.ts';
import { sendsInMemory } from '../../../src/state/memory/sends.ts';
import type { RedisConnection } from '../../../src/state/redis/connection.ts';
import { sendsInRedis } from '../../../src/state/redis/sends.ts';
import { type NewSend, SEND_WINDOW_MS, type SendLock, type Sends, type SendTicket } from '../../../src/state/sends.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';
import { becomesUp, connectTo, implementations, type Replicas } from './shared-states.ts';

const PLACE = { key: 'a-key', conversation: 'a-conversation' };
const LONG = { timeout: 60_000, interval: 20 };

async function lockOf(sends: Sends, target = 'a', key = PLACE.key): Promise<SendLock> {
  const lock = await sends.lock(key, target);
  if (lock === undefined) throw new Error('the lock is held');
  return lock;
}

async function begin(sends: Sends, lock: SendLock, overrides: Partial<NewSend> = {}): Promise<SendTicket> {
  const begun = await sends.begin(newSend(lock, overrides));
  if (begun.type !== 'begun') throw new Error(`not begun: ${JSON.stringify(begun)}`);
  return begun.ticket;
}

function newSend(lock: SendLock, overrides: Partial<NewSend> = {}): NewSend {
  const caps = { perKey: 100, perSender: 100 };
  return { ...PLACE, lock, sender: 'a-sender', text: 'a-text', known: 'any', caps, ...overrides };
}

describe.each(implementations<Sends>(sendsInMemory, sendsInRedis))('sends in %s', (_name, start) => {
  let replicas: Replicas<Sends>;
  let replica: Sends;
  let other: Sends;
  let key = 0;
  /** A separate key for each test. */
  const place = () => ({ ...PLACE, key: `key-${key}` });
  const locked = (sends: Sends, target = 'a') => lockOf(sends, target, place().key);

  beforeAll(async () => {
    replicas = await start();
    replica = await replicas.open();
    other = await replicas.open();
  });
  afterAll(() => replicas.close());
  beforeEach(() => {
    key += 1;
  });

  test('lock a target for one call at a time, and only its holder unlocks it', async () => {
    const lock = await locked(replica);
    expect(await other.lock(lock.key, 'a')).toBeUndefined();
    expect(await other.lock(lock.key, 'b')).toBeDefined();
    await other.unlock({ ...lock, id: 'of another' });
    expect(await other.lock(lock.key, 'a')).toBeUndefined();
    await replica.unlock(lock);
    expect(await other.lock(lock.key, 'a')).toBeDefined();
  });

  test('give the lock to one of many replicas that ask at once', async () => {
    const tries = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? replica : other).lock(place().key, 'a'));
    const got = (await Promise.all(tries)).filter((lock) => lock !== undefined);
    expect(got).toHaveLength(1);
  });

  test('begin only with the lock, and record the message as possibly sent', async () => {
    const lock = await locked(replica);
    const foreign = { ...lock, id: 'of another' };
    expect(await other.begin(newSend(foreign, place()))).toEqual({ type: 'busy' });
    expect(await other.recall(place(), 'a-text')).toEqual({ earlier: undefined, last: undefined });
    const { id } = await begin(replica, lock, place());
    const record = { id, text: 'a-text', outcome: 'unknown', at: expect.any(Number) };
    expect(await other.recall(place(), 'a-text')).toEqual({ earlier: record, last: record });
    expect(await other.recall(place(), 'other')).toEqual({ earlier: undefined, last: record });
    expect(await other.recall({ ...place(), conversation: 'other' }, 'a-text')).toMatchObject({ last: undefined });
  });

  test('detect a repeat that the caller does not know', async () => {
    const lock = await locked(replica);
    const ticket = await begin(replica, lock, place());
    await replica.end(ticket, 'accepted');
    const again = await replica.begin(newSend(lock, { ...place(), known: undefined }));
    expect(again).toMatchObject({ type: 'repeated', earlier: { id: ticket.id, outcome: 'accepted', text: 'a-text' } });
    expect(await replica.begin(newSend(lock, { ...place(), text: 'other', known: undefined }))).toMatchObject({
      type: 'begun',
    });
    expect(await replica.begin(newSend(lock, { ...place(), known: ticket.id }))).toMatchObject({ type: 'begun' });
  });

  test('apply the limits exactly over all replicas, and release the slot of a message that was not sent', async () => {
    const caps = { perKey: 5, perSender: 3 };
    const locks = await Promise.all(Array.from({ length: 12 }, (_, at) => locked(at % 2 ? replica : other, `t${at}`)));
    const all = await Promise.all(
      locks.map((lock, at) => {
        const sends = at % 2 ? replica : other;
        return sends.begin(newSend(lock, { ...place(), conversation: `c${at}`, sender: `s${at % 3}`, caps }));
      }),
    );
    const begun = all.filter((beginning) => beginning.type === 'begun');
    expect(begun).toHaveLength(5);
    for (const beginning of all.filter((beginning) => beginning.type === 'wait')) {
      expect(beginning.ms).toBeGreaterThan(3_500_000);
      expect(beginning.ms).toBeLessThanOrEqual(3_600_000);
    }
    const [first] = begun;
    expect(await other.waitOf(place().key, 'new', caps)).toBeGreaterThan(3_500_000);
    await replica.end(first!.ticket, 'not_sent');
    expect(await other.waitOf(place().key, 'new', caps)).toBe(0);
    expect(await other.recall(first!.ticket, 'a-text')).toMatchObject({ last: undefined });
    const next = { ...place(), sender: 'new', caps };
    expect(await replica.begin(newSend(locks[0]!, next))).toMatchObject({ type: 'begun' });
    expect(await replica.begin(newSend(locks[0]!, next))).toMatchObject({ type: 'wait' });
  });

  test('never send where a limit is 0', async () => {
    const lock = await locked(replica);
    for (const caps of [
      { perKey: 0, perSender: 9 },
      { perKey: 9, perSender: 0 },
    ]) {
      expect(await replica.waitOf(place().key, 'a-sender', caps)).toBe(Number.POSITIVE_INFINITY);
      expect(await replica.begin(newSend(lock, { ...place(), caps }))).toEqual({
        type: 'wait',
        ms: Number.POSITIVE_INFINITY,
      });
    }
  });

  test('record what other sources know, once, and nothing that is too old', async () => {
    const record = { id: 'from the audit log', text: 'a-text', outcome: 'accepted' as const, ageMs: 60_000 };
    await replica.note(place(), record);
    const { earlier } = await other.recall(place(), 'a-text');
    expect(Math.abs(Date.now() - earlier!.at - 60_000)).toBeLessThan(30_000);
    await other.note(place(), { ...record, ageMs: 0 });
    expect(await other.recall(place(), 'a-text')).toEqual({ earlier, last: earlier });
    await replica.note({ ...place(), conversation: 'other' }, { ...record, ageMs: 15 * 60_000 });
    expect(await replica.recall({ ...place(), conversation: 'other' }, 'a-text')).toMatchObject({ last: undefined });
  });

  test('forget a text that the thread shows, but not its slot in the limits', async () => {
    const lock = await locked(replica);
    const caps = { perKey: 1, perSender: 1 };
    const ticket = await begin(replica, lock, { ...place(), caps });
    await other.forget(place(), 'a-text');
    expect(await replica.recall(place(), 'a-text')).toEqual({ earlier: undefined, last: undefined });
    await replica.end(ticket, 'accepted');
    expect(await replica.recall(place(), 'a-text')).toEqual({ earlier: undefined, last: undefined });
    expect(await replica.waitOf(place().key, 'a-sender', caps)).toBeGreaterThan(0);
  });
});

describe('sends in Redis, with a failing store', () => {
  let server: RedisServer;
  let connections: RedisConnection[];
  const open = async () => {
    const connection = await connectTo(server, 2_000);
    connections.push(connection);
    return { connection, sends: sendsInRedis(connection) };
  };

  beforeEach(async () => {
    server = await startRedis();
    connections = [];
  });
  afterEach(async () => {
    for (const connection of connections) await connection.close();
    await server.close();
  });

  test('do not begin without the store', async () => {
    const { sends, connection } = await open();
    const lock = await lockOf(sends);
    await server.kill();
    await vi.waitUntil(() => !connection.isUp, LONG);
    for (const ask of [
      () => sends.begin(newSend(lock)),
      () => sends.lock(PLACE.key, 'b'),
      () => sends.recall(PLACE, 'a-text'),
      () => sends.waitOf(PLACE.key, 'a-sender', { perKey: 1, perSender: 1 }),
    ]) {
      await expect(ask()).rejects.toBeInstanceOf(StoreUnavailableError);
    }
    // The end of a call never rejects, because the message may have been sent.
    await sends.unlock(lock);
  });

  test.each(['FLUSHALL', 'a restart'])('after %s the records and limits are unchanged', async (loss) => {
    const replicas = [await open(), await open()];
    const caps = { perKey: 3, perSender: 3 };
    for (const [at, { sends }] of replicas.entries()) {
      const ticket = await begin(sends, await lockOf(sends, `t${at}`), { conversation: `c${at}`, caps });
      if (at === 1) await sends.end(ticket, 'accepted');
    }
    const before = await replicas[0]!.sends.recall({ ...PLACE, conversation: 'c1' }, 'a-text');
    if (loss === 'FLUSHALL') server.command('FLUSHALL');
    else await server.restart();
    for (const { connection } of replicas) await becomesUp(connection);
    const { sends } = replicas[0]!;
    // The earlier lock is lost, and with it the right to send.
    const lock = await vi.waitUntil(async () => {
      try {
        return await sends.lock(PLACE.key, 't0');
      } catch {
        return undefined;
      }
    }, LONG);
    for (const at of [0, 1]) {
      const known = await sends.recall({ ...PLACE, conversation: `c${at}` }, 'a-text');
      expect(known.earlier?.outcome).toBe(at === 0 ? 'unknown' : 'accepted');
    }
    const after = await sends.recall({ ...PLACE, conversation: 'c1' }, 'a-text');
    expect(after.earlier?.id).toBe(before.earlier?.id);
    const overrides = { conversation: 'c2', caps };
    expect(await sends.begin(newSend(lock!, overrides))).toMatchObject({ type: 'begun' });
    expect(await sends.begin(newSend(lock!, overrides))).toMatchObject({ type: 'wait' });
  });

  test('after a loss, the sends of a dead replica still count, because the others know them', async () => {
    const [dead, alive] = [await open(), await open()];
    await vi.waitUntil(() => server.command('PUBSUB', 'NUMSUB', 'hr:sends:ledger').endsWith('2'), LONG);
    const caps = { perKey: 2, perSender: 2 };
    const lock = await lockOf(dead.sends);
    await dead.sends.end(await begin(dead.sends, lock, { caps }), 'accepted');
    await dead.sends.end(await begin(dead.sends, lock, { caps, text: 'refused' }), 'not_sent');
    await dead.sends.end(await begin(dead.sends, lock, { caps, text: 'shown' }), 'accepted');
    await dead.sends.forget(PLACE, 'shown');
    await dead.connection.close();
    server.command('FLUSHALL');
    expect(await lockOf(alive.sends)).toBeDefined();
    expect((await alive.sends.recall(PLACE, 'a-text')).earlier).toMatchObject({ outcome: 'accepted' });
    for (const text of ['refused', 'shown']) expect((await alive.sends.recall(PLACE, text)).earlier).toBeUndefined();
    expect(await alive.sends.waitOf(PLACE.key, 'a-sender', caps)).toBeGreaterThan(0);
    expect(await alive.sends.waitOf(PLACE.key, 'a-sender', { perKey: 3, perSender: 3 })).toBe(0);
  });

  test('an outcome that the store did not accept reaches it later', async () => {
    const { sends, connection } = await open();
    const other = await open();
    const ticket = await begin(sends, await lockOf(sends));
    server.pause();
    await sends.end(ticket, 'accepted');
    server.resume();
    await becomesUp(connection);
    await vi.waitFor(async () => {
      expect((await other.sends.recall(PLACE, 'a-text')).earlier).toMatchObject({ outcome: 'accepted' });
    }, LONG);
  });

  test('a begin without an answer leaves no record, because the message was not sent', async () => {
    const { sends, connection } = await open();
    const lock = await lockOf(sends);
    const caps = { perKey: 1, perSender: 1 };
    server.pause();
    await expect(sends.begin(newSend(lock, { caps }))).rejects.toBeInstanceOf(StoreUnavailableError);
    server.resume();
    await becomesUp(connection);
    await vi.waitFor(async () => {
      expect(await sends.waitOf(PLACE.key, 'a-sender', caps)).toBe(0);
      expect(await sends.recall(PLACE, 'a-text')).toEqual({ earlier: undefined, last: undefined });
    }, LONG);
  });

  test('store neither a text nor a name, and every key expires', async () => {
    const { sends } = await open();
    await begin(sends, await lockOf(sends));
    const keys = server.command('KEYS', '*').split('\n').sort();
    expect(keys).toEqual([
      'hr:epoch',
      'hr:{a-key}:lock:a',
      'hr:{a-key}:se',
      'hr:{a-key}:sent:a-conversation',
      'hr:{a-key}:starts',
      'hr:{a-key}:starts:a-sender',
    ]);
    // Otherwise the keys of former workspaces stay forever. The epoch of the sends outlives everything that it guards.
    const expiries = keys.map((key) => Number(server.command('PTTL', key)));
    expect(expiries[0]).toBe(-1);
    for (const left of expiries.slice(1)) expect(left).toBeGreaterThan(0);
    const left = () => Number(server.command('PTTL', 'hr:{a-key}:se'));
    expect(left()).toBeGreaterThan(2 * SEND_WINDOW_MS);
    server.command('PEXPIRE', 'hr:{a-key}:se', '60000');
    await sends.lock(PLACE.key, 'b');
    expect(left()).toBeGreaterThan(2 * SEND_WINDOW_MS);
  });
});
