import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resources } from '../../src/resources/catalog.ts';
import { fillTemplate, isValue, MalformedUri, matchTemplate, splitUri } from '../../src/resources/uri.ts';
import { MALFORMED_RESOURCES } from '../kit/resource-samples.ts';

const CONVERSATION = 'heyreach://conversations/{accountId}/{conversationId}';

/** The template and the values that a URI is read as. */
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

describe('a URI made of a template', () => {
  test.each(resources.map(({ uri }) => uri))('%s is read back as what it was made of', (template) => {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
    const values = fc.record(Object.fromEntries(names.map((name) => [name, VALUES[name]!])));
    fc.assert(
      fc.property(values, (given) => {
        const uri = fillTemplate(template, given as Record<string, string>);
        expect(readUri(uri)).toEqual({ template, values: { ...given } });
        // A client that takes the URI apart and puts it together again changes nothing.
        expect(readUri(new URL(uri).href)).toEqual({ template, values: { ...given } });
      }),
      { numRuns: 400 },
    );
  });

  test.each(['2-YWRh/ZXhh+bXA=', '2-a//b==', '2-/', '2-?#&', '2-é', '/', '+', '2-a/b/', '2-...'])(
    'the conversation id %s comes back as it was',
    (conversationId) => {
      const uri = fillTemplate(CONVERSATION, { accountId: 170_001, conversationId });
      expect(readUri(uri)?.values).toEqual({ accountId: '170001', conversationId });
    },
  );

  test('a conversation id is taken with its slashes and pluses as they are, too', () => {
    const read = readUri('heyreach://conversations/170001/2-YWRh//ZXhh+bXA=');
    expect(read?.values).toEqual({ accountId: '170001', conversationId: '2-YWRh//ZXhh+bXA=' });
  });
});

describe('a URI of no resource', () => {
  test.each(MALFORMED_RESOURCES)('%s is refused', (uri) => {
    expect(() => readUri(uri)).toThrow(MalformedUri);
  });

  test.each([
    'heyreach://',
    'heyreach://campaign',
    'heyreach://campaigns/1/other',
    'heyreach://Campaigns',
    'heyreach:///campaigns',
  ])('%s names nothing', (uri) => {
    expect(readUri(uri)).toBeUndefined();
  });

  test.each(['https://campaigns', 'file:///etc/passwd', 'HEYREACH://campaigns', ' heyreach://campaigns', ''])(
    '%j is of another scheme',
    (uri) => {
      expect(splitUri(uri)).toBeUndefined();
    },
  );

  test('whatever is given, it is read or refused', () => {
    const part = fc.oneof(
      awkward,
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('campaigns', 'leads', 'lists', '1'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        try {
          const read = readUri(`heyreach://${parts.join('/')}`);
          if (read === undefined) return;
          for (const [name, value] of Object.entries(read.values)) expect(isValue(name, value)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedUri);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
