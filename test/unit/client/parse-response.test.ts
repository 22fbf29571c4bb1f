import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { coerceResponse, parseResponse } from '../../../src/client/parse-response.ts';
import { type AnyOperation, areas } from '../../support/heyreach/operations.ts';

const operations = Object.entries(areas).flatMap(([area, methods]) =>
  Object.entries(methods).map(([name, operation]): [string, AnyOperation] => [`${area}.${name}`, operation]),
);

describe('an error in a 2xx response', () => {
  const parse = (operation: AnyOperation, text: string) =>
    parseResponse(operation, { type: 'response', status: 200, retryAfter: undefined, text }, (message) =>
      message.replaceAll('secret', '[key]'),
    );

  test.each(operations)('is reported as an error of %s', (_, operation) => {
    for (const text of [
      '{"errorMessage":"Not with secret"}',
      '{"totalCount":0,"items":[],"errorMessage":"Not with secret"}',
      '{"title":"Not with secret","status":400,"traceId":"1"}',
    ]) {
      expect(() => parse(operation, text)).toThrowError(
        expect.objectContaining({
          message: 'Not with [key]',
          status: 200,
          // The status of a write reports success, and its sentence reports an error.
          outcome: operation.retry === 'safe' ? 'refused' : 'unknown',
        }),
      );
    }
  });

  test.each(operations)(
    'is not reported for an empty errorMessage, a title or a nested field, in %s',
    (_, operation) => {
      const text =
        '{"errorMessage":null,"title":"Analyst","items":[{"errorMessage":"of a row","title":"x","status":500}]}';
      const expected = operation.responseMode === 'maybe_number' ? /expected a JSON number/ : undefined;
      if (expected === undefined) expect(() => parse(operation, text)).not.toThrow();
      else expect(() => parse(operation, text)).toThrow(expected);
    },
  );

  test('is reported for the page of a proxy, even if no body is expected', () => {
    const silent = operations.filter(([, { responseMode }]) => responseMode === 'nothing');
    expect(silent.length).toBeGreaterThan(5);
    for (const [, operation] of silent) {
      expect(() => parse(operation, '<!DOCTYPE html><title>Sign in</title>')).toThrowError(
        expect.objectContaining({ kind: 'unreadable_answer', outcome: 'unknown' }),
      );
      expect(parse(operation, 'OK')).toBeUndefined();
    }
  });
});

const schema = z.looseObject({
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
});
const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(z.toJSONSchema(schema));

describe('a value that does not fit its schema', () => {
  const complete = { total: 3, items: [] };
  const coerce = (fields: Record<string, unknown>) => {
    const result = structuredClone({ ...complete, ...fields });
    const changed = coerceResponse(schema, result);
    expect(accepts(result), JSON.stringify(result)).toBe(true);
    return { result: result as Record<string, unknown>, changed };
  };

  test('a value that fits is unchanged', () => {
    const value = { name: 'Ada', items: [{ id: 1, more: [1, 'two', null] }], other: { any: 'thing' } };
    expect(coerce(value)).toEqual({ result: { ...complete, ...value }, changed: [] });
  });

  test('a value that is not a text becomes a text where the schema has a text', () => {
    expect(coerce({ name: 12 })).toMatchObject({ result: { name: '12' }, changed: ['name'] });
    expect(coerce({ name: true }).result.name).toBe('true');
    expect(coerce({ name: { first: 'Ada' } }).result.name).toBe('{"first":"Ada"}');
    expect(coerce({ texts: ['a', 7] })).toMatchObject({ result: { texts: ['a', '7'] }, changed: ['texts.1'] });
  });

  test.each([
    ['count', 'many'],
    ['count', {}],
    ['on', 'always'],
    ['kind', 'third'],
    ['ids', 'none'],
    ['person', 'Ada'],
    ['person', []],
    ['byDay', [1]],
  ])('an invalid %s (%j) is left out and reported', (name, value) => {
    const { result, changed } = coerce({ [name]: value });
    expect(result).not.toHaveProperty(name);
    expect(changed).toEqual([name]);
  });

  test('nested values are coerced', () => {
    const { result, changed } = coerce({
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

  test('invalid rows leave the other rows and their positions unchanged', () => {
    const { result } = coerce({ items: [{ id: 1 }, null, 'text', [1], 7, { id: 2, tags: 'x' }] });
    const rows = result.items as Record<string, unknown>[];
    expect(rows).toHaveLength(6);
    expect([rows[0], rows[5]]).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('every kind of value fits its schema after parsing, at every position', () => {
    const odd = [null, 0, 1.5, '', 'text', true, [], [1], [null], {}, { a: 1 }, [[]], [{}], { a: { b: null } }];
    for (const name of ['kind', 'name', 'count', 'on', 'ids', 'texts', 'person', 'items', 'byDay']) {
      for (const value of odd) {
        if (name === 'items' && !Array.isArray(value)) continue;
        coerce({ [name]: value });
        coerce({ person: { [name]: value }, items: [{ [name]: value, tags: value, id: value }] });
      }
    }
  });

  test('changes no prototype', () => {
    const planted = JSON.parse('{"total":1,"items":[{"id":"x","__proto__":{"planted":1}}],"__proto__":{"planted":1}}');
    coerceResponse(schema, planted);
    expect(({} as { planted?: number }).planted).toBeUndefined();
  });
});
