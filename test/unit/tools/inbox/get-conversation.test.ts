import { describe, expect, test } from 'vitest';
import { CONVERSATION_ID, exampleConversation, exampleMessage } from '../../../support/fixtures/conversation.ts';
import { get } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const OPERATION = `/inbox/GetChatroom/170001/${encodeURIComponent(CONVERSATION_ID)}`;
const args = { accountId: 170001, conversationId: CONVERSATION_ID };

interface Thread {
  messages: { index: number; body: string }[];
  returned: number;
  totalMessages: number;
  nextBefore?: number;
}

describe('get_conversation', () => {
  const wire = useToolHarness();

  function answerMessages(bodies: string[]) {
    const messages = bodies.map((body) => exampleMessage(body));
    wire.answerWith({ [OPERATION]: { body: exampleConversation({ messages, totalMessages: bodies.length }) } });
  }

  async function read(more: object): Promise<Thread> {
    return (await wire.call('get_conversation', { ...args, ...more })).structuredContent as unknown as Thread;
  }

  test('sends both ids as encoded path segments, and returns the thread', async () => {
    wire.answerWith({ [OPERATION]: { body: exampleConversation() } });
    const result = await wire.call('get_conversation', args);
    const id = '2-YWRh%2FZXhhbXBsZQ%2BMDAwMDAwMDAtMDAwMC00MDAwLTgwMDBfMTAwZQ%3D%3D';
    expect(wire.sent()).toEqual([get(`/api/public/inbox/GetChatroom/170001/${id}`)]);
    expect(result.structuredContent).toEqual({
      id: CONVERSATION_ID,
      linkedInAccountId: 170001,
      name: 'Ada Example',
      firstName: 'Ada',
      lastName: 'Example',
      profileUrl: 'ada-example',
      company: 'Example Ltd',
      read: false,
      totalMessages: 2,
      returned: 2,
      messages: [
        { index: 0, createdAt: '2026-09-19T09:00:00.000Z', body: 'Hi Ada', isInMail: false, sender: 'ME' },
        {
          index: 1,
          createdAt: '2026-09-20T12:00:19.007Z',
          body: 'Sounds good',
          isInMail: false,
          sender: 'CORRESPONDENT',
        },
      ],
    });
  });

  test('full detail is everything that HeyReach returned, without clipping', async () => {
    const long = exampleConversation({ messages: [exampleMessage('y'.repeat(4_500))], totalMessages: 1 });
    wire.answerWith({ [OPERATION]: { body: long } });
    const result = await wire.call('get_conversation', { ...args, detail: 'full' });
    expect(result.structuredContent).toEqual({
      ...long,
      returned: 1,
      messages: [{ ...exampleMessage('y'.repeat(4_500)), index: 0 }],
    });
    const compact = await read({});
    expect(compact.messages[0]?.body).toBe(`${'y'.repeat(2_000)}… [4500 characters]`);
  });

  test('returns the newest 20 messages, and before pages back to the first message', async () => {
    answerMessages(Array.from({ length: 45 }, (_, index) => `message ${index}`));
    const newest = await read({});
    expect(newest.messages.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, index) => 25 + index));
    expect(newest.messages[19]?.body).toBe('message 44');
    expect(newest).toMatchObject({ totalMessages: 45, returned: 20, nextBefore: 25 });
    const before = await read({ before: newest.nextBefore });
    expect(before.messages.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, index) => 5 + index));
    expect(before.nextBefore).toBe(5);
    const oldest = await read({ before: before.nextBefore });
    expect(oldest.messages.map(({ body }) => body)).toEqual([0, 1, 2, 3, 4].map((index) => `message ${index}`));
    expect(oldest).not.toHaveProperty('nextBefore');
  });

  test('200 long messages that exceed one result page back without a gap or a repeat', async () => {
    answerMessages(Array.from({ length: 200 }, (_, index) => `${index} `.padEnd(700, 'é')));
    const seen: number[] = [];
    for (let before: number | undefined; ; ) {
      const result = await wire.call('get_conversation', { ...args, messages: 200, before });
      expect(Buffer.byteLength(result.content[0]?.text ?? '')).toBeLessThanOrEqual(48_000);
      const thread = result.structuredContent as unknown as Thread;
      expect(thread.returned).toBe(thread.messages.length);
      seen.unshift(...thread.messages.map(({ index }) => index));
      before = thread.nextBefore;
      if (before === undefined) break;
      expect(thread).toMatchObject({ truncated: true, totalMessages: 200 });
    }
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  test("passes on HeyReach's error message, and names the tool that finds ids", async () => {
    const errorMessage = 'Conversation not found.';
    wire.answerWith({ [OPERATION]: { status: 404, body: { errorMessage } } });
    const result = await wire.call('get_conversation', args);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toEqual({
      kind: 'not_found',
      status: 404,
      message: errorMessage,
      meaning:
        'HeyReach has nothing with this identifier in the workspace of this key. HeyReach said no and nothing was done.',
      nextStep: 'Find the conversation with list_conversations; its id goes with its linkedInAccountId.',
      outcome: 'refused',
    });
  });

  test('rejects an id that would change the path', async () => {
    const result = await wire.call('get_conversation', { ...args, conversationId: '..' });
    expectInvalid(result, 'conversationId must be an id from list_conversations');
    expect(wire.sent()).toEqual([]);
  });
});
