import { describe, expect, test } from 'vitest';
import { fitResult } from '../../../../src/mcp/results/fit-result.ts';
import { toCampaignEntry, toConversationEntry } from '../../../../src/resources/protocol/list-entries.ts';
import { quote } from '../../../../src/resources/shared/markdown.ts';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { exampleConversation } from '../../../support/fixtures/conversation.ts';
import { exampleLead } from '../../../support/fixtures/lead.ts';
import { useReader } from '../../../support/tools/resources.ts';

describe('a truncated resource', () => {
  const reader = useReader();
  const ids = Array.from({ length: 5_000 }, (_, at) => 170_000 + at);
  const names = Object.fromEntries(ids.map((id) => [`field${id}`, 'x'.repeat(30)]));

  test('names the call that returns everything, if it is not cut by rows', async () => {
    reader.answerWith({
      '/campaign/GetById': { body: exampleCampaign({ id: 600001, campaignAccountIds: ids }) },
      '/list/GetById': { body: { id: 930001, listType: 'USER_LIST', campaignIds: ids, totalItemsCount: 0 } },
      '/list/GetLeadsFromList': { body: { totalCount: 0, items: [] } },
      '*': { body: { totalCount: 0, items: [] } },
      '/lead/GetLead': { body: { ...exampleLead(), ...names, experiences: '[]' } },
    });
    const profileUrl = 'https://www.linkedin.com/in/ada-example';
    for (const [uri, tool, args] of [
      ['heyreach://campaigns/600001', 'get_campaign', { campaignId: 600001 }],
      ['heyreach://lists/930001', 'get_list', { listId: 930001 }],
      ['heyreach://leads/ada-example', 'get_lead', { profileUrl, detail: 'full' }],
    ] as const) {
      const { data } = await reader.read(uri, { maxBytes: 8_000 });
      expect(data, uri).toMatchObject({ truncated: true, rest: { tool, arguments: args } });
      expect(data.leftOut ?? 0, uri).not.toBe(-1);
      expect((await reader.read(uri, { maxBytes: 8_000, hidden: [tool] })).data, uri).not.toHaveProperty('rest');
    }
  });

  test('keeps readable texts even if lists use the space', () => {
    const note = 'a text that should be read in full, or nearly in full';
    const { structured } = fitResult({ data: { note, ids: [...ids, ...ids] } }, { full: true });
    expect(structured).toMatchObject({ truncated: true, note });
  });
});

describe('a rejected related read', () => {
  const reader = useReader();

  test.each(['sequence', 'leads', 'stats'])('does not mean that the campaign is unknown: %s', async (part) => {
    reader.answerWith({
      '/campaign/GetById': { body: exampleCampaign({ id: 600001 }) },
      '*': { status: 400, body: { errorMessage: 'Not today.' } },
    });
    await expect(reader.read(`heyreach://campaigns/600001/${part}`)).rejects.toMatchObject({ code: -32603 });
  });
});

describe('list entries and quotations', () => {
  test('an entry names the last author where it is known', () => {
    const descriptionOf = (lastMessageSender: string | null) =>
      toConversationEntry(exampleConversation({ lastMessageSender } as never))?.description;
    expect(descriptionOf('ME')).toContain('; we wrote last, ');
    expect(descriptionOf('CORRESPONDENT')).toContain('; they wrote last, ');
    for (const other of [null, 'SYSTEM', 'toString']) expect(descriptionOf(other)).toContain('; last message, ');
  });

  test('a campaign without leads has no finished ones', () => {
    const progressStats = { totalUsers: 0, totalUsersFinished: 0 };
    expect(toCampaignEntry(exampleCampaign({ progressStats } as never))?.description).toMatch(/: no leads\.$/);
  });

  test('a quoted text has no links', () => {
    expect(quote('[your bank](https://example.com)')).toBe('> \\[your bank\\](https://example.com)');
    expect(quote('[x]: https://example.com')).toBe('> \\[x\\]: https://example.com');
  });
});
