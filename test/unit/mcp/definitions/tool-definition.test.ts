import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { id, integer, publishRequired, text } from '../../../../src/mcp/arguments/fields.ts';
import { describeTool } from '../../../../src/mcp/definitions/tool-definition.ts';
import { defineTool, type Tool } from '../../../../src/mcp/tool.ts';
import { tools } from '../../../../src/tools/registry.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false });

const nothing = { question: 'Do it?', lines: [], warnings: [], facts: {}, boundState: null };

function toolWith(confirmation: Tool['confirmation']): Tool {
  return defineTool({
    name: 'made_up',
    title: 'Made up',
    description: 'Made up.',
    toolset: 'campaigns',
    risk: 'read',
    retry: 'safe',
    ...(confirmation === 'never'
      ? { confirmation }
      : { confirmation: 'always' as const, preview: async () => nothing }),
    input: () => ({
      campaignId: id('Campaign'),
      keyword: text('Text').optional(),
      limit: integer('Rows', 1, 100).default(20),
      rows: z.array(publishRequired(z.strictObject({ name: z.string().optional() }), ['name'])).optional(),
    }),
    output: () =>
      z.looseObject({
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

const tool = toolWith('never');
const published = describeTool(tool);
const accepts = ajv.compile(published.outputSchema);
const ERROR = { kind: 'bad_request', message: 'No.', nextStep: 'None.', outcome: 'refused' };

describe('the published definition', () => {
  test('names required fields, also where a missing field does not reject the whole call', () => {
    expect(published.inputSchema).toEqual({
      type: 'object',
      properties: {
        campaignId: { type: 'integer', minimum: 1, description: 'Campaign' },
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

  test('accepts a complete result, with unknown fields', () => {
    expect(accepts({ total: 1, items: [{ id: 1, other: {} }], other: 1 })).toBe(true);
    expect(accepts({ total: 'unknown', items: [], name: null, truncated: true })).toBe(true);
  });

  test('accepts an error alone, and an error with other fields', () => {
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

  test.each(['always', 'conditional'] as const)(
    'a tool with confirmation %s may also return a confirmation or a decline',
    (confirmation) => {
      const asking = ajv.compile(describeTool(toolWith(confirmation)).outputSchema);
      expect(asking({ confirmation: { required: true, preview: { text: 'x' } } })).toBe(true);
      expect(asking({ declined: true })).toBe(true);
      expect(asking({})).toBe(false);
    },
  );

  test('no tool says that it asks when the server does not ask', () => {
    for (const tool of tools)
      expect(describeTool(tool, { isConfirmationOn: false }).description).not.toMatch(/asks for/i);
    expect(tools.filter((tool) => /asks for/i.test(describeTool(tool).description)).length).toBeGreaterThan(10);
  });

  test.each(tools.map((tool) => [tool.name, tool] as const))(
    '%s compiles, and accepts every kind of error',
    (_, tool) => {
      const { inputSchema, outputSchema } = describeTool(tool);
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
    },
  );
});
