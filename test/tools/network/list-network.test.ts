import { describe, expect, test } from 'vitest';
import { compactLead, exampleLead } from '../../kit/lead-examples.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('list_network', () => {
  const wire = useWire();
  const path = '/api/public/MyNetwork/GetMyNetworkForSender';
  const people = (count: number, long = '') =>
    Array.from({ length: count }, (_, index) => exampleLead({ linkedin_id: String(index), headline: long }));
  /** Answers pages, as HeyReach does. */
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

  test('turns offset and limit into a page, counted from 0', async () => {
    answerPagesOf(people(120));
    const result = await wire.call('list_network', { senderId: 170001, offset: 100, limit: 50, detail: 'full' });
    expect(wire.sent()).toEqual([post(path, { senderId: 170001, pageNumber: 2, pageSize: 50 })]);
    expect(result.structuredContent).toEqual({ totalCount: 120, returned: 20, items: people(120).slice(100) });
  });

  test('asks for the first 20 when only the sender is given, and answers compact rows', async () => {
    wire.answerWith({ '/MyNetwork/GetMyNetworkForSender': { body: { totalCount: 21, items: [exampleLead()] } } });
    const result = await wire.call('list_network', { senderId: 170001 });
    expect(wire.sent()).toEqual([post(path, { senderId: 170001, pageNumber: 0, pageSize: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 21, returned: 1, items: [compactLead], nextOffset: 20 });
  });

  test('an offset between two pages takes both, and gives each row once', async () => {
    answerPagesOf(people(100));
    const result = await wire.call('list_network', { senderId: 170001, offset: 30, limit: 20 });
    expect(wire.sent()).toEqual([
      post(path, { senderId: 170001, pageNumber: 1, pageSize: 20 }),
      post(path, { senderId: 170001, pageNumber: 2, pageSize: 20 }),
    ]);
    expect(idsOf(result.structuredContent)).toEqual(range(30, 50));
    expect(result.structuredContent).toMatchObject({ totalCount: 100, returned: 20, nextOffset: 50 });
  });

  test('an offset within the last page takes one call', async () => {
    answerPagesOf(people(35));
    const result = await wire.call('list_network', { senderId: 170001, offset: 30, limit: 20 });
    expect(wire.sent()).toEqual([post(path, { senderId: 170001, pageNumber: 1, pageSize: 20 })]);
    expect(result.structuredContent).toMatchObject({ totalCount: 35, returned: 5 });
    expect(result.structuredContent).not.toHaveProperty('nextOffset');
  });

  test('a page that comes back short is not the end while HeyReach counts more', async () => {
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

  test('an empty page in the middle is not the end either', async () => {
    wire.answerWith({ '/MyNetwork/GetMyNetworkForSender': { body: { totalCount: 50, items: [] } } });
    const result = await wire.call('list_network', { senderId: 170001, offset: 20, limit: 20 });
    expect(result.structuredContent).toEqual({ totalCount: 50, returned: 0, items: [], nextOffset: 40 });
  });

  test.each([100, null])('pages cut for size go on without skipping or repeating a row (total %s)', async (total) => {
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

  test('an unknown sender is an error that says where to look', async () => {
    const errorMessage = 'LinkedIn account with id 170009 was not found.';
    wire.answerWith({ '/MyNetwork/GetMyNetworkForSender': { status: 404, body: { errorMessage } } });
    expectError(await wire.call('list_network', { senderId: 170009 }), {
      kind: 'not_found',
      status: 404,
      message: errorMessage,
      nextStep: 'Find the sender with list_linkedin_accounts.',
      outcome: 'refused',
    });
  });

  test('paging in the words of the API is refused with the words of the tool', async () => {
    const result = await wire.call('list_network', { senderId: 170001, pageSize: 10 });
    expectInvalid(result, 'unknown parameter pageSize');
    expectInvalid(await wire.call('list_network', { senderId: 1, limit: 101 }), 'limit must be at most 100, got 101');
    expect(wire.sent()).toEqual([]);
  });
});
