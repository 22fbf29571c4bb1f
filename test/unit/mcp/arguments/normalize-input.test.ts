import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  acceptOlderForm,
  flag,
  id,
  ids,
  integer,
  list,
  profileUrl,
  text,
} from '../../../../src/mcp/arguments/fields.ts';
import { normalizeInput } from '../../../../src/mcp/arguments/normalize-input.ts';

const schema = z.strictObject({
  campaignId: id('Campaign').optional(),
  accountIds: ids('Senders').optional(),
  limit: integer('Rows', 1, 100).default(20),
  share: z.number().optional(),
  seen: flag('Read').optional(),
  keyword: text('Text').optional(),
  statuses: list(z.enum(['DRAFT', 'PAUSED']), 'Statuses', { max: 2 }).optional(),
  leadUrl: profileUrl('URL').optional(),
  schedule: z.strictObject({ enabledMonday: flag('Mondays'), days: z.array(z.number()).optional() }).optional(),
  permissions: z.object({}).catchall(z.boolean()).optional(),
  counts: z.record(z.string(), z.number()).optional(),
  leads: z.array(z.strictObject({ linkedInAccountId: id('Sender').optional(), lead: z.looseObject({}) })).optional(),
});
const read = (args: Record<string, unknown>) => normalizeInput(schema, args);

describe('JSON text in place of a value', () => {
  test.each<[Record<string, unknown>, Record<string, unknown>]>([
    [{ statuses: '["DRAFT"]' }, { statuses: ['DRAFT'] }],
    [{ statuses: ' [ "DRAFT",\n "PAUSED" ]\n' }, { statuses: ['DRAFT', 'PAUSED'] }],
    [{ statuses: '[]' }, { statuses: [] }],
    [{ accountIds: '["1",2]' }, { accountIds: [1, 2] }],
    [{ accountIds: ['1', 2] }, { accountIds: [1, 2] }],
    [{ limit: '5' }, { limit: 5 }],
    [{ share: '-0.5' }, { share: -0.5 }],
    [{ seen: 'false' }, { seen: false }],
    [{ seen: 'true' }, { seen: true }],
    [{ schedule: '{"enabledMonday":"false","days":"[\\"1\\"]"}' }, { schedule: { enabledMonday: false, days: [1] } }],
    [{ permissions: '{"view":"true"}' }, { permissions: { view: true } }],
    [{ counts: { a: '3', b: null } }, { counts: { a: 3 } }],
    [
      { leads: '["{\\"linkedInAccountId\\":\\"7\\",\\"lead\\":\\"{}\\"}"]' },
      { leads: [{ linkedInAccountId: 7, lead: {} }] },
    ],
  ])('reads %j', (args, expected) => {
    expect(read(args)).toEqual(expected);
  });

  test.each<Record<string, unknown>>([
    { keyword: '["DRAFT"]' },
    { keyword: '5' },
    { keyword: 'false' },
    { statuses: 'DRAFT' },
    { statuses: '{"0":"DRAFT"}' },
    { statuses: '["DRAFT"' },
    { statuses: '"[\\"DRAFT\\"]"' },
    { statuses: 'null' },
    { limit: ' 5' },
    { limit: '5.0' },
    { limit: '05' },
    { limit: '+5' },
    { limit: '1e1' },
    { limit: 'Infinity' },
    { limit: 'NaN' },
    { limit: '0x5' },
    { limit: '５' },
    { limit: 'true' },
    { campaignId: '1e3' },
    { campaignId: '0' },
    { seen: 'False' },
    { seen: '0' },
    { seen: 'false ' },
    { schedule: '[]' },
    { schedule: "{'enabledMonday':true}" },
  ])('leaves %j unchanged', (args) => {
    expect(read(args)).toEqual(args);
  });

  test('leaves a text above the limit of a message unchanged', () => {
    for (const statuses of [
      `[${'['.repeat(300)}${']'.repeat(300)}]`,
      JSON.stringify(Array(100_001).fill(1)),
      `[{${Array.from({ length: 1_001 }, (_, index) => `"a${index}":1`)}}]`,
      `[${'['.repeat(200_000)}`,
    ]) {
      expect(read({ statuses })).toEqual({ statuses });
    }
  });

  test('reports a key named __proto__ as unknown', () => {
    const made = read({ schedule: '{"__proto__":{"enabledMonday":true}}' }) as { schedule: object };
    expect(Object.keys(made.schedule)).toEqual(['__proto__\u200b']);
    expect(({} as Record<string, unknown>).enabledMonday).toBeUndefined();
  });
});

describe('other names for the same parameter', () => {
  const url = 'https://www.linkedin.com/in/ada-example';

  test.each<[Record<string, unknown>, Record<string, unknown>]>([
    [{ profileUrl: url }, { leadUrl: url }],
    [{ leadProfileUrl: url }, { leadUrl: url }],
    [{ search: 'a' }, { keyword: 'a' }],
    [{ searchString: 'a' }, { keyword: 'a' }],
    [{ linkedInAccountIds: '[1]' }, { accountIds: [1] }],
    [{ senderIds: ['1'] }, { accountIds: [1] }],
    [{ leads: [{ senderId: '7', lead: {} }] }, { leads: [{ linkedInAccountId: 7, lead: {} }] }],
    [{ keyword: null, search: 'a' }, { keyword: 'a' }],
    [{ search: 'a', keyword: '' }, { keyword: 'a' }],
    [{ search: null, keyword: 'a' }, { keyword: 'a' }],
    [{ keyword: 'a', search: '' }, { keyword: 'a' }],
    [{ search: null }, {}],
  ])('reads %j', (args, expected) => {
    expect(read(args)).toEqual(expected);
  });

  test.each<Record<string, unknown>>([
    { keyword: 'a', search: 'b' },
    { keyword: 'a', search: 'a' },
    { search: 'a', searchString: 'b' },
    { accountId: 1 },
  ])('leaves the names of %j unchanged', (args) => {
    expect(read(args)).toEqual(args);
  });

  test('does not read a name that could mean several known things', () => {
    const both = z.strictObject({ keyword: text('A').optional(), searchString: text('B').optional() });
    expect(normalizeInput(both, { search: 'a' })).toEqual({ search: 'a' });
  });
});

describe('the older form of a parameter', () => {
  const pairs = acceptOlderForm(
    list(z.strictObject({ name: z.string(), value: z.string() }), 'Pairs', { max: 3 }).transform((rows) => rows.length),
    (value) => Object.entries(value).map(([name, item]) => ({ name, value: item })),
  );
  const withPairs = z.strictObject({ pairs: pairs.optional() });
  const rows = [{ name: 'a', value: 'b' }];

  test.each<unknown>([{ a: 'b' }, '{"a":"b"}', rows, JSON.stringify(rows), ['{"name":"a","value":"b"}']])(
    'reads %j as the current form',
    (form) => {
      expect(normalizeInput(withPairs, { pairs: form })).toEqual({ pairs: rows });
    },
  );
});
