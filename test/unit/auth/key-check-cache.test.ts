import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeyCheckCache, UNCHECKED_KEY } from '../../../src/auth/key-check-cache.ts';
import { type HeyReachClient, HeyReachError } from '../../../src/client/index.ts';
import { keyChecksInMemory } from '../../../src/state/memory/single-process-state.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A client for whose key HeyReach answers with the given status, or 200. */
function clientOf(fingerprint: string, status: () => number | undefined = () => 200, isAtOnce = false) {
  const asked: unknown[] = [];
  const checkApiKey = async (_: object, options: unknown) => {
    asked.push(options);
    if (!isAtOnce) await new Promise((resolve) => setTimeout(resolve, 10));
    const answered = status();
    if (answered === 200) return;
    const details = { kind: 'other', message: 'no', meaning: 'no', nextStep: 'no', outcome: 'refused' } as never;
    throw new HeyReachError(Object.assign({}, details, { status: answered }));
  };
  return { client: { fingerprint, auth: { checkApiKey } } as unknown as HeyReachClient, asked };
}

/** The result of a check, after HeyReach has answered. */
async function settle<Result>(check: Promise<Result>): Promise<Result> {
  await vi.advanceTimersByTimeAsync(10);
  return check;
}

test('concurrent checks of one key share one request', async () => {
  const keys = new KeyCheckCache(keyChecksInMemory());
  const { client, asked } = clientOf('a');
  expect(await settle(Promise.all(Array.from({ length: 64 }, () => keys.validate(client))))).toEqual(
    Array(64).fill(undefined),
  );
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ singleAttempt: true, background: true });
});

test('caches an accepted key for ten minutes and a rejected key for half a minute', async () => {
  const keys = new KeyCheckCache(keyChecksInMemory());
  const good = clientOf('good');
  const bad = clientOf('bad', () => 401);
  await settle(keys.validate(good.client));
  expect(await settle(keys.validate(bad.client))).toMatchObject({ status: 401, reason: 'unknown_key' });
  await vi.advanceTimersByTimeAsync(29_000);
  expect(await settle(keys.validate(bad.client))).toMatchObject({ status: 401 });
  expect(bad.asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_100);
  await settle(keys.validate(bad.client));
  expect(bad.asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(565_000);
  await settle(keys.validate(good.client));
  expect(good.asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10_000);
  await settle(keys.validate(good.client));
  expect(good.asked).toHaveLength(2);
});

test('reports a check without a clear result as such and does not cache it', async () => {
  const keys = new KeyCheckCache(keyChecksInMemory());
  let status: number | undefined = 503;
  const { client, asked } = clientOf('a', () => status);
  expect(await settle(keys.validate(client))).toBe(UNCHECKED_KEY);
  status = undefined;
  expect(await settle(keys.validate(client))).toBe(UNCHECKED_KEY);
  status = 403;
  expect(await settle(keys.validate(client))).toMatchObject({ status: 401 });
  expect(asked).toHaveLength(3);
});

test('caches at most ten thousand keys and evicts the oldest first', async () => {
  const keys = new KeyCheckCache(keyChecksInMemory());
  const first = clientOf('first');
  await settle(keys.validate(first.client));
  const others = Array.from({ length: 10_000 }, (_, index) => clientOf(`key ${index}`, undefined, true));
  await settle(Promise.all(others.map(({ client }) => keys.validate(client))));
  await settle(keys.validate(others[0]!.client));
  expect(others[0]!.asked).toHaveLength(1);
  await settle(keys.validate(first.client));
  expect(first.asked).toHaveLength(2);
});
