import { describe, expect, test } from 'vitest';
import { compactLead, exampleLead } from '../../../support/fixtures/lead.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_leads_in_list', () => {
  const wire = useToolHarness();
  const path = '/api/public/list/GetLeadsFromList';

  test('sends every filter, including the whole last day', async () => {
    wire.answerWith({ '/list/GetLeadsFromList': { body: { totalCount: 1, items: [] } } });
    const person = { leadProfileUrl: 'https://www.linkedin.com/in/ada-example', leadLinkedInId: '580000001' };
    const rest = { listId: 930001, keyword: 'analyst', ...person, offset: 1000, limit: 1000 };
    const created = { createdFrom: '2026-09-01', createdTo: '2026-09-02' };
    await wire.call('list_leads_in_list', { ...rest, ...created });
    const sent = { createdFrom: '2026-09-01T00:00:00Z', createdTo: '2026-09-02T23:59:59.999Z' };
    expect(wire.sent()).toEqual([post(path, { ...rest, ...sent })]);
  });

  test('reads the type of a list without rows, and names the tool for companies', async () => {
    for (const [listType, hasError] of [
      ['USER_LIST', false],
      ['COMPANY_LIST', true],
    ] as const) {
      wire.answerWith({
        '/list/GetLeadsFromList': { body: { totalCount: 0, items: [] } },
        '/list/GetById': { body: { id: 930149, listType } },
      });
      const { isError, structuredContent } = await wire.call('list_leads_in_list', { listId: 930149 });
      expect(isError === true).toBe(hasError);
      if (hasError)
        expect(structuredContent?.error).toMatchObject({ nextStep: expect.stringContaining('list_companies_in_list') });
    }
  });

  test.each([{ leadProfileUrl: 'https://www.linkedin.com/in/ada-example' }, { leadLinkedInId: '100001' }])(
    'a person who is not in the list takes one request (%o)',
    async (person) => {
      wire.answerWith({ '/list/GetLeadsFromList': { body: { totalCount: 0, items: [] } } });
      const result = await wire.call('list_leads_in_list', { listId: 930149, ...person });
      expect(result.structuredContent).toEqual({ totalCount: 0, returned: 0, items: [] });
      expect(wire.sent()).toHaveLength(1);
    },
  );

  test('sends only list and page by default, and returns compact rows', async () => {
    wire.answerWith({ '/list/GetLeadsFromList': { body: { totalCount: 2, items: [exampleLead()] } } });
    const result = await wire.call('list_leads_in_list', { listId: 930001 });
    expect(wire.sent()).toEqual([post(path, { listId: 930001, offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 2, returned: 1, items: [compactLead], nextOffset: 1 });
  });

  test('full rows are unchanged', async () => {
    const items = [exampleLead({ about: 'x'.repeat(3_000), autoTags: null })];
    wire.answerWith({ '/list/GetLeadsFromList': { body: { totalCount: 1, items } } });
    const result = await wire.call('list_leads_in_list', { listId: 930001, detail: 'full' });
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items });
  });

  test.each(['compact', 'full'])('a list of 1,200 is read completely, each row once (%s)', async (detail) => {
    const all = Array.from({ length: 1_200 }, (_, index) => exampleLead({ linkedin_id: String(index) }));
    wire.answerWith({
      '/list/GetLeadsFromList': ({ body }) => {
        const { offset, limit } = JSON.parse(body) as { offset: number; limit: number };
        return { body: { totalCount: all.length, items: all.slice(offset, offset + limit) } };
      },
    });
    const seen: string[] = [];
    let offset: number | undefined = 0;
    for (let calls = 0; offset !== undefined && calls < 40; calls += 1) {
      const result = await wire.call('list_leads_in_list', { listId: 930001, offset, limit: 1_000, detail });
      expect(Buffer.byteLength(result.content[0]!.text)).toBeLessThanOrEqual(48_000);
      const answer = result.structuredContent as {
        returned: number;
        truncated?: boolean;
        items: { linkedin_id: string }[];
        nextOffset?: number;
      };
      expect(answer.returned).toBe(answer.items.length);
      if (calls === 0) expect(answer.truncated).toBe(true);
      seen.push(...answer.items.map(({ linkedin_id }) => linkedin_id));
      offset = answer.nextOffset;
    }
    expect(seen).toEqual(all.map(({ linkedin_id }) => linkedin_id));
  });
});
