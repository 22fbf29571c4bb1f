import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryStore } from '../../src/client/index.ts';
import { guardSends, sameText } from '../../src/safety/sends.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const open = (perKey = 3, perSender = 2) => guardSends(createMemoryStore(), 'one key', { perKey, perSender });
const message = { linkedInAccountId: 1, conversationId: 'a', message: 'Hello there' };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the caps', () => {
  test('roll: a place is free again an hour after it was taken', async () => {
    const sends = open();
    expect(await sends.take(1)).toBe(0);
    vi.advanceTimersByTime(20 * MINUTE);
    expect(await sends.take(1)).toBe(0);
    expect(await sends.take(1)).toBe(HOUR - 20 * MINUTE);
    // What did not fit took nothing: the third of the key is still to be had.
    expect(await sends.waitOf(2)).toBe(0);
    expect(await sends.take(2)).toBe(0);
    expect(await sends.waitOf(3)).toBe(HOUR - 20 * MINUTE);
    vi.advanceTimersByTime(HOUR - 20 * MINUTE);
    expect(await sends.waitOf(1)).toBe(0);
  });

  test('get back the very place that was taken, not a later one', async () => {
    const sends = open(10, 2);
    const since = Date.now();
    await sends.take(1);
    vi.advanceTimersByTime(10 * MINUTE);
    await sends.take(1);
    await sends.giveBack(1, since);
    expect(await sends.take(1)).toBe(0);
    // The place of the tenth minute is the next to be free.
    expect(await sends.waitOf(1)).toBe(HOUR);
  });
});

describe('the memory of sends', () => {
  test('holds a text for a quarter of an hour, per conversation, however it is spaced', async () => {
    const sends = open();
    await sends.remember(message, 'unknown');
    expect(await sends.recall({ ...message, message: ' Hello\u200b\n there ' })).toMatchObject({ outcome: 'unknown' });
    expect(await sends.recall({ ...message, conversationId: 'b' })).toBeUndefined();
    expect(await sends.recall({ ...message, linkedInAccountId: 2 })).toBeUndefined();
    expect(await sends.recallLast({ linkedInAccountId: 1, conversationId: 'a' })).toMatchObject({
      message: 'Hello there',
    });
    vi.advanceTimersByTime(15 * MINUTE);
    expect(await sends.recall(message)).toBeUndefined();
    expect(await sends.recallLast(message)).toBeUndefined();
  });

  test('takes up what is not over, and nothing older', async () => {
    const sends = open();
    await sends.remember(message, 'accepted', new Date(Date.now() - 14 * MINUTE).toISOString());
    expect(await sends.recall(message)).toMatchObject({ outcome: 'accepted' });
    vi.advanceTimersByTime(MINUTE);
    expect(await sends.recall(message)).toBeUndefined();
    await sends.remember(message, 'accepted', new Date(Date.now() - 16 * MINUTE).toISOString());
    expect(await sends.recall(message)).toBeUndefined();
  });

  test('forgets a text, and the last of a conversation only with its own', async () => {
    const sends = open();
    await sends.remember(message, 'accepted');
    await sends.remember({ ...message, message: 'Another' }, 'accepted');
    await sends.forget(message);
    expect(await sends.recall(message)).toBeUndefined();
    expect(await sends.recallLast(message)).toMatchObject({ message: 'Another' });
    await sends.forget({ ...message, message: 'Another' });
    expect(await sends.recallLast(message)).toBeUndefined();
  });
});

test('a conversation is given to one at a time, to each key its own', async () => {
  const store = createMemoryStore();
  const [one, other] = ['one', 'other'].map((key) => guardSends(store, key, { perKey: 1, perSender: 1 }));
  const unlock = await one!.lock('1/a');
  expect(unlock).toBeDefined();
  expect(await one!.lock('1/a')).toBeUndefined();
  expect(await one!.lock('1/b')).toBeDefined();
  expect(await other!.lock('1/a')).toBeDefined();
  await unlock?.();
  expect(await one!.lock('1/a')).toBeDefined();
});

test.each([
  ['Hello  there', 'Hello\nthere', true],
  ['Cafe\u0301', 'Café', true],
  ['a\u200bb', 'ab', true],
  ['Hello there', 'Hello there!', false],
  ['Hello', 'hello', false],
])('%j and %j are the same text: %s', (one, other, same) => {
  expect(sameText(one) === sameText(other)).toBe(same);
});
