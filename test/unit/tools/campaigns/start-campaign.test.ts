import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { barePost, get } from '../../../support/heyreach/requests.ts';
import { inFastTime } from '../../../support/runs/fast-time.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const start = barePost('/api/public/campaign/StartCampaign?campaignId=600001');
const read = get('/api/public/campaign/GetById?campaignId=600001');
const refusal = { status: 400, body: { errorMessage: 'Campaign with status IN_PROGRESS cannot be started.' } };

describe('start_campaign', () => {
  const wire = useToolHarness();

  test('sends the id in the query without a body, and reads back when the status has settled', async () => {
    let startedAt = 0;
    let readAt = 0;
    wire.answerWith({
      '/campaign/StartCampaign': () => {
        startedAt = Date.now();
        return {};
      },
      '/campaign/GetById': () => {
        readAt = Date.now();
        return { body: exampleCampaign({ status: 'IN_PROGRESS' }) };
      },
    });
    const result = await inFastTime(() => wire.call('start_campaign', { campaignId: '600001' }));
    expect(wire.sent()).toEqual([start, read]);
    expect(readAt - startedAt).toBeGreaterThanOrEqual(1_500);
    expect(result.structuredContent).toEqual({ campaignId: 600001, name: 'Q3 founders', status: 'IN_PROGRESS' });
  });

  test('reports a campaign that paused itself', async () => {
    wire.answerWith({ '/campaign/GetById': { body: exampleCampaign({ status: 'PAUSED' }) } });
    const result = await inFastTime(() => wire.call('start_campaign', { campaignId: 600001 }));
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ status: 'PAUSED' });
    expect(result.structuredContent?.note).toMatch(/paused itself.*Add leads, then resume it/);
  });

  test('reads back after a lost response and a rejection, when the status has settled', async () => {
    let attempts = 0;
    let refusedAt = 0;
    let readAt = 0;
    wire.answerWith({
      '/campaign/StartCampaign': () => {
        attempts += 1;
        refusedAt = Date.now();
        return attempts === 1 ? { status: 500 } : refusal;
      },
      '/campaign/GetById': () => {
        readAt = Date.now();
        return { body: exampleCampaign({ status: 'IN_PROGRESS' }) };
      },
    });
    const result = await inFastTime(() => wire.call('start_campaign', { campaignId: 600001 }));
    expect(wire.sent()).toEqual([start, start, read]);
    expect(readAt - refusedAt).toBeGreaterThanOrEqual(1_500);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ campaignId: 600001, status: 'IN_PROGRESS' });
  });

  test('keeps the error of a rejected first attempt, names the requirements of a start, and reads nothing', async () => {
    wire.answerWith({ '/campaign/StartCampaign': refusal });
    const result = await inFastTime(() => wire.call('start_campaign', { campaignId: 600001 }));
    expect(wire.sent()).toEqual([start]);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain('Campaign with status IN_PROGRESS cannot be started.');
    expect(result.structuredContent?.error).toMatchObject({
      status: 400,
      message: 'Campaign with status IN_PROGRESS cannot be started.',
      outcome: 'refused',
    });
    expect(result.content[0]?.text).toMatch(/get_campaign_sequence.*resume_campaign/);
  });

  test('requires the campaign', async () => {
    const result = await wire.call('start_campaign');
    expect(result.content[0]?.text).toContain('campaignId is required');
    expect(wire.sent()).toEqual([]);
  });
});
