import { describe, expect, test } from 'vitest';
import { exampleConversation, exampleConversationRow } from '../../../support/fixtures/conversation.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/inbox/GetConversations';

describe('list_conversations_v1', () => {
  const wire = useToolHarness();

  test('sends the four filters of the retired route', async () => {
    wire.answerWith({ '/inbox/GetConversations': { body: { totalCount: 0, items: [] } } });
    const filters = { linkedInAccountIds: [170001], campaignIds: [600001], searchString: 'good', seen: true };
    await wire.call('list_conversations_v1', { ...filters, offset: 100, limit: 100 });
    expect(wire.sent()).toEqual([post(PATH, { filters, offset: 100, limit: 100 })]);
  });

  test('sends empty filters by default, and returns compact rows', async () => {
    const body = { totalCount: 41, items: [exampleConversation()] };
    wire.answerWith({ '/inbox/GetConversations': { body } });
    const result = await wire.call('list_conversations_v1', { offset: 39 });
    const filters = { linkedInAccountIds: [], campaignIds: [], searchString: null, seen: null };
    expect(wire.sent()).toEqual([post(PATH, { filters, offset: 39, limit: 20 })]);
    const items = [exampleConversationRow()];
    expect(result.structuredContent).toEqual({ totalCount: 41, returned: 1, items, nextOffset: 40 });
  });

  test('full detail is everything HeyReach returned', async () => {
    const items = [exampleConversation()];
    wire.answerWith({ '/inbox/GetConversations': { body: { totalCount: 1, items } } });
    const result = await wire.call('list_conversations_v1', { detail: 'full', messages: 20 });
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items });
  });

  test('a 404 names list_conversations', async () => {
    wire.answerWith({ '/inbox/GetConversations': { status: 404, body: { errorMessage: 'Not here any more.' } } });
    const result = await wire.call('list_conversations_v1');
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain('Not here any more.');
    expect(result.structuredContent?.error).toMatchObject({
      status: 404,
      message: 'Not here any more.',
      nextStep: 'HeyReach has retired this route. Use list_conversations.',
      outcome: 'refused',
    });
  });
});
