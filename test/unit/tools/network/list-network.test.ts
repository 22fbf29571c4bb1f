import { describe, expect, test } from 'vitest';
import { compactLead, exampleLead } from '../../../support/fixtures/lead.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_network', () => {
  const wire = useToolHarness();
  const path = '/api/public/MyNetwork/GetMyNetworkForSender';
  const people = (count: number, long = '') =>
    Array.from({ length: count }, (_, index) => exampleLead({ linkedin_id: String(index), headline: long }));
  /** Returns pages as HeyReach does. */
  const answerPagesOf = (all: object[], totalCount: number | null = all.length) =>
    wire.answerWith({
      '/MyNetwork/GetMyNetworkForSender': ({ body }) => {
        const { pageNumber, pageSize } = JSON.parse(body) as { pageNumber: number; pageSize: number };
        return { body: { totalCount, items: all.slice(pageNumber * pageSize, (pageNumber + 1) * pageSize) } };
      },
    });
  const idsOf = (answer: Record<string, unknown> | undefined) =>
    ((answer?.items ?? []) as { linkedin_id: string }[]).map(({ linkedin_id }) => Number(linkedin_id));
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

  test('converts offset and limit to a page, counted from 0', async () => {
    answerPagesOf(people(120));
    const result = await wire.call('list_network', { senderId: 170001, offset: 100, limit: 50, detail: 'full' });
    expect(wire.sent()).toEqual([post(path, { senderId: 170001, pageNumber: 2, pageSize: 50 })]);
    expect(result.structuredContent).toEqual({ totalCount: 120, returned: 20, items: people(120).slice(100) });
  });

  test('requests the first 20 by default, and returns compact rows', async () => {
    wire.answerWith({ '/MyNetwork/GetMyNetworkForSender': { body: { totalCount: 21, items: [exampleLead()] } } });
    const result = await wire.call('list_network', { senderId: 170001 });
    expect(wire.sent()).toEqual([post(path, { senderId: 170001, pageNumber: 0, pageSize: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 21, returned: 1, items: [compactLead], nextOffset: 20 });
  });

  test('an offset between two pages reads both, and returns each row once', async () => {
    answerPagesOf(people(100));
    const result = await wire.call('list_network', { senderId: 170001, offset: 30, limit: 20 });
    expect(wire.sent()).toEqual([
      post(path, { senderId: 170001, pageNumber: 1, pageSize: 20 }),
      post(path, { senderId: 170001, pageNumber: 2, pageSize: 20 }),
    ]);
    expect(idsOf(result.structuredContent)).toEqual(range(30, 50));
    expect(result.structuredContent).toMatchObject({ totalCount: 100, returned: 20, nextOffset: 50 });
  });

  test('an offset within the last page needs one call', async () => {
    answerPagesOf(people(35));
    const result = await wire.call('list_network', { senderId: 170001, offset: 30, limit: 20 });
    expect(wire.sent()).toEqual([post(path, { senderId: 170001, pageNumber: 1, pageSize: 20 })]);
    expect(result.structuredContent).toMatchObject({ totalCount: 35, returned: 5 });
    expect(result.structuredContent).not.toHaveProperty('nextOffset');
  });

  test('a short page is not the last while HeyReach counts more', async () => {
    const all = people(50);
    wire.answerWith({
      '/MyNetwork/GetMyNetworkForSender': ({ body }) => {
        const { pageNumber } = JSON.parse(body) as { pageNumber: number };
        return { body: { totalCount: 50, items: pageNumber === 0 ? all.slice(0, 18) : all.slice(20, 40) } };
      },
    });
    const result = await wire.call('list_network', { senderId: 170001, offset: 18, limit: 20 });
    expect(idsOf(result.structuredContent)).toEqual(range(20, 38));
    expect(result.structuredContent?.nextOffset).toBe(38);
  });

  test('an empty page in the middle is not the last', async () => {
    wire.answerWith({ '/MyNetwork/GetMyNetworkForSender': { body: { totalCount: 50, items: [] } } });
    const result = await wire.call('list_network', { senderId: 170001, offset: 20, limit: 20 });
    expect(result.structuredContent).toEqual({ totalCount: 50, returned: 0, items: [], nextOffset: 40 });
  });

  test.each([100, null])('truncated pages continue without skipping or repeating a row (total %s)', async (total) => {
    answerPagesOf(people(100, 'x'.repeat(390)), total);
    const seen: number[] = [];
    let offset: number | undefined = 0;
    for (let calls = 0; offset !== undefined && calls < 10; calls += 1) {
      const { structuredContent } = await wire.call('list_network', { senderId: 170001, offset, limit: 100 });
      seen.push(...idsOf(structuredContent));
      offset = structuredContent?.nextOffset as number | undefined;
    }
    expect(seen).toEqual(range(0, 100));
    expect(wire.sent().length).toBeGreaterThan(1);
  });
});
