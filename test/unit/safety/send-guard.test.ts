import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sameText, sendsIn, textDigest } from '../../../src/safety/send-guard.ts';
import { sendsInMemory } from '../../../src/state/memory/sends.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const message = { linkedInAccountId: 1, conversationId: 'a', message: 'Hello there' };

/** A guard for a call that holds a lock, with its own caps. */
async function open(perKey = 3, perSender = 2) {
  const guardOf = sendsIn(sendsInMemory(), { perKey, perSender });
  return guardOf('one key', await guardOf('one key').lock('a'));
}
type Guard = Awaited<ReturnType<typeof open>>;

async function begin(sends: Guard, overrides: Partial<typeof message> = {}) {
  const begun = await sends.begin({ ...message, ...overrides }, 'any');
  if (begun.type !== 'begun') throw new Error(`not begun: ${begun.type}`);
  return begun.send;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the caps', () => {
  test('free a slot an hour after it was taken', async () => {
    const sends = await open();
    await begin(sends);
    vi.advanceTimersByTime(2 * MINUTE);
    await begin(sends);
    expect(await sends.begin(message, 'any')).toEqual({ type: 'wait', ms: HOUR - 2 * MINUTE });
    // A rejected send takes no slot, so the third slot of the key is still free.
    expect(await sends.waitOf(2)).toBe(0);
    await begin(sends, { linkedInAccountId: 2 });
    expect(await sends.waitOf(3)).toBe(HOUR - 2 * MINUTE);
    vi.advanceTimersByTime(HOUR - 2 * MINUTE);
    expect(await sends.waitOf(1)).toBe(0);
  });

  test('get back exactly the slot of a message that was not sent', async () => {
    const sends = await open(10, 2);
    const first = await begin(sends);
    vi.advanceTimersByTime(2 * MINUTE);
    await begin(sends);
    await first.end('not_sent');
    expect(await sends.waitOf(1)).toBe(0);
    await begin(sends);
    // The slot of the second minute is the next one to expire.
    expect(await sends.waitOf(1)).toBe(HOUR);
  });

  test('caps of 0 allow nothing', async () => {
    const sends = await open(0, 1);
    expect(await sends.waitOf(1)).toBe(Number.POSITIVE_INFINITY);
    expect(await sends.begin(message, 'any')).toEqual({ type: 'wait', ms: Number.POSITIVE_INFINITY });
  });
});

describe('a message that was begun', () => {
  test('may start within two seconds, and no later', async () => {
    const send = await begin(await open());
    vi.advanceTimersByTime(1_999);
    expect(send.mayStart()).toBe(true);
    vi.advanceTimersByTime(1);
    expect(send.mayStart()).toBe(false);
  });

  test('has less time to start if the store answered late', async () => {
    const sends = sendsInMemory();
    const slow = {
      ...sends,
      begin: async (...send: Parameters<typeof sends.begin>) => {
        const begun = await sends.begin(...send);
        vi.advanceTimersByTime(1_500);
        return begun;
      },
    };
    const guardOf = sendsIn(slow, { perKey: 1, perSender: 1 });
    const send = await begin(guardOf('one key', await guardOf('one key').lock('a')));
    expect(send.mayStart()).toBe(true);
    vi.advanceTimersByTime(500);
    expect(send.mayStart()).toBe(false);
  });
});

describe('the memory of sends', () => {
  test('remembers a text for 15 minutes per conversation, however it is spaced', async () => {
    const sends = await open();
    await begin(sends);
    const spaced = { ...message, message: ' Hello\u200b\n there ' };
    expect(await sends.recall(spaced)).toMatchObject({ earlier: { outcome: 'unknown' } });
    expect(await sends.recall({ ...message, conversationId: 'b' })).toEqual({ earlier: undefined, last: undefined });
    expect(await sends.recall({ ...message, linkedInAccountId: 2 })).toEqual({ earlier: undefined, last: undefined });
    expect(await sends.recall({ ...message, message: 'Another' })).toMatchObject({
      earlier: undefined,
      last: { message: 'Hello there', digest: textDigest(message, 'Hello there') },
    });
    vi.advanceTimersByTime(15 * MINUTE);
    expect(await sends.recall(message)).toEqual({ earlier: undefined, last: undefined });
  });

  test('counts the 15 minutes from the outcome, not from the start', async () => {
    const sends = await open();
    const first = await begin(sends);
    vi.advanceTimersByTime(MINUTE);
    await first.end('accepted');
    vi.advanceTimersByTime(14.5 * MINUTE);
    expect((await sends.recall(message)).earlier).toMatchObject({ outcome: 'accepted' });
    vi.advanceTimersByTime(MINUTE);
    expect((await sends.recall(message)).earlier).toBeUndefined();
  });

  test('forgets only the message that was not sent', async () => {
    const sends = await open(10, 10);
    await (await begin(sends)).end('accepted');
    vi.advanceTimersByTime(1);
    const before = await sends.recall(message);
    await (await begin(sends)).end('not_sent');
    await (await begin(sends, { message: 'Another' })).end('not_sent');
    expect(await sends.recall(message)).toEqual(before);
  });

  test('takes over entries that have not expired, and no older ones', async () => {
    const sends = await open();
    const at = new Date(Date.now() - 14 * MINUTE).toISOString();
    await sends.remember(message, 'accepted', at);
    await sends.remember(message, 'accepted', at);
    expect((await sends.recall(message)).earlier).toMatchObject({ outcome: 'accepted', at });
    vi.advanceTimersByTime(MINUTE);
    expect((await sends.recall(message)).earlier).toBeUndefined();
    await sends.remember(message, 'accepted', new Date(Date.now() - 16 * MINUTE).toISOString());
    expect((await sends.recall(message)).earlier).toBeUndefined();
  });

  test('forgets a text, and the last message of a conversation only with that message', async () => {
    const sends = await open();
    await begin(sends);
    vi.advanceTimersByTime(1);
    await begin(sends, { message: 'Another' });
    await sends.forget(message);
    expect(await sends.recall(message)).toMatchObject({ earlier: undefined, last: { message: 'Another' } });
    await sends.forget({ ...message, message: 'Another' });
    expect((await sends.recall(message)).last).toBeUndefined();
  });
});

describe('beginning a send', () => {
  test('rejects a text that another call sent after the caller checked', async () => {
    const sends = await open(10, 10);
    const { earlier } = await sends.recall(message);
    await begin(sends);
    expect(await sends.begin(message, earlier)).toMatchObject({ type: 'repeated', earlier: { outcome: 'unknown' } });
    const known = (await sends.recall(message)).earlier;
    expect(await sends.begin(message, known)).toMatchObject({ type: 'begun' });
  });

  test('requires the lock of its call', async () => {
    const guardOf = sendsIn(sendsInMemory(), { perKey: 9, perSender: 9 });
    await expect(guardOf('one').begin(message, 'any')).rejects.toThrow('without a lock');
    const lock = await guardOf('one').lock('1/a');
    vi.advanceTimersByTime(3 * MINUTE);
    expect(await guardOf('one', lock).begin(message, 'any')).toEqual({ type: 'busy' });
    const next = await guardOf('one').lock('1/a');
    expect(next).toBeDefined();
    // The holder of the expired lock neither sends nor releases the lock of the next call.
    await guardOf('one').unlock(lock!);
    expect(await guardOf('one', lock).begin(message, 'any')).toEqual({ type: 'busy' });
    expect(await guardOf('one', next).begin(message, 'any')).toMatchObject({ type: 'begun' });
  });
});

test('a target is locked for one call at a time, separately for each key', async () => {
  const guardOf = sendsIn(sendsInMemory(), { perKey: 1, perSender: 1 });
  const lock = await guardOf('one').lock('1/a');
  expect(lock).toBeDefined();
  expect(await guardOf('one').lock('1/a')).toBeUndefined();
  expect(await guardOf('one').lock('1/b')).toBeDefined();
  expect(await guardOf('other').lock('1/a')).toBeDefined();
  await guardOf('one').unlock(lock!);
  expect(await guardOf('one').lock('1/a')).toBeDefined();
});

test.each([
  ['Hello  there', 'Hello\nthere', true],
  ['Cafe\u0301', 'Café', true],
  ['a\u200bb', 'ab', true],
  ['Hello there', 'Hello there!', false],
  ['Hello', 'hello', false],
])('%j and %j are the same text: %s', (first, second, same) => {
  expect(sameText(first) === sameText(second)).toBe(same);
});
