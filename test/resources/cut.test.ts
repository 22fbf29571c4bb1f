import { describe, expect, test } from 'vitest';
import { describeCampaign, describeConversation } from '../../src/resources/describe.ts';
import { quote } from '../../src/resources/markdown.ts';
import { shapeAnswer } from '../../src/tools/shape.ts';
import { exampleCampaign } from '../kit/campaign-examples.ts';
import { exampleConversation } from '../kit/conversation-examples.ts';
import { exampleLead } from '../kit/lead-examples.ts';
import { useReader } from '../kit/reading.ts';

describe('what had to be cut', () => {
  const reader = useReader();
  const ids = Array.from({ length: 5_000 }, (_, at) => 170_000 + at);
  const names = Object.fromEntries(ids.map((id) => [`field${id}`, 'x'.repeat(30)]));

  test('names the call that gives all, where it is not rows that are missing', async () => {
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

  test('keeps texts that can be read where lists take the room', () => {
    const note = 'a text that somebody wanted to have read in full, or nearly so';
    const { structured } = shapeAnswer({ data: { note, ids: [...ids, ...ids] } }, { full: true });
    expect(structured).toMatchObject({ truncated: true, note });
  });
});

describe('a refusal of what is read along', () => {
  const reader = useReader();

  test.each(['sequence', 'leads', 'stats'])('does not say that the campaign is unknown: %s', async (part) => {
    reader.answerWith({
      '/campaign/GetById': { body: exampleCampaign({ id: 600001 }) },
      '*': { status: 400, body: { errorMessage: 'Not today.' } },
    });
    await expect(reader.read(`heyreach://campaigns/600001/${part}`)).rejects.toMatchObject({ code: -32603 });
  });
});

describe('small words', () => {
  test('who wrote last is said where it is known', () => {
    const said = (lastMessageSender: string | null) =>
      describeConversation(exampleConversation({ lastMessageSender } as never))?.description;
    expect(said('ME')).toContain('; we wrote last, ');
    expect(said('CORRESPONDENT')).toContain('; they wrote last, ');
    for (const other of [null, 'SYSTEM', 'toString']) expect(said(other)).toContain('; last message, ');
  });

  test('a campaign without leads has none finished', () => {
    const progressStats = { totalUsers: 0, totalUsersFinished: 0 };
    expect(describeCampaign(exampleCampaign({ progressStats } as never))?.description).toMatch(/: no leads\.$/);
  });

  test('no quoted text makes a link', () => {
    expect(quote('[your bank](https://example.com)')).toBe('> [your bank]\\(https://example.com)');
    expect(quote('[x]: https://example.com')).toBe('> [x]\\: https://example.com');
  });
});
