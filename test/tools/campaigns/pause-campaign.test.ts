import { describe, expect, test } from 'vitest';
import { TEST_KEY } from '../../kit/keys.ts';
import { useWire } from '../../kit/wire.ts';

describe('pause_campaign', () => {
  const wire = useWire();

  test('sends the id in the query, without a body, and reads the campaign back', async () => {
    wire.answerWith({ '/campaign/GetById': { body: { id: 600001, name: 'Founders', status: 'PAUSED' } } });
    const result = await wire.call('pause_campaign', { campaignId: 600001 });
    expect(result.structuredContent).toEqual({ campaignId: 600001, name: 'Founders', status: 'PAUSED' });
    expect(wire.sent()).toEqual([
      {
        method: 'POST',
        path: '/api/public/campaign/Pause?campaignId=600001',
        contentType: undefined,
        key: TEST_KEY,
        body: undefined,
      },
      {
        method: 'GET',
        path: '/api/public/campaign/GetById?campaignId=600001',
        contentType: undefined,
        key: TEST_KEY,
        body: undefined,
      },
    ]);
  });

  test('a pause answered 500 that took effect, then 400, is reported as paused', async () => {
    let pauses = 0;
    wire.answerWith({
      '/campaign/Pause': () => {
        pauses += 1;
        return pauses === 1
          ? { status: 500 }
          : { status: 400, body: { errorMessage: 'You cannot pause an inactive campaign' } };
      },
      '/campaign/GetById': { body: { id: 600001, status: 'PAUSED' } },
    });
    const result = await wire.call('pause_campaign', { campaignId: 600001 });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ campaignId: 600001, status: 'PAUSED' });
    expect(pauses).toBe(2);
  });

  test('a refused pause of a campaign that is not paused stays an error', async () => {
    wire.answerWith({
      '/campaign/Pause': { status: 400, body: { errorMessage: 'You cannot pause an inactive campaign' } },
      '/campaign/GetById': { body: { id: 600001, status: 'DRAFT' } },
    });
    const result = await wire.call('pause_campaign', { campaignId: 600001 });
    expect(result.isError).toBe(true);
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'bad_request',
      status: 400,
      message: 'You cannot pause an inactive campaign',
      outcome: 'refused',
    });
  });
});
