import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { barePost, get } from '../../../support/heyreach/requests.ts';
import { inFastTime } from '../../../support/runs/fast-time.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const resume = barePost('/api/public/campaign/Resume?campaignId=600001');
const read = get('/api/public/campaign/GetById?campaignId=600001');

describe('resume_campaign', () => {
  const wire = useToolHarness();

  test('sends the id in the query without a body, and reads back when the status has settled', async () => {
    let resumedAt = 0;
    let readAt = 0;
    wire.answerWith({
      '/campaign/Resume': () => {
        resumedAt = Date.now();
        return {};
      },
      '/campaign/GetById': () => {
        readAt = Date.now();
        return { body: exampleCampaign({ status: 'IN_PROGRESS' }) };
      },
    });
    const result = await inFastTime(() => wire.call('resume_campaign', { campaignId: 600001 }));
    expect(wire.sent()).toEqual([resume, read]);
    expect(readAt - resumedAt).toBeGreaterThanOrEqual(1_500);
    expect(result.structuredContent).toEqual({ campaignId: 600001, name: 'Q3 founders', status: 'IN_PROGRESS' });
  });

  test('says that a resumed campaign cannot be read back', async () => {
    wire.answerWith({ '/campaign/GetById': { status: 404 } });
    const result = await inFastTime(() => wire.call('resume_campaign', { campaignId: 600001 }));
    expect(result.structuredContent).toEqual({
      campaignId: 600001,
      status: 'unknown',
      note: 'HeyReach accepted the change, but the campaign could not be read back.',
    });
  });

  test("returns HeyReach's own message for a DRAFT, and points to start_campaign", async () => {
    const errorMessage = 'The campaign you are trying to resume is not paused, finished or failed.';
    wire.answerWith({ '/campaign/Resume': { status: 400, body: { errorMessage } } });
    const result = await inFastTime(() => wire.call('resume_campaign', { campaignId: 600001 }));
    expect(wire.sent()).toEqual([resume]);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({ message: errorMessage, outcome: 'refused' });
    expect(result.content[0]?.text).toContain('a DRAFT is started with start_campaign');
  });

  test('does not retry after a 500, because the campaign may have been paused in between', async () => {
    wire.answerWith({ '/campaign/Resume': { status: 500 } });
    const result = await inFastTime(() => wire.call('resume_campaign', { campaignId: 600001 }));
    expect(wire.sent()).toEqual([resume]);
    expect(result.structuredContent?.error).toMatchObject({
      outcome: 'unknown',
      nextStep: 'Read the status with get_campaign before resuming again.',
    });
  });

  test('requires the campaign', async () => {
    const result = await inFastTime(() => wire.call('resume_campaign', { campaignId: 'all' }));
    expect(result.content[0]?.text).toContain('campaignId must be a number, got the text "all"');
    expect(wire.sent()).toEqual([]);
  });
});
