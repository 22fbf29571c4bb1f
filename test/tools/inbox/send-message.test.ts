import { describe, expect, test } from 'vitest';
import { CONVERSATION_ID } from '../../kit/conversation-examples.ts';
import { get, post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

const PATH = '/api/public/inbox/SendMessage';
const THREAD = '/inbox/GetChatroom/170001/';
const required = { message: 'Hi Ada', conversationId: CONVERSATION_ID, linkedInAccountId: 170001 };
const reading = get(`/api/public${THREAD}${encodeURIComponent(CONVERSATION_ID)}`);
const said = (sender: 'ME' | 'CORRESPONDENT', body: string) => ({
  sender,
  body,
  createdAt: '2026-06-01T09:00:00.000Z',
});

describe('send_message', () => {
  // With three seconds to answer, what an unclear outcome takes is soon over.
  const wire = useWire(undefined, { HEYREACH_TOOL_TIMEOUT_SECONDS: '3' });
  /** Answers the thread, from what was sent when asked, and the send as told. */
  const answerWith = (messages: (sent: number) => object[], send: () => object = () => ({})) => {
    const sends = () => wire.sent().filter(({ path }) => path === PATH).length;
    const thread = () => ({ body: { id: CONVERSATION_ID, linkedInAccountId: 170001, messages: messages(sends()) } });
    const path = `${THREAD}${encodeURIComponent(CONVERSATION_ID)}`;
    wire.answerWith({ [path]: thread, '/inbox/SendMessage': send });
  };
  const theirs = [said('CORRESPONDENT', 'Hello?')];

  test('sends the text exactly as it was given, with its subject, between two looks at the thread', async () => {
    const message = '  Hi Ada 👩‍💻,\n\n"quotes" & <tags>\t{FIRST_NAME} שלום \u200f ';
    answerWith((sent) => (sent === 0 ? theirs : [...theirs, said('ME', message)]));
    const result = await wire.call('send_message', { ...required, message, subject: 'Hello' });
    expect(wire.sent()).toEqual([
      reading,
      post(PATH, { message, conversationId: CONVERSATION_ID, linkedInAccountId: 170001, subject: 'Hello' }),
      reading,
    ]);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({
      delivery: 'seen_in_thread',
      conversationId: CONVERSATION_ID,
      linkedInAccountId: 170001,
    });
  });

  test('sends an empty subject when there is none, and claims no more than it saw', async () => {
    answerWith(() => theirs);
    const message = 'Hi Ada, without a subject';
    const result = await wire.call('send_message', { ...required, message, subject: null });
    expect(wire.sent()[1]).toEqual(post(PATH, { ...required, message, subject: '' }));
    expect(result.structuredContent?.delivery).toBe('accepted');
  });

  test('sends nothing when the thread cannot be read', async () => {
    wire.answerWith({ [`${THREAD}${encodeURIComponent(CONVERSATION_ID)}`]: { status: 500, body: 'broken' } });
    const result = await wire.call('send_message', required);
    expect(wire.sent().filter(({ path }) => path === PATH)).toEqual([]);
    expect(result.structuredContent?.error).toMatchObject({ status: 500, outcome: 'not_sent' });
  });

  test.each([
    ['its messages', { id: CONVERSATION_ID, totalMessages: 12 }],
    ['another conversation', { id: 'another', messages: [] }],
    ["another sender's", { id: CONVERSATION_ID, linkedInAccountId: 5, messages: [] }],
  ])('sends nothing when HeyReach answers the thread without what was asked for: %s', async (_, body) => {
    wire.answerWith({ [`${THREAD}${encodeURIComponent(CONVERSATION_ID)}`]: { body } });
    const result = await wire.call('send_message', required);
    expect(wire.sent().filter(({ path }) => path === PATH)).toEqual([]);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'unreadable_answer', outcome: 'not_sent' });
  });

  test.each([500, 502, 503])('sends once on a %i, and looks for the message until its time is up', async (status) => {
    answerWith(
      () => theirs,
      () => ({ status, body: { errorMessage: 'Something went wrong.' } }),
    );
    const began = performance.now();
    const result = await wire.call('send_message', { ...required, message: `Hi Ada, ${status}` });
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(wire.sent().filter(({ path }) => path === PATH)).toHaveLength(1);
    expect(wire.sent().filter((one) => one.path === reading.path).length).toBeGreaterThanOrEqual(4);
    expect(result.isError).toBe(true);
    expect(result.structuredContent?.error).toEqual({
      kind: 'server_error',
      status,
      message: 'Something went wrong.',
      nextStep: expect.stringMatching(/^Do not send it again by yourself\. Look with get_conversation/),
      outcome: 'unknown',
    });
  });

  test('says so when the thread shows what a 500 left open', async () => {
    answerWith(
      (sent) => (sent === 0 ? theirs : [...theirs, said('ME', 'Hi  Ada')]),
      () => ({ status: 500, body: { errorMessage: 'Something went wrong.' } }),
    );
    const result = await wire.call('send_message', required);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({
      delivery: 'seen_in_thread',
      note: 'HeyReach gave no clear answer (Something went wrong), but the thread shows the message.',
    });
  });

  test("answers HeyReach's own sentence when it refuses", async () => {
    const errorMessage = 'Conversation not found for the given account.';
    answerWith(
      () => theirs,
      () => ({ status: 404, body: { errorMessage } }),
    );
    const message = 'Hi Ada, refused';
    const result = await wire.call('send_message', { ...required, message });
    expect(wire.sent()).toHaveLength(2);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({
      status: 404,
      message: errorMessage,
      nextStep: 'Find the conversation with list_conversations; its id goes with its linkedInAccountId.',
      outcome: 'refused',
    });
    // What was refused was not said, and may be said.
    answerWith(() => theirs);
    expect((await wire.call('send_message', { ...required, message })).isError).toBeFalsy();
  });

  test.each([
    ['as the newest of ours', [said('ME', 'Said before')]],
    [
      'four of ours ago',
      [said('ME', ' said\nbefore '.trim()), ...['a', 'b', 'c', 'd'].map((body) => said('ME', body))],
    ],
  ])('refuses a text that stands there %s, unless a repeat is asked for', async (_, ours) => {
    const message = ours[0]!.body.replace('\n', ' ');
    answerWith(() => [...ours, ...theirs]);
    const result = await wire.call('send_message', { ...required, message });
    expect(wire.sent()).toEqual([reading]);
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'repeated',
      message: 'The same text is among our last five messages in this conversation.',
      outcome: 'not_sent',
    });
    const again = await wire.call('send_message', { ...required, message, allowRepeat: true });
    expect(again.isError).toBeFalsy();
    expect(wire.sent().filter(({ path }) => path === PATH)).toHaveLength(1);
  });

  test('sends what they said, and what we said longer ago', async () => {
    const older = said('ME', 'Long ago');
    answerWith(() => [older, ...['a', 'b', 'c', 'd', 'e'].map((body) => said('ME', body)), ...theirs]);
    expect((await wire.call('send_message', { ...required, message: 'Hello?' })).isError).toBeFalsy();
    expect((await wire.call('send_message', { ...required, message: 'Long ago' })).isError).toBeFalsy();
  });

  test.each([
    [{ message: '' }, 'message must have at least 1 characters'],
    [{ message: ' \n ' }, 'message must hold a text, not only blanks'],
    [{ message: 'x'.repeat(8_001) }, 'message must have at most 8000 characters, got 8001 characters'],
    [{ linkedInAccountId: null }, 'linkedInAccountId must be a number, got null'],
    [{ recipientProfileUrl: 'https://www.linkedin.com/in/ada-example' }, 'unknown parameter recipientProfileUrl'],
  ])('refuses %j', async (args, said) => {
    const result = await wire.call('send_message', { ...required, ...args });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(said);
    expect(wire.sent()).toEqual([]);
  });
});
