import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resources } from '../../../../src/resources/index.ts';
import {
  fillTemplate,
  isValue,
  MalformedUriError,
  matchTemplate,
  splitUri,
} from '../../../../src/resources/shared/uri-template.ts';
import { anyCharacter } from '../../../support/documents/characters.ts';
import { runs } from '../../../support/runs/runs.ts';
import { MALFORMED_RESOURCES } from '../../../support/tools/resource-samples.ts';

const CONVERSATION = 'heyreach://conversations/{accountId}/{conversationId}';

/** Finds the template and the values of a URI. */
function readUri(uri: string) {
  const segments = splitUri(uri) ?? [];
  for (const { uri: template } of resources) {
    const values = matchTemplate(template, segments);
    if (values !== undefined) return { template, values };
  }
  return undefined;
}

const id = fc.integer({ min: 1, max: 999_999_999_999_999 }).map(String);
const awkward = fc.constantFrom(
  '/',
  '//',
  '+',
  '=',
  '==',
  '%',
  '%2F',
  '%2e',
  '.',
  '..',
  '-',
  '2-',
  ':',
  '@',
  '?',
  '#',
  '&',
  '\\',
  'é',
  '🙂',
);
const conversationId = fc
  .array(fc.oneof(awkward, fc.base64String({ maxLength: 12 })), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join(''))
  .filter((text) => isValue('conversationId', text));
const slug = fc
  .oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), fc.stringMatching(/^[a-z0-9-]{3,40}$/))
  .filter((text) => isValue('slug', text));
const VALUES: Record<string, fc.Arbitrary<string>> = {
  campaignId: id,
  listId: id,
  accountId: id,
  conversationId,
  slug,
};

describe('a URI filled in from a template', () => {
  test.each(resources.map(({ uri }) => uri))('%s is parsed to the same values', (template) => {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
    const values = fc.record(Object.fromEntries(names.map((name) => [name, VALUES[name]!])));
    fc.assert(
      fc.property(values, (filled) => {
        const uri = fillTemplate(template, filled as Record<string, string>);
        expect(readUri(uri)).toEqual({ template, values: { ...filled } });
        // The same after a client has parsed and serialised the URI.
        expect(readUri(new URL(uri).href)).toEqual({ template, values: { ...filled } });
      }),
      { numRuns: runs(400) },
    );
  });

  test.each(['2-YWRh/ZXhh+bXA=', '2-a//b==', '2-/', '2-?#&', '2-é', '/', '+', '2-a/b/', '2-...'])(
    'parsing returns the conversation id %s unchanged',
    (conversationId) => {
      const uri = fillTemplate(CONVERSATION, { accountId: 170_001, conversationId });
      expect(readUri(uri)?.values).toEqual({ accountId: '170001', conversationId });
    },
  );

  test('a conversation id may have unencoded slashes and pluses', () => {
    const read = readUri('heyreach://conversations/170001/2-YWRh//ZXhh+bXA=');
    expect(read?.values).toEqual({ accountId: '170001', conversationId: '2-YWRh//ZXhh+bXA=' });
  });
});

describe('a URI without a resource', () => {
  test.each(MALFORMED_RESOURCES)('%s is malformed', (uri) => {
    expect(() => readUri(uri)).toThrow(MalformedUriError);
  });

  test.each([
    'heyreach://',
    'heyreach://campaign',
    'heyreach://campaigns/1/other',
    'heyreach://Campaigns',
    'heyreach:///campaigns',
  ])('%s matches no template', (uri) => {
    expect(readUri(uri)).toBeUndefined();
  });

  test.each(['https://campaigns', 'file:///etc/passwd', 'HEYREACH://campaigns', ' heyreach://campaigns', ''])(
    '%j has another scheme',
    (uri) => {
      expect(splitUri(uri)).toBeUndefined();
    },
  );

  test('any URI is parsed or rejected', () => {
    const part = fc.oneof(
      awkward,
      fc.string({ unit: anyCharacter, maxLength: 8 }),
      fc.constantFrom('campaigns', 'leads', 'lists', '1'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        try {
          const read = readUri(`heyreach://${parts.join('/')}`);
          if (read === undefined) return;
          for (const [name, value] of Object.entries(read.values)) expect(isValue(name, value)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedUriError);
        }
      }),
      { numRuns: runs(2_000) },
    );
  });
});
