import { describe, expect, test } from 'vitest';
import { CONVERSATION_ID, exampleConversation } from '../../../support/fixtures/conversation.ts';
import { get, post } from '../../../support/heyreach/requests.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

const PATH = '/api/public/inbox/SetSeenStatus';
const required = { conversationId: CONVERSATION_ID, linkedInAccountId: 170001 };

describe('set_conversation_seen', () => {
  const wire = useToolHarness();

  test.each([true, false])('sends seen: %s', async (seen) => {
    const result = await wire.call('set_conversation_seen', { ...required, seen });
    expect(wire.sent()).toEqual([post(PATH, { ...required, seen })]);
    expect(result.structuredContent).toEqual({ conversationId: CONVERSATION_ID, seen });
  });

  test.each([
    [true, false],
    [false, true],
  ])('after a 500 and a 400, the read state %s decides the outcome', async (read, isError) => {
    let attempts = 0;
    wire.answerWith({
      '/inbox/SetSeenStatus': () => {
        attempts += 1;
        return attempts === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'Nothing to change.' } };
      },
      [`/inbox/GetChatroom/170001/${encodeURIComponent(CONVERSATION_ID)}`]: { body: exampleConversation({ read }) },
    });
    const result = await wire.call('set_conversation_seen', { ...required, seen: true });
    const call = post(PATH, { ...required, seen: true });
    const id = '2-YWRh%2FZXhhbXBsZQ%2BMDAwMDAwMDAtMDAwMC00MDAwLTgwMDBfMTAwZQ%3D%3D';
    expect(wire.sent()).toEqual([call, call, get(`/api/public/inbox/GetChatroom/170001/${id}`)]);
    expect(result.isError ?? false).toBe(isError);
    if (isError) expect(result.structuredContent?.error).toMatchObject({ message: 'Nothing to change.' });
    else expect(result.structuredContent).toEqual({ conversationId: CONVERSATION_ID, seen: true });
  });

  test("passes on HeyReach's error message", async () => {
    wire.answerWith({ '/inbox/SetSeenStatus': { status: 404, body: { detail: 'Conversation not found' } } });
    const result = await wire.call('set_conversation_seen', { ...required, seen: true });
    expect(wire.sent()).toHaveLength(1);
    expect(result.content[0]?.text).toContain('Conversation not found');
    expect(result.structuredContent?.error).toMatchObject({
      status: 404,
      message: 'Conversation not found',
      nextStep: 'Find the conversation with list_conversations; its id goes with its linkedInAccountId.',
      outcome: 'refused',
    });
  });
});
