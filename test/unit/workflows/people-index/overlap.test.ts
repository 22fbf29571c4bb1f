import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/index.ts';
import type { CampaignOfLead } from '../../../../src/workflows/leads/campaign-reach.ts';
import { type Overlap, overlapOf } from '../../../../src/workflows/people-index/overlap.ts';
import { callerOn } from '../../../support/tools/people-index.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimit: false, clock: 'manual' });
});
afterAll(() => sandbox.close());

/** Every tenth person of the lists, and a person whom HeyReach does not know. */
function someone(): string[] {
  const { lists, people } = sandbox.workspace;
  const members = [...lists.values()].flatMap((list) => [...list.members.keys()]);
  return [
    ...members.filter((_, at) => at % 10 === 0).map((id) => people.get(id)!.profileUrl),
    'https://www.linkedin.com/in/nobody-example',
  ];
}

test('counts the same people as GetCampaignsForLead, the inbox and the blacklist do for each one', async () => {
  const { context } = callerOn(sandbox.url);
  const people = someone();
  const rows = await Promise.all(
    people.map(async (profileUrl) => {
      const { items } = await context.client.campaigns.getForLead({ profileUrl, offset: 0, limit: 100 }, context.call);
      return items ?? [];
    }),
  );
  const overlap = (await overlapOf(people, context)) as Overlap;
  expect(overlap.incomplete).toEqual([]);
  expect(overlap.inAnyOtherCampaign?.count).toBe(rows.filter((own) => own.length > 0).length);
  const running = ['STARTING', 'IN_PROGRESS', 'SCHEDULED'];
  expect(overlap.inRunningCampaigns?.count).toBe(
    rows.filter((own) =>
      own.some(({ campaignStatus, leadStatus }) => running.includes(campaignStatus!) && leadStatus !== 'Excluded'),
    ).length,
  );
  const waits = ({ campaignStatus, leadStatus }: CampaignOfLead) =>
    leadStatus === 'PendingOrExcludedToBeCalculated' && !running.includes(campaignStatus!);
  expect(overlap.onlyWaiting?.count).toBe(rows.filter((own) => own.length > 0 && own.every(waits)).length);
  expect(overlap.onlyWaiting!.count).toBeGreaterThan(0);
  const { conversations, people: known, blacklist, slugs } = sandbox.workspace;
  const idOf = (url: string) => slugs.get(decodeURIComponent(url.split('/in/')[1]!)) ?? '';
  const inInbox = new Set([...conversations.values()].map(({ personId }) => personId));
  expect(overlap.inConversation?.count).toBe(people.filter((url) => inInbox.has(idOf(url))).length);
  const matched = new Set(
    blacklist.filter((entry) => entry.matchingStatus === 'Matched').map((entry) => entry.personId),
  );
  expect(overlap.blacklisted?.count).toBe(
    people.filter((url) => known.has(idOf(url)) && matched.has(idOf(url))).length,
  );
  expect(overlap.inAnyOtherCampaign!.count).toBeGreaterThan(10);
  expect(overlap.inConversation!.count).toBeGreaterThan(5);

  const again = (await overlapOf(people, context)) as Overlap;
  expect(again).toEqual({ ...overlap, age: again.age, requests: 0 });
});

test('returns the number of requests instead of making too many', async () => {
  const { context } = callerOn(sandbox.url);
  expect(await overlapOf(someone(), context, { maxRequests: 5 })).toEqual({
    state: 'not_checked',
    reason: expect.stringMatching(/^needs about \d+ requests$/),
  });
});
