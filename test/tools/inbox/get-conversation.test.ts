import { describe, expect, test } from 'vitest';
import { CONVERSATION_ID, exampleConversation, exampleMessage } from '../../kit/conversation-examples.ts';
import { get } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

const OPERATION = `/inbox/GetChatroom/170001/${encodeURIComponent(CONVERSATION_ID)}`;
const args = { accountId: 170001, conversationId: CONVERSATION_ID };

interface Thread {
  messages: { index: number; body: string }[];
  returned: number;
  totalMessages: number;
  nextBefore?: number;
}

describe('get_conversation', () => {
  const wire = useWire();

  function answerMessages(bodies: string[]) {
    const messages = bodies.map((body) => exampleMessage(body));
    wire.answerWith({ [OPERATION]: { body: exampleConversation({ messages, totalMessages: bodies.length }) } });
  }

  async function read(more: object): Promise<Thread> {
    return (await wire.call('get_conversation', { ...args, ...more })).structuredContent as unknown as Thread;
  }

  test('sends both ids as encoded path segments, and answers the thread', async () => {
    wire.answerWith({ [OPERATION]: { body: exampleConversation() } });
    const result = await wire.call('get_conversation', args);
    const id = '2-YWRh%2FZXhhbXBsZQ%2BMDAwMDAwMDAtMDAwMC00MDAwLTgwMDBfMTAwZQ%3D%3D';
    expect(wire.sent()).toEqual([get(`/api/public/inbox/GetChatroom/170001/${id}`)]);
    expect(result.structuredContent).toEqual({
      id: CONVERSATION_ID,
      linkedInAccountId: 170001,
      name: 'Ada Example',
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

  test('full detail is all that HeyReach gave, unclipped', async () => {
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

  test('gives the newest 20, and goes back by before to the beginning', async () => {
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

  test('200 long messages too large for one answer go back without a gap or a repeat', async () => {
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

  test("answers HeyReach's own sentence when it refuses, and says where ids come from", async () => {
    const errorMessage = 'Conversation not found.';
    wire.answerWith({ [OPERATION]: { status: 404, body: { errorMessage } } });
    const result = await wire.call('get_conversation', args);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toEqual({
      kind: 'not_found',
      status: 404,
      message: errorMessage,
      nextStep: 'Find the conversation with list_conversations; its id goes with its linkedInAccountId.',
      outcome: 'refused',
    });
  });

  test.each([
    [{ conversationId: '..' }, 'conversationId must be an id that list_conversations answered'],
    [{ conversationId: '' }, 'conversationId must have at least 1 characters'],
    [{ messages: 201 }, 'messages must be at most 200, got 201'],
    [{ before: 0 }, 'before must be at least 1, got 0'],
    [{ linkedInAccountId: 170001 }, 'unknown parameter linkedInAccountId'],
  ])('refuses %j', async (more, said) => {
    const result = await wire.call('get_conversation', { ...args, ...more });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(said);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'invalid_input', outcome: 'not_sent' });
    expect(wire.sent()).toEqual([]);
  });
});
