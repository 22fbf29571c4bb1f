import { describe, expect, test } from 'vitest';
import { exampleConversation, exampleMessage } from '../../../support/fixtures/conversation.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const TOOLS = [
  ['list_conversations', '/inbox/GetConversationsV2'],
  ['scan_conversations', '/inbox/GetConversationsV3'],
  ['list_conversations_v1', '/inbox/GetConversations'],
] as const;

describe.each(TOOLS)('%s', (tool, path) => {
  const wire = useToolHarness();
  const rowOf = async (conversation: object, args: object) => {
    wire.answerWith({ [path]: { body: { totalCount: 1, items: [conversation], hasNextPage: false } } });
    const result = await wire.call(tool, args as Record<string, unknown>);
    return (result.structuredContent as { items: Record<string, unknown>[] }).items[0]!;
  };
  const withMessages = exampleConversation({ messages: [exampleMessage('one'), exampleMessage('two')] });

  test.each(['compact', 'full'])('has no messages field if none were requested, detail %s', async (detail) => {
    expect(await rowOf(withMessages, { detail })).not.toHaveProperty('messages');
    expect(await rowOf(withMessages, { detail, messages: 0 })).not.toHaveProperty('messages');
    expect((await rowOf(withMessages, { detail, messages: 1 })).messages).toHaveLength(1);
  });

  test.each(['compact', 'full'])('has no messages field if HeyReach sent none, detail %s', async (detail) => {
    const { messages: _, ...without } = withMessages as { messages?: unknown };
    expect(await rowOf(without, { detail, messages: 5 })).not.toHaveProperty('messages');
    const empty = exampleConversation({ messages: [] });
    expect((await rowOf(empty, { detail, messages: 5 })).messages).toEqual([]);
  });
});
