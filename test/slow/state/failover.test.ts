import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { digest } from '../../../src/lib/json.ts';
import { StoreUnavailableError } from '../../../src/state/errors.ts';
import { confirmationsInRedis } from '../../../src/state/redis/confirmations.ts';
import type { RedisConnection } from '../../../src/state/redis/connection.ts';
import { permitsInRedis } from '../../../src/state/redis/permits.ts';
import { sendsInRedis } from '../../../src/state/redis/sends.ts';
import type { NewSend, SendLock } from '../../../src/state/sends.ts';
import { type RedisServer, startRedis, startRedisReplica } from '../../support/programs/redis.ts';
import { becomesUp, connectTo } from './shared-states.ts';

const LONG = { timeout: 60_000, interval: 20 };
const PLACE = { key: 'a-key', conversation: 'a-conversation' };
const CAPS = { perKey: 2, perSender: 2 };
const newSend = (lock: SendLock): NewSend => ({
  ...PLACE,
  ...{ lock, sender: 'a-sender', text: 'a-text', known: undefined, caps: CAPS },
});
const shown = (id: string) => ({ id, kind: 'token' as const, proof: 'a proof', owner: 'an-owner' });

let server: RedisServer;
let follower: RedisServer;
let connection: RedisConnection;

beforeEach(async () => {
  server = await startRedis();
  follower = await startRedisReplica(server);
  connection = await connectTo(server);
});
afterEach(async () => {
  await connection.close();
  await follower.close();
  await server.close();
});

describe('with a follower of Redis', () => {
  test('the follower has each record of a send and each use of a confirmation', async () => {
    const [sends, confirmations] = [sendsInRedis(connection), confirmationsInRedis(connection)];
    expect(connection.server.replicas).toBe(1);
    const lock = await sends.lock(PLACE.key, 'a');
    // A follower that answers after more than 100 ms fails the call, and the message counts as not sent.
    const begun = await vi.waitFor(async () => {
      const beginning = await sends.begin(newSend(lock!));
      expect(beginning).toMatchObject({ type: 'begun' });
      return follower.command('HLEN', 'hr:{a-key}:sent:a-conversation');
    }, LONG);
    expect(begun).toBe('1');
    let tries = 0;
    const used = await vi.waitFor(async () => {
      tries += 1;
      await confirmations.keep(shown(`one-${tries}`));
      expect(await confirmations.markUsed(`one-${tries}`, 60_000)).toBe(true);
      return follower.command('GET', `hr:{${digest(`one-${tries}`)}}:shown`);
    }, LONG);
    expect(used).toMatch(/^u/);
  });

  test('nothing is sent without a record on the follower', async () => {
    const [sends, confirmations] = [sendsInRedis(connection), confirmationsInRedis(connection)];
    const lock = await sends.lock(PLACE.key, 'a');
    const spares = Array.from({ length: 50 }, (_, index) => `two-${index}`);
    for (const id of ['one', ...spares]) await confirmations.keep(shown(id));
    follower.pause();
    await expect(sends.begin(newSend(lock!))).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(Promise.resolve(confirmations.markUsed('one', 60_000))).rejects.toBeInstanceOf(StoreUnavailableError);
    follower.resume();
    // The message was not sent, so its slot is free again.
    await vi.waitFor(async () => {
      expect(await sends.waitOf(PLACE.key, 'a-sender', { perKey: 1, perSender: 1 })).toBe(0);
      expect(await sends.begin(newSend(lock!))).toMatchObject({ type: 'begun' });
    }, LONG);
    expect(await confirmations.markUsed('one', 60_000)).toBe(false);
    await vi.waitFor(async () => expect(await confirmations.markUsed(spares.pop()!, 60_000)).toBe(true), LONG);
  });

  test('the follower takes over with all sends, and without earlier confirmations', async () => {
    permitsInRedis(connection, { replica: 'before' });
    await vi.waitUntil(() => server.command('HGET', 'hr:epoch', 'run') !== '', LONG);
    const sends = sendsInRedis(connection);
    const lock = await sends.lock(PLACE.key, 'a');
    await vi.waitFor(async () => expect(await sends.begin(newSend(lock!))).toMatchObject({ type: 'begun' }), LONG);
    await confirmationsInRedis(connection).keep(shown('one'));
    await vi.waitFor(() => connection.waitForReplica(), LONG);
    await server.kill();
    follower.command('REPLICAOF', 'NO', 'ONE');
    const after = await connectTo(follower);
    try {
      await becomesUp(after);
      permitsInRedis(after, { replica: 'after' });
      const other = sendsInRedis(after);
      expect((await other.recall(PLACE, 'a-text')).earlier).toMatchObject({ outcome: 'unknown' });
      expect(await other.waitOf(PLACE.key, 'a-sender', { perKey: 1, perSender: 1 })).toBeGreaterThan(0);
      const confirmations = confirmationsInRedis(after);
      await vi.waitFor(async () => expect(await confirmations.stateOf('one')).toBe('unknown'), LONG);
    } finally {
      await after.close();
    }
  });
});
