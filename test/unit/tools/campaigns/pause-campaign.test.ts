import { describe, expect, test } from 'vitest';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { barePost, get } from '../../../support/heyreach/requests.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { TEST_KEY } from '../../../support/runs/keys.ts';
import { isFullRun } from '../../../support/runs/run-scope.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { rowsOf } from '../../../support/tools/tables.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

describe('pause_campaign', () => {
  const wire = useToolHarness();

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

  test('says that an accepted pause had no effect', async () => {
    wire.answerWith({ '/campaign/GetById': { body: { id: 600001, status: 'IN_PROGRESS' } } });
    const result = await wire.call('pause_campaign', { campaignId: 600001 });
    expect(result.structuredContent).toMatchObject({
      status: 'IN_PROGRESS',
      note: expect.stringMatching(/but the campaign is IN_PROGRESS, not PAUSED\. It may go on contacting people\./),
    });
    expect(wire.sent()).toHaveLength(3);
  });

  test('reports a pause that takes effect a moment later as paused', async () => {
    let reads = 0;
    wire.answerWith({
      '/campaign/GetById': () => {
        reads += 1;
        return { body: { id: 600001, status: reads === 1 ? 'IN_PROGRESS' : 'PAUSED' } };
      },
    });
    const result = await wire.call('pause_campaign', { campaignId: 600001 });
    expect(result.structuredContent).toEqual({ campaignId: 600001, status: 'PAUSED' });
  });

  test('reports a pause that took effect as paused after a 500 and a 400', async () => {
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

  test("reports a pause that took effect as paused after a 400, with HeyReach's message", async () => {
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
  ])('after a 500 to every attempt, the status %s decides the outcome', async (status, isError) => {
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

  test.each([{}, { campaignId: 600001, campaignIds: [600002] }])(
    'takes exactly one of campaignId and campaignIds: %j',
    async (args) => {
      expectInvalid(await wire.call('pause_campaign', args), 'exactly one of campaignId and campaignIds is required');
      expect(wire.sent()).toEqual([]);
    },
  );

  test('pauses at most 20 campaigns', async () => {
    const campaignIds = Array.from({ length: 21 }, (_, index) => 600_001 + index);
    expectInvalid(await wire.call('pause_campaign', { campaignIds }), 'campaignIds must have at most 20 entries');
    expectInvalid(await wire.call('pause_campaign', { campaignIds: [] }), 'campaignIds must have at least 1 entries');
    expect(wire.sent()).toEqual([]);
  });

  test('keeps the error of a rejected pause when the campaign is not paused', async () => {
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

describe('pause_campaign with several campaigns', () => {
  const wire = useToolHarness();
  const campaignIds = [600001, 600002, 600003, 600004];
  const idOf = (path: string) => Number(/campaignId=(\d+)/.exec(path)?.[1]);
  const table = (result: ToolResult) => rowsOf(result, result.structuredContent?.outcomes as never);
  const DONE = { outcome: 'done', status: 'PAUSED', note: null };

  test('sends one pause and one read per campaign, and returns a row for each', async () => {
    wire.answerWith({ '/campaign/GetById': ({ path }) => ({ body: { id: idOf(path), status: 'PAUSED' } }) });
    const result = await wire.call('pause_campaign', { campaignIds: [600001, 600002] });
    expect(wire.sent().sort((a, b) => idOf(a.path) - idOf(b.path))).toEqual([
      barePost('/api/public/campaign/Pause?campaignId=600001'),
      get('/api/public/campaign/GetById?campaignId=600001'),
      barePost('/api/public/campaign/Pause?campaignId=600002'),
      get('/api/public/campaign/GetById?campaignId=600002'),
    ]);
    expect(result.structuredContent).toEqual({
      given: 2,
      counts: { done: 2 },
      outcomes: {
        columns: ['campaignId', 'outcome', 'status', 'note'],
        rows: [
          [600001, 'done', 'PAUSED', null],
          [600002, 'done', 'PAUSED', null],
        ],
      },
    });
  });

  test.each([
    [400, 'You cannot pause an inactive campaign', 'refused'],
    [404, 'Campaign not found', 'refused'],
    [500, undefined, 'unknown'],
  ])('a %i for one campaign, at each position, does not stop the others', async (status, errorMessage, outcome) => {
    // Each 500 is retried after a wait.
    for (const failing of status === 500 && !isFullRun ? [600002] : campaignIds) {
      wire.answerWith({
        '/campaign/Pause': ({ path }) => (idOf(path) === failing ? { status, body: { errorMessage } } : {}),
        '/campaign/GetById': ({ path }) => {
          const id = idOf(path);
          return { body: { id, status: id === failing ? 'IN_PROGRESS' : 'PAUSED' } };
        },
      });
      const result = await wire.call('pause_campaign', { campaignIds });
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent).toMatchObject({ given: 4, counts: { done: 3, [outcome]: 1 } });
      expect(table(result)).toEqual(
        campaignIds.map((campaignId) =>
          campaignId === failing
            ? { campaignId, outcome, status: null, note: errorMessage ?? 'HTTP 500 from HeyReach' }
            : { campaignId, ...DONE },
        ),
      );
    }
  });

  test('does not confirm an accepted pause without effect, and pauses a campaign that is named twice once', async () => {
    wire.answerWith({
      '/campaign/GetById': ({ path }) => ({ body: { status: idOf(path) === 600001 ? 'IN_PROGRESS' : 'PAUSED' } }),
    });
    const result = await wire.call('pause_campaign', { campaignIds: [600001, 600002, 600002] });
    expect(table(result)).toEqual([
      {
        campaignId: 600001,
        outcome: 'not_confirmed',
        status: 'IN_PROGRESS',
        note: expect.stringContaining('It may go on contacting people.'),
      },
      { campaignId: 600002, ...DONE },
      { campaignId: 600002, outcome: 'duplicate', status: null, note: 'the campaign of an earlier row' },
    ]);
    expect(result.structuredContent?.nextStep).toContain('Call again with the items that are not done.');
    expect(wire.sent().filter(({ path }) => path.includes('/Pause'))).toHaveLength(2);
  });

  test('decides a 404 after a lost response by the status of that campaign', async () => {
    const pauses = new Map<number, number>();
    wire.answerWith({
      '/campaign/Pause': ({ path }) => {
        const id = idOf(path);
        pauses.set(id, (pauses.get(id) ?? 0) + 1);
        return pauses.get(id) === 1 ? { status: 500 } : { status: 404, body: { errorMessage: 'gone' } };
      },
      '/campaign/GetById': ({ path }) => ({ body: { status: idOf(path) === 600001 ? 'PAUSED' : 'DRAFT' } }),
    });
    const result = await wire.call('pause_campaign', { campaignIds: [600001, 600002] });
    expect(table(result)).toEqual([
      { campaignId: 600001, ...DONE, note: 'An earlier attempt of this call paused it.' },
      { campaignId: 600002, outcome: 'refused', status: null, note: 'gone' },
    ]);
  });

  test('fails only when every campaign failed, and still returns each row', async () => {
    wire.answerWith({ '/campaign/Pause': { status: 404, body: { errorMessage: 'Campaign not found' } } });
    const result = await wire.call('pause_campaign', { campaignIds });
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toMatchObject({
      error: { status: 404, outcome: 'refused', nextStep: 'Find the campaigns with list_campaigns.' },
      counts: { refused: 4 },
    });
    expect(table(result).map(({ campaignId }) => campaignId)).toEqual(campaignIds);
  });
});
