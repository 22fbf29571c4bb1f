import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type HeyReachClient, HeyReachError } from '../../src/client/index.ts';
import { KnownKeys } from '../../src/front-door/known-keys.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A client whose key HeyReach answers with that status, or 200. */
function clientOf(fingerprint: string, status: () => number | undefined = () => 200, isAtOnce = false) {
  const asked: unknown[] = [];
  const checkApiKey = async (_: object, options: unknown) => {
    asked.push(options);
    if (!isAtOnce) await new Promise((resolve) => setTimeout(resolve, 10));
    const answered = status();
    if (answered === 200) return;
    const said = { kind: 'other', message: 'no', meaning: 'no', nextStep: 'no', outcome: 'refused' } as never;
    throw new HeyReachError(Object.assign({}, said, { status: answered }));
  };
  return { client: { fingerprint, auth: { checkApiKey } } as unknown as HeyReachClient, asked };
}

/** What comes of it, once HeyReach has answered. */
async function settle<Result>(found: Promise<Result>): Promise<Result> {
  await vi.advanceTimersByTimeAsync(10);
  return found;
}

test('many who ask about one key at once are one request', async () => {
  const keys = new KnownKeys();
  const { client, asked } = clientOf('a');
  expect(await settle(Promise.all(Array.from({ length: 64 }, () => keys.check(client))))).toEqual(
    Array(64).fill(undefined),
  );
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ singleAttempt: true, background: true });
});

test('what was accepted counts for ten minutes, what was refused for half a minute', async () => {
  const keys = new KnownKeys();
  const good = clientOf('good');
  const bad = clientOf('bad', () => 401);
  await settle(keys.check(good.client));
  expect(await settle(keys.check(bad.client))).toMatchObject({ status: 401, reason: 'unknown_key' });
  await vi.advanceTimersByTimeAsync(29_000);
  expect(await settle(keys.check(bad.client))).toMatchObject({ status: 401 });
  expect(bad.asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_100);
  await settle(keys.check(bad.client));
  expect(bad.asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(565_000);
  await settle(keys.check(good.client));
  expect(good.asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10_000);
  await settle(keys.check(good.client));
  expect(good.asked).toHaveLength(2);
});

test('where HeyReach says neither yes nor no the key passes, and is asked about again', async () => {
  const keys = new KnownKeys();
  let status: number | undefined = 503;
  const { client, asked } = clientOf('a', () => status);
  expect(await settle(keys.check(client))).toBeUndefined();
  status = undefined;
  expect(await settle(keys.check(client))).toBeUndefined();
  status = 403;
  expect(await settle(keys.check(client))).toMatchObject({ status: 401 });
  expect(asked).toHaveLength(3);
});

test('no more keys are remembered than ten thousand, the oldest least', async () => {
  const keys = new KnownKeys();
  const first = clientOf('first');
  await settle(keys.check(first.client));
  const others = Array.from({ length: 10_000 }, (_, index) => clientOf(`key ${index}`, undefined, true));
  await settle(Promise.all(others.map(({ client }) => keys.check(client))));
  await settle(keys.check(others[0]!.client));
  expect(others[0]!.asked).toHaveLength(1);
  await settle(keys.check(first.client));
  expect(first.asked).toHaveLength(2);
});
