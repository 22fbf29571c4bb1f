import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { digest } from '../../../src/lib/json.ts';
import type { ConfirmationStore, ShownConfirmation } from '../../../src/state/confirmation-store.ts';
import { StoreUnavailableError } from '../../../src/state/errors.ts';
import { confirmationsInMemory } from '../../../src/state/memory/confirmations.ts';
import { confirmationsInRedis } from '../../../src/state/redis/confirmations.ts';
import type { RedisConnection } from '../../../src/state/redis/connection.ts';
import { permitsInRedis } from '../../../src/state/redis/permits.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';
import { becomesUp, connectTo, implementations, type Replicas } from './shared-states.ts';

const LONG = { timeout: 60_000, interval: 20 };
const TTL = 600_000;
const ONE = `hr:{${digest('one')}}:shown`;
const shown = (id: string, overrides: Partial<ShownConfirmation> = {}): ShownConfirmation => ({
  ...{ id, kind: 'token', proof: `proof of ${id}`, owner: 'an-owner' },
  ...overrides,
});

describe.each(implementations<ConfirmationStore>(confirmationsInMemory, confirmationsInRedis))(
  'confirmations in %s',
  (_name, start) => {
    let replicas: Replicas<ConfirmationStore>;
    let replica: ConfirmationStore;
    let other: ConfirmationStore;

    beforeAll(async () => {
      replicas = await start();
      replica = await replicas.open();
      other = await replicas.open();
    });
    afterAll(() => replicas.close());

    test('of one replica are found by another, also after their use', async () => {
      await replica.keep(shown('found'));
      expect(await other.find('found')).toBe('proof of found');
      expect(await other.find('never shown')).toBeUndefined();
      expect(await other.stateOf('found')).toBe('open');
      expect(await other.markUsed('found', TTL)).toBe(true);
      expect(await replica.stateOf('found')).toBe('used');
      expect(await replica.find('found')).toBe('proof of found');
    });

    test('are used once across all replicas', async () => {
      for (const kind of ['token', 'state'] as const) {
        await replica.keep(shown(`raced ${kind}`, { kind }));
        const uses = Array.from({ length: 20 }, (_, at) => (at % 2 ? replica : other).markUsed(`raced ${kind}`, TTL));
        expect((await Promise.all(uses)).filter(Boolean)).toHaveLength(1);
      }
    });
  },
);

describe('confirmations in Redis, with a failing store', () => {
  let server: RedisServer;
  let connection: RedisConnection;
  let confirmations: ConfirmationStore;

  beforeEach(async () => {
    server = await startRedis();
    connection = await connectTo(server);
    confirmations = confirmationsInRedis(connection);
  });
  afterEach(async () => {
    await connection.close();
    await server.close();
  });

  test('are not accepted without the store', async () => {
    await confirmations.keep(shown('one'));
    await server.kill();
    await vi.waitUntil(() => !connection.isUp, LONG);
    await expect(confirmations.find('one')).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(Promise.resolve(confirmations.stateOf('one'))).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(Promise.resolve(confirmations.markUsed('one', TTL))).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  test('confirmations that the store has lost are unknown, even if the client has the proof', async () => {
    for (const kind of ['token', 'state'] as const) await confirmations.keep(shown(kind, { kind }));
    await confirmations.markUsed('state', TTL);
    await server.restart();
    await becomesUp(connection);
    for (const id of ['token', 'state']) {
      expect(await confirmations.stateOf(id)).toBe('unknown');
      expect(await confirmations.markUsed(id, TTL)).toBe(false);
      expect(await confirmations.find(id)).toBeUndefined();
    }
  });

  test('confirmations from before a restore of the store are unknown, because their use may be lost', async () => {
    permitsInRedis(connection, { replica: 'one' });
    await vi.waitUntil(() => server.command('HGET', 'hr:epoch', 'run') !== '', LONG);
    await confirmations.keep(shown('one'));
    server.command('SAVE');
    expect(await confirmations.markUsed('one', TTL)).toBe(true);
    await server.restart();
    await becomesUp(connection);
    expect(server.command('GET', ONE)).toMatch(/^o/);
    expect(await confirmations.stateOf('one')).toBe('unknown');
    expect(await confirmations.markUsed('one', TTL)).toBe(false);
    await confirmations.keep(shown('two'));
    expect(await confirmations.markUsed('two', TTL)).toBe(true);
  });

  test('expire by themselves, and a use not before its lifetime', async () => {
    await confirmations.keep(shown('one'));
    const left = () => Number(server.command('PTTL', ONE));
    expect(left()).toBeGreaterThan(1_000_000);
    server.command('PEXPIRE', ONE, '60000');
    await confirmations.markUsed('one', TTL);
    expect(left()).toBeGreaterThan(500_000);
  });
});
