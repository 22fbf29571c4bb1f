import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findExcess, JSON_LIMITS, type JsonLimits } from '../../../src/lib/json-limits.ts';
import { parseJsonBytes } from '../../../src/transports/parse-json.ts';
import { runs } from '../../support/runs/runs.ts';

const parse = (text: string) => parseJsonBytes(Buffer.from(text));
const many = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index));
const object = (members: number) => `{${many(members, (index) => `"k${index}":1`).join()}}`;
const list = (items: number, item = '1') => `[${many(items, () => item).join()}]`;

describe('a JSON text', () => {
  test.each([
    ['of 256 levels', `${'['.repeat(256)}${']'.repeat(256)}`],
    ['with an object of 1,000 members', object(1_000)],
    ['with several objects of 1,000 members', `[${object(1_000)},${object(1_000)}]`],
    ['with 100,000 values', list(100_000)],
    ['with brackets, commas and colons in its strings', JSON.stringify('[{"a":1,\\"'.repeat(40_000))],
  ])('%s is parsed', (_, text) => {
    expect(parse(text)).toEqual({ value: JSON.parse(text) });
  });

  test.each([
    ['of 257 levels', `${'['.repeat(257)}${']'.repeat(257)}`, 'it is nested more than 256 deep'],
    ['with an object of 1,001 members', object(1_001), 'one object has more than 1,000 members'],
    ['with such an object in a list', `[1,{"a":[${object(1_001)}]}]`, 'one object has more than 1,000 members'],
    ['with one name 1,001 times', `{${list(1_001, '"a":1').slice(1, -1)}}`, 'one object has more than 1,000 members'],
    ['with 100,001 values', list(100_001), 'it has more than 100,000 values'],
    ['with 100,001 values in small objects', list(50_001, '{"a":1}'), 'it has more than 100,000 values'],
    ['that is not JSON', '{"a":', 'it is not JSON'],
    ['that is empty', '', 'it is not JSON'],
  ])('%s is rejected', (_, text, problem) => {
    expect(parse(text)).toEqual({ problem });
  });

  test('may have a byte order mark', () => {
    expect(parse('\ufeff{"a":1}')).toEqual({ value: { a: 1 } });
    expect(parse('\ufeff\ufeff{"a":1}')).toEqual({ problem: 'it is not JSON' });
  });

  test('must be UTF-8', () => {
    expect(parseJsonBytes(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toEqual({ problem: 'it is not UTF-8' });
  });
});

test('1,000 leads with ten custom fields each are within the limits', () => {
  const customUserFields = many(10, (index) => `field_${index}`).map((name) => ({ name, value: 'a value' }));
  const lead = {
    profileUrl: 'https://www.linkedin.com/in/ada-example',
    firstName: 'Ada',
    lastName: 'Example',
    location: 'Exampleton',
    summary: 'A summary, with "quotes" and [brackets].',
    companyName: 'Example Ltd',
    position: 'Engineer',
    about: 'About',
    emailAddress: 'ada@example.com',
    customUserFields,
  };
  const accountLeadPairs = Array.from({ length: 1_000 }, () => ({ linkedInAccountId: 1, lead }));
  const params = { name: 'add_leads_to_campaign', arguments: { campaignId: 1, accountLeadPairs } };
  expect(parse(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))).toHaveProperty('value');
});

test('counts the levels, members and values correctly, whatever the strings contain', () => {
  const children = (value: unknown) => (typeof value === 'object' && value !== null ? Object.values(value) : []);
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...children(value).map(depthOf)) : 0;
  const membersOf = (value: unknown): number =>
    Math.max(Array.isArray(value) ? 0 : children(value).length, ...children(value).map(membersOf));
  /** The lists, the objects, and the values in them after the first. */
  const itemsOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0;
    return (
      1 +
      Math.max(0, children(value).length - 1) +
      children(value).reduce<number>((sum, child) => sum + itemsOf(child), 0)
    );
  };
  const none: JsonLimits = { ...JSON_LIMITS };
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), fc.boolean(), (value, isSpaced) => {
      const bytes = Buffer.from(JSON.stringify(value, null, isSpaced ? 2 : undefined));
      const counts = { depth: depthOf(value), members: membersOf(value), items: itemsOf(value) };
      expect(findExcess(bytes, counts)).toBeUndefined();
      for (const name of ['depth', 'members', 'items'] as const) {
        const limits = { ...none, [name]: counts[name] - 1 };
        if (counts[name] > 0) expect(findExcess(bytes, limits)).toEqual(expect.any(String));
      }
    }),
    { numRuns: runs(500), examples: [[[[], {}, {}], false]] },
  );
});
