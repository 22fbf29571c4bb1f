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

/** Tries so many keys. @returns those that were let through. */
function tryKeys(count: number, address: string): string[] {
  const names = Array.from({ length: count }, (_, index) => `${address} ${index}`);
  return names.filter((name) => keys.tryKey(name, address) === undefined);
}

test('one address tries so many keys in a minute, and can use each of them again', () => {
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

test('all addresses together have a limit', () => {
  for (let address = 0; address < all / perAddress; address += 1) tryKeys(perAddress, `address ${address}`);
  expect(keys.tryKey('one more', 'new address')).toMatchObject({ status: 503, reason: 'unknown_keys' });
  vi.advanceTimersByTime(61_000);
  expect(keys.tryKey('one more', 'new address')).toBeUndefined();
});

test('a key that HeyReach accepts makes room', () => {
  const [first] = tryKeys(perAddress, 'a');
  accepted.add(first!);
  expect(keys.isAccepted(first!)).toBe(true);
  expect(keys.tryKey('one more', 'a')).toBeUndefined();
  expect(keys.tryKey('too many', 'a')).toMatchObject({ status: 429 });
});
