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

  test('a first refusal of a pause that took effect is reported as paused, with what HeyReach said', async () => {
    wire.answerWith({
      '/campaign/Pause': { status: 400, body: { errorMessage: 'You cannot pause an inactive campaign' } },
      '/campaign/GetById': { body: { id: 600001, status: 'PAUSED' } },
    });
    const result = await wire.call('pause_campaign', { campaignId: 600001 });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ campaignId: 600001, status: 'PAUSED' });
    expect(result.structuredContent?.note).toContain('You cannot pause an inactive campaign');
    expect(wire.sent()).toHaveLength(2);
  });

  test.each([
    ['PAUSED', false],
    ['IN_PROGRESS', true],
  ])('after a 500 to every attempt, a campaign that reads %s decides', async (status, isError) => {
    wire.answerWith({
      '/campaign/Pause': { status: 500 },
      '/campaign/GetById': { body: { id: 600001, status } },
    });
    const result = await wire.call('pause_campaign', { campaignId: 600001 });
    expect(wire.sent().map(({ path }) => path.split('?')[0])).toEqual([
      '/api/public/campaign/Pause',
      '/api/public/campaign/Pause',
      '/api/public/campaign/Pause',
      '/api/public/campaign/GetById',
    ]);
    expect(result.isError ?? false).toBe(isError);
    if (isError) expect(result.structuredContent?.error).toMatchObject({ status: 500, outcome: 'unknown' });
    else expect(result.structuredContent).toMatchObject({ status: 'PAUSED' });
  });

  test('needs the campaign', async () => {
    const result = await wire.call('pause_campaign', { campaignIds: [600001] });
    expect(result.content[0]?.text).toContain('unknown parameter campaignIds (did you mean campaignId?)');
    expect(wire.sent()).toEqual([]);
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
