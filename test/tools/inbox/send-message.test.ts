import { describe, expect, test } from 'vitest';
import { CONVERSATION_ID } from '../../kit/conversation-examples.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

const PATH = '/api/public/inbox/SendMessage';
const required = { message: 'Hi Ada', conversationId: CONVERSATION_ID, linkedInAccountId: 170001 };

describe('send_message', () => {
  const wire = useWire();

  test('sends the text exactly as it was given, with its subject', async () => {
    const message = '  Hi Ada 👩‍💻,\n\n"quotes" & <tags>\t{FIRST_NAME} שלום \u200f ';
    const result = await wire.call('send_message', { ...required, message, subject: 'Hello' });
    expect(wire.sent()).toEqual([
      post(PATH, { message, conversationId: CONVERSATION_ID, linkedInAccountId: 170001, subject: 'Hello' }),
    ]);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({
      delivery: 'accepted',
      conversationId: CONVERSATION_ID,
      linkedInAccountId: 170001,
    });
  });

  test('sends an empty subject when there is none', async () => {
    await wire.call('send_message', { ...required, subject: null });
    expect(wire.sent()).toEqual([post(PATH, { ...required, subject: '' })]);
  });

  test.each([500, 502, 503])('sends exactly one request on a %i, and says to read the thread first', async (status) => {
    wire.answerWith({ '/inbox/SendMessage': { status, body: { errorMessage: 'Something went wrong.' } } });
    const result = await wire.call('send_message', required);
    expect(wire.sent()).toEqual([post(PATH, { ...required, subject: '' })]);
    expect(result.isError).toBe(true);
    expect(result.structuredContent?.error).toEqual({
      kind: 'server_error',
      status,
      message: 'Something went wrong.',
      nextStep: 'Read the thread with get_conversation and look for the text; send again only if it is not there.',
      outcome: 'unknown',
    });
  });

  test("answers HeyReach's own sentence when it refuses", async () => {
    const errorMessage = 'Conversation not found for the given account.';
    wire.answerWith({ '/inbox/SendMessage': { status: 404, body: { errorMessage } } });
    const result = await wire.call('send_message', required);
    expect(wire.sent()).toHaveLength(1);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({
      status: 404,
      message: errorMessage,
      nextStep: 'Find the conversation with list_conversations; its id goes with its linkedInAccountId.',
      outcome: 'refused',
    });
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
