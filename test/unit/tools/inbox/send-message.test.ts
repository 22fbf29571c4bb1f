import { describe, expect, test } from 'vitest';
import { CONVERSATION_ID } from '../../../support/fixtures/conversation.ts';
import { get, post } from '../../../support/heyreach/requests.ts';
import { inFastTime } from '../../../support/runs/fast-time.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/inbox/SendMessage';
const THREAD = '/inbox/GetChatroom/170001/';
const required = { message: 'Hi Ada', conversationId: CONVERSATION_ID, linkedInAccountId: 170001 };
const reading = get(`/api/public${THREAD}${encodeURIComponent(CONVERSATION_ID)}`);
const messageFrom = (sender: 'ME' | 'CORRESPONDENT', body: string) => ({
  sender,
  body,
  createdAt: '2026-06-01T09:00:00.000Z',
});

describe('send_message', () => {
  // A deadline of ten seconds shortens the verification of an unclear outcome.
  const wire = useToolHarness(undefined, { HEYREACH_TOOL_TIMEOUT_SECONDS: '10' });
  const send = (args: object) => inFastTime(() => wire.call('send_message', args));
  /** Answers with the thread, by the number of sends so far, and with the given response to a send. */
  const answerWith = (messages: (sent: number) => object[], send: () => object = () => ({})) => {
    const sends = () => wire.sent().filter(({ path }) => path === PATH).length;
    const thread = () => ({ body: { id: CONVERSATION_ID, linkedInAccountId: 170001, messages: messages(sends()) } });
    const path = `${THREAD}${encodeURIComponent(CONVERSATION_ID)}`;
    wire.answerWith({ [path]: thread, '/inbox/SendMessage': send });
  };
  const theirs = [messageFrom('CORRESPONDENT', 'Hello?')];

  test('sends the exact text with its subject, and reads the thread before and after', async () => {
    const message = '  Hi Ada 👩‍💻,\n\n"quotes" & <tags>\t{FIRST_NAME} שלום \u200f ';
    answerWith((sent) => (sent === 0 ? theirs : [...theirs, messageFrom('ME', message)]));
    // The first call loads modules, which takes real time.
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

  test('sends an empty subject by default, and reports accepted when the thread does not show the message', async () => {
    answerWith(() => theirs);
    const message = 'Hi Ada, without a subject';
    const result = await send({ ...required, message, subject: null });
    expect(wire.sent()[1]).toEqual(post(PATH, { ...required, message, subject: '' }));
    expect(result.structuredContent?.delivery).toBe('accepted');
  });

  test('sends nothing when the thread cannot be read', async () => {
    wire.answerWith({ [`${THREAD}${encodeURIComponent(CONVERSATION_ID)}`]: { status: 500, body: 'broken' } });
    const result = await send(required);
    expect(wire.sent().filter(({ path }) => path === PATH)).toEqual([]);
    expect(result.structuredContent?.error).toMatchObject({ status: 500, outcome: 'not_sent' });
  });

  test.each([
    ['its messages', { id: CONVERSATION_ID, totalMessages: 12 }],
    ['another conversation', { id: 'another', messages: [] }],
    ["another sender's", { id: CONVERSATION_ID, linkedInAccountId: 5, messages: [] }],
  ])('sends nothing when HeyReach returns the thread without %s', async (_, body) => {
    wire.answerWith({ [`${THREAD}${encodeURIComponent(CONVERSATION_ID)}`]: { body } });
    const result = await send(required);
    expect(wire.sent().filter(({ path }) => path === PATH)).toEqual([]);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'unreadable_answer', outcome: 'not_sent' });
  });

  test.each([500, 502, 503])('sends once on a %i, and polls the thread until the deadline', async (status) => {
    answerWith(
      () => theirs,
      () => ({ status, body: { errorMessage: 'Something went wrong.' } }),
    );
    const { result, took } = await inFastTime(async () => {
      const began = performance.now();
      const result = await wire.call('send_message', { ...required, message: `Hi Ada, ${status}` });
      return { result, took: performance.now() - began };
    });
    expect(took).toBeLessThan(10_000);
    expect(wire.sent().filter(({ path }) => path === PATH)).toHaveLength(1);
    expect(wire.sent().filter((request) => request.path === reading.path).length).toBeGreaterThanOrEqual(4);
    expect(result.isError).toBe(true);
    expect(result.structuredContent?.error).toEqual({
      kind: 'server_error',
      status,
      message: 'Something went wrong.',
      meaning: expect.stringMatching(/It may or may not have been done\.$/),
      nextStep: expect.stringMatching(/^Do not send it again on your own\. Check with get_conversation/),
      outcome: 'unknown',
    });
  });

  test('reports a message that the thread shows after a 500', async () => {
    answerWith(
      (sent) => (sent === 0 ? theirs : [...theirs, messageFrom('ME', 'Hi  Ada')]),
      () => ({ status: 500, body: { errorMessage: 'Something went wrong.' } }),
    );
    const result = await send(required);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({
      delivery: 'seen_in_thread',
      note: 'HeyReach gave no clear response (Something went wrong), but the thread shows the message.',
    });
  });

  test("passes on HeyReach's error message", async () => {
    const errorMessage = 'Conversation not found for the given account.';
    answerWith(
      () => theirs,
      () => ({ status: 404, body: { errorMessage } }),
    );
    const message = 'Hi Ada, refused';
    const result = await send({ ...required, message });
    expect(wire.sent()).toHaveLength(2);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({
      status: 404,
      message: errorMessage,
      nextStep: 'Find the conversation with list_conversations; its id goes with its linkedInAccountId.',
      outcome: 'refused',
    });
    // A rejected text was not sent, so it is not a repeat.
    answerWith(() => theirs);
    expect((await send({ ...required, message })).isError).toBeFalsy();
  });

  test.each([
    ['as our newest message', [messageFrom('ME', 'Said before')]],
    [
      'as our message before four others',
      [messageFrom('ME', ' said\nbefore '.trim()), ...['a', 'b', 'c', 'd'].map((body) => messageFrom('ME', body))],
    ],
  ])('rejects a text that is in the thread %s, unless allowRepeat is true', async (_, ours) => {
    const message = ours[0]!.body.replace('\n', ' ');
    answerWith(() => [...ours, ...theirs]);
    const result = await send({ ...required, message });
    expect(wire.sent()).toEqual([reading]);
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'repeated',
      message: 'The same text is among our last five messages in this conversation.',
      outcome: 'not_sent',
    });
    const again = await send({ ...required, message, allowRepeat: true });
    expect(again.isError).toBeFalsy();
    expect(wire.sent().filter(({ path }) => path === PATH)).toHaveLength(1);
  });

  test('sends the text of the other person, and an old text of ours', async () => {
    const older = messageFrom('ME', 'Long ago');
    answerWith(() => [older, ...['a', 'b', 'c', 'd', 'e'].map((body) => messageFrom('ME', body)), ...theirs]);
    expect((await send({ ...required, message: 'Hello?' })).isError).toBeFalsy();
    expect((await send({ ...required, message: 'Long ago' })).isError).toBeFalsy();
  });

  test('rejects a blank message', async () => {
    expectInvalid(await send({ ...required, message: ' \n ' }), 'message must not be blank');
    expect(wire.sent()).toEqual([]);
  });
});
