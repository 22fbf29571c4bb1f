import { beforeEach, describe, expect, test, vi } from 'vitest';
import { CircuitBreaker } from '../../../src/client/circuit-breaker/circuit-breaker.ts';
import { digest } from '../../../src/lib/json.ts';
import type { CircuitNews, SharedCircuits } from '../../../src/state/circuits.ts';
import { circuitsInRedis } from '../../../src/state/redis/circuits.ts';
import { failed, isOpen, make, makeMany, responded } from '../../unit/client/circuit-breaker/tracked-calls.ts';
import { becomesUp, implementations, type Replicas, useTwoReplicas } from './shared-states.ts';

const POLL = { timeout: 60_000, interval: 20 };
/** What the store was told. No call waits for it, so a test may have to. */
const told: Promise<void>[] = [];
const watched = (circuits: SharedCircuits): SharedCircuits => ({
  ...circuits,
  count(...call) {
    const telling = circuits.count(...call);
    told.push(telling);
    return telling;
  },
});
/** Circuits open for the shortest time, which is five seconds at first. */
const random = () => 1;

describe.each(
  implementations(
    () => new CircuitBreaker({ random }),
    (connection) => new CircuitBreaker({ random, shared: watched(circuitsInRedis(connection)) }),
  ),
)('circuits in %s', (_name, start) => {
  let replicas: Replicas<CircuitBreaker>;
  let all: CircuitBreaker[];

  beforeEach(async () => {
    replicas = await start();
    all = [await replicas.open(), await replicas.open(), await replicas.open()];
    const { command } = replicas;
    // The replicas would miss events before they listen.
    if (command !== undefined) {
      await vi.waitUntil(() => command('PUBSUB', 'NUMSUB', 'hr:circuits').endsWith('3'), POLL);
    }
    return () => replicas.close();
  });
  /** Waits until the store has counted so many failed calls. In memory they count at once. */
  const counts = async (failures: number, [circuit, field] = ['hr:circuit', 'outages']) => {
    const { command } = replicas;
    if (command === undefined) return;
    const expected = failures === 0 ? '' : String(failures);
    await vi.waitFor(() => expect(command('HGET', circuit!, field!)).toBe(expected), POLL);
  };
  const isOpenEverywhere = async (expected: boolean, key = 'a') =>
    vi.waitFor(() => expect(all.map((breaker) => isOpen(breaker, key))).toEqual([expected, expected, expected]), POLL);

  test('open for all replicas after five failed calls in a row, on any of them', async () => {
    for (const at of [0, 1, 2, 0]) await make(all[at]!, failed('timeout'));
    await counts(4);
    await isOpenEverywhere(false);
    await make(all[1]!, failed('timeout'));
    await isOpenEverywhere(true);
  });

  test('do not open if a call in between succeeds, on any replica', async () => {
    for (const at of [0, 0, 0, 0]) await make(all[at]!, responded(503));
    await counts(4);
    // The other process must know that calls fail before it reports its own successes.
    await vi.waitFor(async () => {
      await make(all[2]!, responded(404));
      expect(replicas.command?.('HGET', 'hr:circuit', 'outages') ?? '').toBe('');
    }, POLL);
    // The store must not hear of such a call after the next failed ones.
    await Promise.all(told);
    for (const at of [0, 1, 2, 1]) await make(all[at]!, responded(503));
    await counts(4);
    await isOpenEverywhere(false);
    await make(all[0]!, responded(503));
    await isOpenEverywhere(true);
  });

  test("of a key open after HeyReach's own 500s to two operations", async () => {
    for (const at of [0, 1, 2, 0, 1]) await make(all[at]!, responded(500), { operation: 'one' });
    await counts(5, ['hr:{a}:circuit', `e:${digest(['one'])}`]);
    await isOpenEverywhere(false);
    await make(all[2]!, responded(500), { operation: 'two' });
    await isOpenEverywhere(true);
    await isOpenEverywhere(false, 'b');
  });

  test('send one probe for all replicas, whose result applies to all', async () => {
    await makeMany(all[0]!, 5, failed('timeout'));
    await isOpenEverywhere(true);
    await isOpenEverywhere(false);
    /** Asks for a probe on all replicas at once. @returns those that may send one. */
    const ask = async () => {
      const asked = all.map(async (breaker) => breaker.allow('a', 'one'));
      const answers = await Promise.allSettled(asked);
      return answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
    };
    const probes = await ask();
    expect(probes).toHaveLength(1);
    await isOpenEverywhere(true);
    probes[0]!.report(failed('timeout'), 0);
    await probes[0]!.end();
    // The circuit is open for ten seconds now, and each process waits for the probe.
    await isOpenEverywhere(true);
    await isOpenEverywhere(false);
    const [probe] = await ask();
    probe!.report(responded(200), 0);
    await probe!.end();
    await vi.waitFor(async () => {
      expect(await Promise.all(all.map((breaker) => make(breaker, responded(200))))).toEqual([true, true, true]);
    }, POLL);
  });
});

describe('circuits in Redis', () => {
  const redis = useTwoReplicas();
  const call = { operation: undefined, failure: 'HTTP 502', ageMs: 0, isHalfOpenProbe: false };
  const opened = new Set<0 | 1>();
  /** Circuits that hear all news from now on. */
  const open = async (at: 0 | 1) => {
    const circuits = circuitsInRedis(redis.connections[at]);
    const heard: CircuitNews[] = [];
    circuits.listen((news) => heard.push(news));
    opened.add(at);
    const listeners = () => Number(redis.server.command('PUBSUB', 'NUMSUB', 'hr:circuits').split('\n')[1]);
    await vi.waitUntil(() => listeners() >= opened.size, POLL);
    return { circuits, heard };
  };

  beforeEach(() => {
    redis.server.command('FLUSHALL');
  });

  test('are known to a process that connects later, or that missed the event', async () => {
    const early = await open(0);
    for (let count = 0; count < 5; count += 1) await early.circuits.count(undefined, { ...call, result: 'failed' }, 0);
    const late = await open(1);
    await vi.waitFor(() => expect(late.heard).toContainEqual(expect.objectContaining({ state: 'open' })), POLL);
    expect(late.heard.at(-1)).toMatchObject({ key: undefined, failure: 'HTTP 502' });
    expect(late.heard.at(-1)!.openForMs).toBeGreaterThan(2_000);
  });

  test('ignore calls that began before they opened or closed', async () => {
    const { circuits, heard } = await open(0);
    const count = (overrides: object) => circuits.count('a', { ...call, result: 'failed', ...overrides }, 0);
    for (let times = 0; times < 5; times += 1) await count({});
    await count({ result: 'ok' });
    expect(heard.at(-1)).toMatchObject({ state: 'open' });
    await count({ result: 'ok', isHalfOpenProbe: true });
    for (let times = 0; times < 9; times += 1) await count({ ageMs: 60_000 });
    expect(await circuits.takeProbe('a')).toBe(0);
    await vi.waitFor(() => expect(heard.at(-1)).toMatchObject({ state: 'closed', key: 'a' }), POLL);
  });

  test('give the probe of a dead process to another process', async () => {
    const { circuits } = await open(0);
    expect(await circuits.takeProbe('a')).toBe(0);
    const waitMs = await (await open(1)).circuits.takeProbe('a');
    expect(waitMs).toBeGreaterThan(10_000);
    expect(waitMs).toBeLessThanOrEqual(25_000);
    expect(redis.server.command('KEYS', '*').split('\n')).toContain('hr:{a}:circuit');
    expect(Number(redis.server.command('PTTL', 'hr:{a}:circuit'))).toBeGreaterThan(0);
  });

  test('work without an available store', async () => {
    const { circuits, heard } = await open(0);
    await redis.server.kill();
    await vi.waitUntil(() => !redis.connections[0].isUp, POLL);
    await circuits.count(undefined, { ...call, result: 'failed' }, 0);
    expect(await circuits.takeProbe(undefined)).toBe(0);
    expect(heard).toEqual([]);
    await redis.server.restart();
    for (const connection of redis.connections) await becomesUp(connection);
  });
});
