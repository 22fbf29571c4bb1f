import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { date, day, flag, id, ids, integer, profileUrl, text } from '../../../../src/mcp/arguments/fields.ts';
import { HOST_PARAMETERS, parseArguments } from '../../../../src/mcp/arguments/parse-arguments.ts';
import { defineTool, type Tool } from '../../../../src/mcp/tool.ts';

const input = {
  campaignId: id('Campaign'),
  accountIds: ids('Senders', { min: 1, max: 3 }).optional(),
  keyword: text('Text', 10).optional(),
  note: z.string().max(20).optional(),
  seen: flag('Read').optional(),
  limit: integer('Rows', 1, 100).default(20),
  status: z.enum(['DRAFT', 'PAUSED']).optional(),
  excludeListId: id('List').optional(),
  odd: id('A parameter that takes null').nullable().optional(),
  from: date('From').optional(),
  startDate: day('Day').optional(),
  leadUrl: profileUrl('URL').optional(),
  headers: z.record(z.string().regex(/^[a-z]+$/, 'must be a header name'), z.string()).optional(),
  leads: z
    .array(
      z.strictObject({
        firstName: text('Name', 10),
        listId: id('List').optional(),
        location: z.string().max(20).optional(),
        fields: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
      }),
    )
    .max(2)
    .optional(),
};

function toolWith(check?: (args: Record<string, unknown>) => string | undefined): Tool {
  return defineTool({
    name: 'made_up',
    title: 'Made up',
    description: 'Made up.',
    toolset: 'campaigns',
    risk: 'read',
    retry: 'safe',
    confirmation: 'never',
    input: () => input,
    ...(check === undefined ? {} : { check }),
    output: () => z.looseObject({}),
    run: async () => ({ data: {} }),
  });
}

const tool = toolWith();
const read = (args: Record<string, unknown>) => parseArguments(tool, { campaignId: 600001, ...args });
const inputOf = (args: Record<string, unknown>) => {
  const { campaignId: _, limit: __, ...rest } = (read(args) as { input: Record<string, unknown> }).input;
  return rest;
};
const issuesOf = (args: unknown) => {
  const parsed = parseArguments(tool, args);
  return parsed.ok ? undefined : parsed.issues;
};
const issues = (args: Record<string, unknown>) => issuesOf({ campaignId: 600001, ...args });

describe('accepted arguments', () => {
  test('get defaults', () => {
    expect(read({})).toEqual({ ok: true, input: { campaignId: 600001, limit: 20 } });
  });

  test.each([...HOST_PARAMETERS])('drops the host parameter %s', (name) => {
    expect(inputOf({ [name]: { any: 'thing' } })).toEqual({});
  });

  test('keeps a parameter of n8n if the tool has it', () => {
    const own = { ...tool, input: { action: z.string() } } as unknown as Tool;
    expect(parseArguments(own, { action: 'x', sessionId: 'y' })).toEqual({ ok: true, input: { action: 'x' } });
  });

  test('treats "" and null as absent for every optional parameter', () => {
    for (const value of ['', null]) {
      for (const name of [
        'accountIds',
        'keyword',
        'note',
        'seen',
        'limit',
        'status',
        'from',
        'leadUrl',
        'leads',
        'headers',
      ]) {
        expect(read({ [name]: value })).toEqual({ ok: true, input: { campaignId: 600001, limit: 20 } });
      }
    }
  });

  test('treats "" and null as absent in rows too, and leaves required texts unchanged', () => {
    const leads = [{ firstName: 'Ada', location: '', listId: null, fields: [{ name: 'a', value: '' }] }];
    expect(inputOf({ leads })).toEqual({ leads: [{ firstName: 'Ada', fields: [{ name: 'a', value: '' }] }] });
  });

  test('treats null as absent even if the schema would convert it to a value', () => {
    for (const value of ['', null]) expect(inputOf({ odd: value, excludeListId: value })).toEqual({});
    expect(inputOf({ odd: '4' })).toEqual({ odd: 4 });
  });

  test('accepts a canonical digit string as an id, in lists and rows too', () => {
    expect(read({ campaignId: '600002', accountIds: ['1', 2], excludeListId: '3' })).toMatchObject({
      input: { campaignId: 600002, accountIds: [1, 2], excludeListId: 3 },
    });
    expect(inputOf({ leads: [{ firstName: '12', listId: '7' }] })).toEqual({ leads: [{ firstName: '12', listId: 7 }] });
  });

  test.each(['2026-06-01', '2026-06-01T09:00:00Z', '2026-06-01T09:00Z', '2026-06-01T09:00:00.123+02:00', '2024-02-29'])(
    'accepts %s as a date',
    (from) => {
      expect(inputOf({ from })).toEqual({ from });
    },
  );

  test('treats missing arguments as an empty object', () => {
    const open = { ...tool, input: { limit: input.limit } } as unknown as Tool;
    for (const none of [undefined, null, {}])
      expect(parseArguments(open, none)).toEqual({ ok: true, input: { limit: 20 } });
  });
});

describe('rejected arguments, and the text of the error', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ campaignIds: 1 }, 'unknown parameter campaignIds (did you mean campaignId?)'],
    [{ account_ids: [1] }, 'unknown parameter account_ids (did you mean accountIds?)'],
    [{ colour: 'red' }, 'unknown parameter colour (known: campaignId, accountIds, keyword,'],
    [
      { leads: [{ firstname: 'Ada', firstName: 'Ada' }] },
      'unknown parameter firstname in leads[0] (did you mean firstName?)',
    ],
    [
      { leads: [{ firstName: 'Ada', fields: [{ name: 'a', value: 'b', extra: 1 }] }] },
      'unknown parameter extra in leads[0].fields[0] (known: name, value)',
    ],
    [{ campaignId: null }, 'campaignId must be a number, got null'],
    [{ campaignId: '' }, 'campaignId must be a number, got the text ""'],
    [{ campaignId: 'abc' }, 'campaignId must be a number, got the text "abc"'],
    [{ campaignId: '0' }, 'campaignId must be a number, got the text "0"'],
    [{ campaignId: '007' }, 'campaignId must be a number, got the text "007"'],
    [{ campaignId: '12.0' }, 'campaignId must be a number, got the text "12.0"'],
    [{ campaignId: ' 12' }, 'campaignId must be a number, got the text " 12"'],
    [{ campaignId: '1e3' }, 'campaignId must be a number, got the text "1e3"'],
    [{ campaignId: '-5' }, 'campaignId must be a number, got the text "-5"'],
    [{ campaignId: 0 }, 'campaignId must be more than 0, got 0'],
    [{ campaignId: -3 }, 'campaignId must be more than 0, got -3'],
    [{ campaignId: 1.5 }, 'campaignId must be a whole number, got 1.5'],
    [{ campaignId: 2 ** 53 }, 'campaignId must be at most 9007199254740991, got 9007199254740992'],
    [{ campaignId: [1] }, 'campaignId must be a number, got a list'],
    [{ campaignId: { id: 1 } }, 'campaignId must be a number, got an object'],
    [{ accountIds: [] }, 'accountIds must have at least 1 entries, got 0 entries'],
    [{ accountIds: [1, 2, 3, 4] }, 'accountIds must have at most 3 entries, got 4 entries'],
    [{ accountIds: [1, 'x'] }, 'accountIds[1] must be a number, got the text "x"'],
    [{ keyword: 'x'.repeat(11) }, 'keyword must have at most 10 characters, got 11 characters'],
    [{ keyword: 5 }, 'keyword must be a string, got 5'],
    [{ seen: 'no' }, 'seen must be true or false, got the text "no"'],
    [{ seen: 0 }, 'seen must be true or false, got 0'],
    [{ limit: 0 }, 'limit must be at least 1, got 0'],
    [{ limit: 101 }, 'limit must be at most 100, got 101'],
    [{ limit: 'many' }, 'limit must be a number, got the text "many"'],
    [{ status: 'draft' }, 'status must be one of DRAFT, PAUSED, got the text "draft" (did you mean DRAFT?)'],
    [{ status: 7 }, 'status must be one of DRAFT, PAUSED, got 7'],
    [{ from: 'yesterday' }, 'from must be a UTC day'],
    [{ from: '2026-02-30' }, 'from must be a UTC day'],
    [{ from: '2026-02-30T00:00:00Z' }, 'from must be a UTC day'],
    [{ from: '2026-06-01T09:00:00' }, 'from must be a UTC day'],
    [{ from: '2026-06-01 09:00:00Z' }, 'from must be a UTC day'],
    [{ from: '01.06.2026' }, 'from must be a UTC day'],
    [{ from: '1780000000' }, 'from must be a UTC day'],
    [{ startDate: '2026-06-01T00:00:00Z' }, 'startDate must be a day such as 2026-06-01'],
    [{ leadUrl: 'https://example.com/in/ada' }, 'leadUrl must be a LinkedIn profile URL such as'],
    [{ headers: { 'X Y': 'z' } }, 'headers.X Y must be a header name'],
    [{ headers: { x: 1 } }, 'headers.x must be a string, got 1'],
    [{ leads: [{}] }, 'leads[0].firstName is required'],
    [{ leads: ['Ada'] }, 'leads[0] must be an object, got the text "Ada"'],
  ])('%j', (args, sentence) => {
    expect(issues(args)).toContain(sentence);
  });

  test('a missing parameter', () => {
    expect(issuesOf({})).toBe('campaignId is required');
  });

  test.each([
    [[], 'a list'],
    ['text', 'the text "text"'],
    [7, '7'],
    [true, 'true'],
  ])('arguments that are not an object: %j', (args, named) => {
    expect(issuesOf(args)).toBe(`the arguments must be an object, got ${named}`);
  });

  test.each([
    ['{"__proto__":{"campaignId":1}}', '__proto__'],
    ['{"campaignId":1,"__proto__":{"seen":true}}', '__proto__'],
    ['{"campaignId":1,"constructor":{}}', 'constructor'],
    ['{"campaignId":1,"toString":1}', 'toString'],
    ['{"campaignId":1,"hasOwnProperty":1}', 'hasOwnProperty'],
    ['{"campaignId":1,"leads":[{"firstName":"Ada","__proto__":{"listId":1}}]}', '__proto__ in leads[0]'],
    ['{"campaignId":1,"headers":{"__proto__":"x"}}', '__proto__'],
  ])('names that every object has: %s', (json, name) => {
    expect(issuesOf(JSON.parse(json))).toContain(name);
    expect(({} as Record<string, unknown>).seen).toBeUndefined();
    expect(({} as Record<string, unknown>).listId).toBeUndefined();
  });

  test('reports several issues in one text, at most five', () => {
    expect(issues({ seen: 1, limit: 0, note: 5 })?.split('; ')).toHaveLength(3);
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`unknown${index}`, index]));
    const problems = issues(many);
    expect(problems?.match(/unknown parameter/g)).toHaveLength(5);
    expect(problems).toMatch(/; and 35 more$/);
  });

  test('clips quoted arguments', () => {
    const long = 'x'.repeat(100_000);
    for (const args of [{ [long]: 1 }, { limit: long }, { status: long }, { headers: { [long]: 1 } }]) {
      expect(issues(args)?.length).toBeLessThan(800);
    }
  });

  test('very many unknown parameters cost little', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`campaign${index}`, index]));
    // Each comparison with a known name first lowers the case.
    const compared = vi.spyOn(String.prototype, 'toLowerCase');
    const problems = issues(many);
    const comparisons = compared.mock.calls.length;
    compared.mockRestore();
    expect(problems).toContain('unknown parameter');
    expect(comparisons).toBeGreaterThan(0);
    expect(comparisons).toBeLessThan(200);
  });

  test('checks a rule across parameters only after each parameter is valid', () => {
    const seen: unknown[] = [];
    const strict = toolWith((args) => {
      seen.push(args);
      return 'keyword and note exclude each other';
    });
    expect(parseArguments(strict, { campaignId: 0 })).toMatchObject({
      ok: false,
      issues: expect.stringContaining('campaignId'),
    });
    expect(seen).toEqual([]);
    expect(parseArguments(strict, { campaignId: '5' })).toEqual({
      ok: false,
      issues: 'keyword and note exclude each other',
    });
    expect(seen).toEqual([{ campaignId: 5, limit: 20 }]);
  });

  test('does not change the given arguments', () => {
    const args = Object.freeze({
      campaignId: '5',
      keyword: '',
      leads: Object.freeze([Object.freeze({ firstName: 'A' })]),
    });
    expect(parseArguments(tool, args).ok).toBe(true);
  });
});
