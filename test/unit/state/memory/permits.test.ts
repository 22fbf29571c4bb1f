import { expect, test } from 'vitest';
import { permitsInMemory } from '../../../../src/state/memory/permits.ts';
import { pass, SECOND, useFakeClock } from '../../client/rate-limit/permit-takers.ts';

useFakeClock();

const LIMITS = { cap: 1, backgroundCap: 1, windowMs: 60 * SECOND };

test('expired holds are removed as new ones are added, and the others stay', async () => {
  const permits = permitsInMemory();
  const heldOf = (key: string) => {
    const ticket = { ticket: `asks ${key}`, background: false };
    const { heldMs } = permits.take(key, ticket, LIMITS) as { heldMs: number };
    void permits.drop(key, ticket);
    return heldMs;
  };
  void permits.hold('short', 10 * SECOND);
  void permits.hold('long', 60 * SECOND);
  expect(heldOf('short')).toBe(10 * SECOND);
  await pass(10 * SECOND);
  for (let key = 0; key < 1_000; key += 1) void permits.take(`key ${key}`, { ticket: key, background: false }, LIMITS);
  expect(heldOf('short')).toBe(0);
  expect(heldOf('long')).toBe(50 * SECOND);
});
