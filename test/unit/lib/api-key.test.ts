import { expect, test } from 'vitest';
import { hasKeyCharacters, whyNotAKey } from '../../../src/lib/api-key.ts';
import { ALL_TEST_KEYS } from '../../support/runs/keys.ts';

test.each([
  ...[
    '${HEYREACH_API_KEY}',
    '${user_config.api_key}',
    '$HEYREACH_API_KEY',
    '%HEYREACH_API_KEY%',
    '{{key}}',
    'undefined',
  ],
  ...['null', '<your-key>', '[your key]', 'your-heyreach-api-key', 'YOUR_API_KEY', 'YOUR_API_KEY_HERE', 'your key'],
  ...['insert-your-key-here', 'HEYREACH_API_KEY', 'api-key', 'xxxx', '****', 'changeme'],
])('the host did not fill in %s', (text) => {
  expect(whyNotAKey(text)).toContain('the host did not fill it in');
});

test.each([
  ['"abc"', 'quotation marks'],
  ["'abc", 'quotation marks'],
  ['Bearer abc', 'begins with Bearer'],
  ['bearer', 'begins with Bearer'],
])('%j is not a key', (text, reason) => {
  expect(whyNotAKey(text)).toContain(reason);
});

test.each(['a b', 'abc\u200b', 'ключ', ''])('%j contains characters that keys do not have', (text) => {
  expect(hasKeyCharacters(text)).toBe(false);
});

test.each([...ALL_TEST_KEYS, 'made-up-key-1', 'key-0001', 'invalid', 'honest-caller-key', 'AbC0+/xyz=='])(
  '%s can be a key',
  (text) => {
    expect(whyNotAKey(text)).toBeUndefined();
    expect(hasKeyCharacters(text)).toBe(true);
  },
);
