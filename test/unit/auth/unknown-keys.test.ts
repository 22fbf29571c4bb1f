import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UNKNOWN_KEYS, UnknownKeys } from '../../../src/auth/unknown-keys.ts';

const { perAddress, all } = UNKNOWN_KEYS;
let accepted: Set<string>;
let keys: UnknownKeys;

beforeEach(() => {
  vi.useFakeTimers();
  accepted = new Set();
  keys = new UnknownKeys((fingerprint) => accepted.has(fingerprint));
});
afterEach(() => {
  vi.useRealTimers();
});

/** Tries `count` different keys. @returns the names of the keys that were allowed. */
function tryKeys(count: number, address: string): string[] {
  const names = Array.from({ length: count }, (_, index) => `${address} ${index}`);
  return names.filter((name) => keys.tryKey(name, address) === undefined);
}

test('one address may try a limited number of keys in a minute, and repeat each of them', () => {
  expect(tryKeys(perAddress + 5, 'a')).toHaveLength(perAddress);
  expect(tryKeys(perAddress + 5, 'a')).toHaveLength(perAddress);
  expect(keys.tryKey('one more', 'a')).toMatchObject({
    status: 429,
    reason: 'unknown_keys',
    headers: { 'retry-after': '10' },
  });
  expect(keys.tryKey('one more', 'b')).toBeUndefined();
  vi.advanceTimersByTime(59_000);
  expect(keys.tryKey('another', 'a')).toMatchObject({ status: 429 });
  vi.advanceTimersByTime(2_000);
  expect(tryKeys(perAddress + 5, 'a')).toHaveLength(perAddress);
});

test('all addresses together may try a limited number of keys', () => {
  for (let address = 0; address < all / perAddress; address += 1) tryKeys(perAddress, `address ${address}`);
  expect(keys.tryKey('one more', 'new address')).toMatchObject({ status: 503, reason: 'unknown_keys' });
  vi.advanceTimersByTime(61_000);
  expect(keys.tryKey('one more', 'new address')).toBeUndefined();
});

test('a key that HeyReach accepts does not count any more', () => {
  const [first] = tryKeys(perAddress, 'a');
  accepted.add(first!);
  expect(keys.isAccepted(first!)).toBe(true);
  expect(keys.tryKey('one more', 'a')).toBeUndefined();
  expect(keys.tryKey('too many', 'a')).toMatchObject({ status: 429 });
});
