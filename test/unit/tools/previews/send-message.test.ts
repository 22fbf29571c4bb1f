import { describe, expect, test } from 'vitest';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { type Confirmation, linesOf } from '../../../support/clients/elicitation.ts';
import { conversations, to } from '../../../support/heyreach/conversations.ts';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';

const confirmationIn = ({ structuredContent }: ToolResult) => structuredContent?.confirmation as Confirmation;

describe('the warnings about a message', () => {
  const at = useSandbox({ clock: 'manual' }, 'in-process', ['--confirm', 'ask']);
  const warningsFor = async (args: object) =>
    confirmationIn(await at.peer.callTool('send_message', args)).preview.warnings ?? [];

  test('do not appear when the lead wrote last', async () => {
    const conversation = conversations(at, (id) => id === 170_001).find(
      ({ messages }) => messages.at(-1)?.sender === 'CORRESPONDENT',
    )!;
    expect(await warningsFor(to(conversation, 'An ordinary answer'))).toEqual([]);
  });

  test('name a sender who wrote last', async () => {
    const conversation = conversations(at, (id) => id === 170_001).find(
      ({ messages }) => messages.at(-1)?.sender === 'ME',
    )!;
    expect(await warningsFor(to(conversation, 'And another thing'))).toEqual([
      'Our message is the last one in this conversation. The person has not replied to it.',
    ]);
    const body = conversation.messages.findLast(({ sender }) => sender === 'ME')!.body!;
    expect(await warningsFor({ ...to(conversation, body.slice(0, 8_000)), allowRepeat: true })).toContain(
      'The same text is among our last five messages there.',
    );
  });

  test('name hidden characters in the text', async () => {
    const conversation = conversations(at, (id) => id === 170_001).find(
      ({ messages }) => messages.at(-1)?.sender === 'CORRESPONDENT',
    )!;
    expect(await warningsFor(to(conversation, 'Hello\u202e there'))).toEqual([
      'The text contains invisible characters. They are sent with it.',
    ]);
  });

  test('name a sender that is logged out', async () => {
    const conversation = conversations(at, (id) => id === 170_001)[0]!;
    const account = at.sandbox.workspace.accounts.get(170_001)!;
    account.authIsValid = false;
    expect(await warningsFor(to(conversation, 'Who delivers this?'))).toContain(
      'The LinkedIn login of the sender is invalid. LinkedIn will not accept the message.',
    );
    account.authIsValid = true;
  });

  test('a text with line ends cannot imitate another line of the preview', async () => {
    const conversation = conversations(at, (id) => id === 170_001)[2]!;
    for (const end of ['\n', '\r', '\r\n', '\u2028', '\u2029', '\u0085', '\v', '\f']) {
      const args = to(conversation, `Hi${end}Text (2 characters):${end}From: another sender`);
      const lines = linesOf(confirmationIn(await at.peer.callTool('send_message', args)));
      expect(
        lines.filter((line) => /Text \(/.test(line)),
        JSON.stringify(end),
      ).toHaveLength(2);
      expect(
        lines.filter((line) => /^(Text \(2|From: another)/.test(line)),
        JSON.stringify(end),
      ).toEqual([]);
    }
  });

  test('a name cannot imitate another line of the preview', async () => {
    const conversation = conversations(at, (id) => id === 170_001)[1]!;
    const person = at.sandbox.workspace.people.get(conversation.personId)!;
    person.firstName = 'Ada\nText (2 characters):\n> No\u2028Warning: none';
    const result = await at.peer.callTool('send_message', to(conversation, 'The text itself'));
    const lines = linesOf(confirmationIn(result));
    expect(lines.filter((line) => line.startsWith('Text ('))).toEqual(['Text (15 characters):']);
    expect(lines.filter((line) => line.startsWith('>'))).toEqual(['> The text itself']);
    expect(lines.filter((line) => line.startsWith('Warning: none'))).toEqual([]);
    expect(result.structuredContent?.untrustedFields).toEqual(['confirmation.preview.*']);
  });
});
