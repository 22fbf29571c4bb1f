import { expect, test } from 'vitest';
import { startSandbox } from '../../../src/sandbox/index.ts';
import { isRunning } from '../../../src/workflows/leads/campaign-reach.ts';
import { type Overlap, overlapOf } from '../../../src/workflows/people-index/overlap.ts';
import { sideBySide } from '../../../src/workflows/shared/side-by-side.ts';
import { callerOn } from '../../support/tools/people-index.ts';

test.each([
  ['default', 620],
  ['large', 1_484],
] as const)('on the %s sandbox, each of %i people has the campaigns of GetCampaignsForLead', async (size, count) => {
  const sandbox = await startSandbox({ size, rateLimit: false, clock: 'manual' });
  try {
    const { context } = callerOn(sandbox.url);
    const { lists, people } = sandbox.workspace;
    const members = new Set([...lists.values()].flatMap((list) => [...list.members.keys()]));
    const invented = Array.from({ length: 20 }, (_, at) => `https://www.linkedin.com/in/invented-example-${at}`);
    const urls = [...[...members].map((id) => people.get(id)!.profileUrl), ...invented];
    expect(urls).toHaveLength(count);

    const all = (await overlapOf(urls, context, { maxRequests: 5_000 })) as Overlap;
    expect(all.incomplete).toEqual([]);
    const answers = await sideBySide(urls, 20, async (profileUrl) => {
      const page = { profileUrl, offset: 0, limit: 100 };
      const { items } = await context.client.campaigns.getForLead(page, { ...context.call, deadline: undefined });
      return items ?? [];
    });
    const isIn = answers.map((own) => own.length > 0);
    const isInRunning = answers.map((own) =>
      own.some(({ campaignStatus, leadStatus }) => isRunning({ status: campaignStatus }) && leadStatus !== 'Excluded'),
    );
    expect(all.inAnyOtherCampaign?.count).toBe(isIn.filter(Boolean).length);
    expect(all.inRunningCampaigns?.count).toBe(isInRunning.filter(Boolean).length);
    // Each person separately, from the same index.
    for (const [at, url] of urls.entries()) {
      const overlap = (await overlapOf([url], context, { maxRequests: 5_000 })) as Overlap;
      expect([overlap.requests, overlap.inAnyOtherCampaign?.count, overlap.inRunningCampaigns?.count], url).toEqual([
        0,
        isIn[at] ? 1 : 0,
        isInRunning[at] ? 1 : 0,
      ]);
    }
  } finally {
    await sandbox.close();
  }
});
