import { expect, test } from 'vitest';
import { createMemoryStore } from '../../src/client/store.ts';
import { pass, SECOND, START, useFakeClock } from './takers.ts';

useFakeClock();

test('a hold that is over is let go of as others come, and one that is not stays', async () => {
  const store = createMemoryStore();
  void store.hold('short', START + 10 * SECOND);
  void store.hold('long', START + 60 * SECOND);
  await pass(10 * SECOND);
  expect(store.heldUntil('short')).toBe(START + 10 * SECOND);
  for (let key = 0; key < 1_000; key += 1) void store.takeSlot(`key ${key}`, 1, 60 * SECOND);
  expect(store.heldUntil('short')).toBe(0);
  expect(store.heldUntil('long')).toBe(START + 60 * SECOND);
});
