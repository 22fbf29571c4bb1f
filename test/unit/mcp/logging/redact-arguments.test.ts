import { describe, expect, test } from 'vitest';
import { redactArguments } from '../../../../src/mcp/logging/redact-arguments.ts';
import { TEST_KEY } from '../../../support/runs/keys.ts';

const hideKey = (text: string) => text.replaceAll(TEST_KEY, '[key]');
const redacted = (input: Record<string, unknown>) => redactArguments(input, hideKey);

describe('auditArguments', () => {
  test('keeps arguments without secrets unchanged, and a message with all its spaces', () => {
    const input = {
      message: `  Hi Ada 👩‍💻,\n\n"quotes" \u200b\u2028 ${'and so on '.repeat(900)} `,
      conversationId: '2-YWRh/ZXhhbXBsZQ+MDAw==',
      linkedInAccountId: 170001,
      allowRepeat: false,
      subject: '',
      nothing: null,
      leads: [{ lead: { profileUrl: 'https://www.linkedin.com/in/ada-example', customUserFields: [] }, at: 1.5 }],
      sequence: { nodeType: 'END', payload: { messages: ['{FIRST_NAME}'] } },
    };
    const before = structuredClone(input);
    expect(redacted(input)).toEqual(before);
    expect(input).toEqual(before);
  });

  test('keeps the names of custom headers, but not their values', () => {
    const customHeaders = { Authorization: 'Bearer made-up-secret', 'X-Signature': 'made-up too', 'X-Empty': '' };
    const { customHeaders: shown, ...rest } = redacted({ webhookId: 7, customHeaders });
    expect(shown).toEqual({ Authorization: '********', 'X-Signature': '********', 'X-Empty': '********' });
    expect(rest).toEqual({ webhookId: 7 });
    expect(redacted({ customHeaders: {} })).toEqual({ customHeaders: {} });
  });

  test.each([
    ['https://hooks.example.com/made-up/secret?token=made-up#part', 'https://hooks.example.com/… ('],
    ['https://user:made-up@hooks.example.com:8443/', 'https://hooks.example.com:8443/… ('],
    ['http://hooks.example.com', 'http://hooks.example.com/… ('],
  ])('keeps only the host of %s', (webhookUrl, beginning) => {
    const { webhookUrl: shown } = redacted({ webhookUrl });
    expect(String(shown).startsWith(beginning)).toBe(true);
    expect(String(shown).slice(beginning.length)).toMatch(/^[\w-]{8}\)$/);
    expect(String(shown)).not.toMatch(/made-up|secret|token|user/);
  });

  test('shows whether two webhook addresses are the same', () => {
    const shown = (webhookUrl: string) => redacted({ webhookUrl }).webhookUrl;
    expect(shown('https://example.com/a')).toBe(shown('https://example.com/a'));
    expect(shown('https://example.com/a')).not.toBe(shown('https://example.com/b'));
  });

  test('removes the key of the caller from texts and names at every position', () => {
    const input = {
      message: `My key is ${TEST_KEY}, again: ${TEST_KEY}.`,
      leads: [{ customUserFields: [{ name: 'note', value: TEST_KEY }] }],
      sequence: { [`payload-${TEST_KEY}`]: { deep: [[TEST_KEY]] } },
      customHeaders: { [`X-${TEST_KEY}`]: TEST_KEY },
    };
    expect(redacted(input)).toEqual({
      message: 'My key is [key], again: [key].',
      leads: [{ customUserFields: [{ name: 'note', value: '[key]' }] }],
      sequence: { 'payload-[key]': { deep: [['[key]']] } },
      customHeaders: { 'X-[key]': '********' },
    });
  });
});
