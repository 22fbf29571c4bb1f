import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool, type Tool } from '../../src/tools/define.ts';
import { id, publishRequired, text, whole } from '../../src/tools/fields.ts';
import { describeTool, fitOutput } from '../../src/tools/output.ts';
import { tools } from '../../src/tools/registry.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false });

const nothing = { question: 'Do it?', lines: [], warnings: [], facts: {}, binds: null };

function toolWith(asks: Tool['asks']): Tool {
  return defineTool({
    name: 'made_up',
    title: 'Made up',
    description: 'Made up.',
    toolset: 'campaigns',
    kind: 'read',
    repeat: 'safe',
    ...(asks === 'no' ? { asks } : { asks: 'yes' as const, preview: async () => nothing }),
    input: {
      campaignId: id('Campaign'),
      keyword: text('Text').optional(),
      limit: whole('Rows', 1, 100).default(20),
      rows: z.array(publishRequired(z.strictObject({ name: z.string().optional() }), ['name'])).optional(),
    },
    output: z.looseObject({
      total: z.union([z.number(), z.literal('unknown')]),
      kind: z.enum(['one', 'other']).nullish(),
      name: z.string().nullish(),
      count: z.number().nullish(),
      on: z.boolean().nullish(),
      ids: z.array(z.number()).nullish(),
      texts: z.array(z.string()).nullish(),
      person: z.looseObject({ name: z.string().nullish(), age: z.number().nullish() }).nullish(),
      items: z.array(z.looseObject({ id: z.number().nullish(), tags: z.array(z.string()).nullish() })),
      byDay: z.record(z.string(), z.looseObject({ count: z.number().nullish() })).nullish(),
    }),
    run: async () => ({ data: {} }),
  });
}

const tool = toolWith('no');
const published = describeTool(tool);
const accepts = ajv.compile(published.outputSchema);
const ERROR = { kind: 'bad_request', message: 'No.', nextStep: 'None.', outcome: 'refused' };

describe('what is published', () => {
  test('says what is required, even where a missing one is not refused with the whole call', () => {
    expect(published.inputSchema).toEqual({
      type: 'object',
      properties: {
        campaignId: { type: 'integer', description: 'Campaign' },
        keyword: { type: 'string', maxLength: 500, description: 'Text' },
        limit: { type: 'integer', minimum: 1, maximum: 100, default: 20, description: 'Rows' },
        rows: {
          type: 'array',
          items: {
            type: 'object',
            properties: { name: { type: 'string' } },
            required: ['name'],
            additionalProperties: false,
          },
        },
      },
      required: ['campaignId'],
      additionalProperties: false,
    });
  });

  test('accepts a whole result, with fields nobody knew', () => {
    expect(accepts({ total: 1, items: [{ id: 1, other: {} }], other: 1 })).toBe(true);
    expect(accepts({ total: 'unknown', items: [], name: null, truncated: true })).toBe(true);
  });

  test('accepts an error alone, and an error with an account', () => {
    expect(accepts({ error: ERROR })).toBe(true);
    expect(accepts({ error: { ...ERROR, status: 429, retryAfterSeconds: 7, more: 1 }, total: 1 })).toBe(true);
  });

  test.each([
    {},
    { total: 1 },
    { items: [] },
    { total: 'many', items: [] },
    { total: 1, items: [null] },
    { error: {} },
    { error: { ...ERROR, outcome: 'perhaps' } },
    { confirmation: {} },
    { declined: true },
  ])('does not accept %j', (result) => {
    expect(accepts(result)).toBe(false);
  });

  test.each(['yes', 'sometimes'] as const)(
    'a tool that asks (%s) may also answer a confirmation, or that it was declined',
    (asks) => {
      const asking = ajv.compile(describeTool(toolWith(asks)).outputSchema);
      expect(asking({ confirmation: { required: true, preview: { text: 'x' } } })).toBe(true);
      expect(asking({ declined: true })).toBe(true);
      expect(asking({})).toBe(false);
    },
  );

  test.each(tools.map((one) => [one.name, one] as const))('%s compiles, and takes every kind of error', (_, one) => {
    const { inputSchema, outputSchema } = describeTool(one);
    ajv.compile(inputSchema);
    const takes = ajv.compile(outputSchema);
    for (const outcome of ['not_sent', 'refused', 'unknown']) {
      expect(takes({ error: { kind: 'timeout', message: 'm', nextStep: 'n', outcome } })).toBe(true);
    }
    expect(
      takes({
        error: {
          kind: 'rate_limited',
          status: 429,
          message: 'm',
          nextStep: 'n',
          retryAfterSeconds: 1,
          outcome: 'refused',
        },
      }),
    ).toBe(true);
    expect(takes({ error: 'text' })).toBe(false);
  });
});

describe('a result that does not fit its schema', () => {
  const whole = { total: 3, items: [] };
  const mend = (structured: Record<string, unknown>) => {
    const result = structuredClone({ ...whole, ...structured });
    const changed = fitOutput(tool, result);
    expect(accepts(result), JSON.stringify(result)).toBe(true);
    return { result: result as Record<string, unknown>, changed };
  };

  test('one that fits is left as it is', () => {
    const given = { name: 'Ada', items: [{ id: 1, more: [1, 'two', null] }], other: { any: 'thing' } };
    expect(mend(given)).toEqual({ result: { ...whole, ...given }, changed: [] });
  });

  test('what should be a text becomes one', () => {
    expect(mend({ name: 12 })).toMatchObject({ result: { name: '12' }, changed: ['name'] });
    expect(mend({ name: true }).result.name).toBe('true');
    expect(mend({ name: { first: 'Ada' } }).result.name).toBe('{"first":"Ada"}');
    expect(mend({ texts: ['a', 7] })).toMatchObject({ result: { texts: ['a', '7'] }, changed: ['texts.1'] });
  });

  test.each([
    ['count', 'many'],
    ['count', {}],
    ['on', 'yes'],
    ['kind', 'third'],
    ['ids', 'none'],
    ['person', 'Ada'],
    ['person', []],
    ['byDay', [1]],
  ])('an odd %s (%j) is left out and named', (name, value) => {
    const { result, changed } = mend({ [name]: value });
    expect(result).not.toHaveProperty(name);
    expect(changed).toEqual([name]);
  });

  test('deep ones are found', () => {
    const { result, changed } = mend({
      person: { name: 5, age: [] },
      byDay: { '2026-06-01': { count: 'x' }, '2026-06-02': { count: 2 } },
      items: [{ id: 1, tags: ['a', null, 3] }],
    });
    expect(result).toMatchObject({
      person: { name: '5' },
      byDay: { '2026-06-01': {}, '2026-06-02': { count: 2 } },
      items: [{ id: 1 }],
    });
    expect(changed).toEqual(
      expect.arrayContaining(['person.name', 'person.age', 'byDay.2026-06-01.count', 'items.0.tags.2']),
    );
  });

  test('odd rows do not take the others with them, nor their places', () => {
    const { result } = mend({ items: [{ id: 1 }, null, 'text', [1], 7, { id: 2, tags: 'x' }] });
    const rows = result.items as Record<string, unknown>[];
    expect(rows).toHaveLength(6);
    expect([rows[0], rows[5]]).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('every kind of value in every place comes out fitting', () => {
    const odd = [null, 0, 1.5, '', 'text', true, [], [1], [null], {}, { a: 1 }, [[]], [{}], { a: { b: null } }];
    for (const name of ['kind', 'name', 'count', 'on', 'ids', 'texts', 'person', 'items', 'byDay']) {
      for (const value of odd) {
        if (name === 'items' && !Array.isArray(value)) continue;
        mend({ [name]: value });
        mend({ person: { [name]: value }, items: [{ [name]: value, tags: value, id: value }] });
      }
    }
  });

  test('the prototype of nothing is touched', () => {
    const given = JSON.parse('{"total":1,"items":[{"id":"x","__proto__":{"planted":1}}],"__proto__":{"planted":1}}');
    fitOutput(tool, given);
    expect(({} as { planted?: number }).planted).toBeUndefined();
  });
});
