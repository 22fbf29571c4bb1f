import { expect, test } from 'vitest';
import { readReadiness } from '../../../../../src/transports/http/middleware/health-routes.ts';

/** A HeyReach that last responded `answeredMsAgo` ago, and that responds to a health check or not. */
function upstream(answeredMsAgo: number, answers: boolean) {
  const asked: string[] = [];
  return {
    asked,
    respondedWithin: (ms: number) => answeredMsAgo <= ms,
    async checkHealth() {
      asked.push('probe');
      return answers;
    },
  };
}

const NOT_READY = { status: 'not ready', reason: 'HeyReach does not answer' };

test.each<[what: string, answeredMsAgo: number, answers: boolean, expected: object, asked: number]>([
  ['answered just now: ready without a check', 0, false, { status: 'ready' }, 0],
  ['answered within the minute: ready without a check', 59_000, false, { status: 'ready' }, 0],
  ['has been silent, and answers the check', 61_000, true, { status: 'ready' }, 1],
  ['has been silent, and does not answer the check', 61_000, false, NOT_READY, 1],
  ['was never asked, and answers the check', Number.POSITIVE_INFINITY, true, { status: 'ready' }, 1],
])('HeyReach %s', async (_, answeredMsAgo, answers, expected, asked) => {
  const heyreach = upstream(answeredMsAgo, answers);
  expect(await readReadiness(heyreach)).toEqual(expected);
  expect(heyreach.asked).toHaveLength(asked);
});
