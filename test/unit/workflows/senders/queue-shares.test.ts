import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareQueues } from '../../../../src/workflows/senders/queue-shares.ts';

test('divides a queue between the working senders by allowance', () => {
  const perDay = new Map([
    [1, 25],
    [2, 0],
    [3, 15],
  ]);
  const { queueOf, stuck } = shareQueues(
    [
      { campaignId: 10, senders: [1, 2], waiting: 60 },
      { campaignId: 11, senders: [1, 3], waiting: 80 },
      { campaignId: 12, senders: [2], waiting: 5 },
      { campaignId: 13, senders: [2], waiting: 0 },
    ],
    perDay,
  );
  expect(queueOf(1)).toEqual({ campaigns: 2, waiting: 140, share: 110 });
  expect(queueOf(2)).toEqual({ campaigns: 3, waiting: 65, share: 0 });
  expect(queueOf(3)).toEqual({ campaigns: 1, waiting: 80, share: 30 });
  expect(queueOf(4)).toEqual({ campaigns: 0, waiting: 0, share: 0 });
  expect(stuck.map(({ campaignId }) => campaignId)).toEqual([12]);
});

test('shares and stuck leads add up to all waiting leads, and a sender that does not work gets none', () => {
  const ids = [1, 2, 3, 4];
  const queue = fc.record({
    campaignId: fc.nat(99),
    senders: fc.uniqueArray(fc.constantFrom(...ids)),
    waiting: fc.nat(5_000),
  });
  fc.assert(
    fc.property(fc.array(queue), fc.array(fc.nat(40), { minLength: 4, maxLength: 4 }), (queues, allowances) => {
      const perDay = new Map(ids.map((id, index) => [id, allowances[index]!]));
      const { queueOf, stuck } = shareQueues(queues, perDay);
      const shared = ids.reduce((sum, id) => sum + queueOf(id).share, 0);
      const unserved = stuck.reduce((sum, { waiting }) => sum + waiting, 0);
      expect(shared + unserved).toBeCloseTo(
        queues.reduce((sum, { waiting }) => sum + waiting, 0),
        6,
      );
      for (const id of ids.filter((sender) => perDay.get(sender) === 0)) expect(queueOf(id).share).toBe(0);
    }),
  );
});
