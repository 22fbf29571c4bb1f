import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namesOfSameThing } from '../../src/mcp/arguments/aliases.ts';
import { parseArguments } from '../../src/mcp/arguments/parse-arguments.ts';
import { describeTool } from '../../src/mcp/definitions/tool-definition.ts';
import type { Tool } from '../../src/mcp/tool.ts';
import { sequenceOf } from '../../src/tools/campaigns/shared/validate-sequence.ts';
import { tools } from '../../src/tools/registry.ts';
import { runs } from '../support/runs/runs.ts';
import { type InputSchema, validArguments } from '../support/tools/arguments.ts';

const SETTINGS = { seed: 20261129, numRuns: runs(60) };

interface Place {
  parent: Record<string, unknown>;
  key: string;
  schema: InputSchema;
  path: string;
}

/** The positions of arrays, objects, numbers and booleans, at every depth that the schema describes. */
function placesIn(schema: InputSchema, value: unknown, path = ''): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]): Place[] => {
    const field = Array.isArray(value) ? schema.items : schema.properties?.[key];
    if (field === undefined || field.anyOf !== undefined) return [];
    const at = `${path}.${key}`;
    const below = placesIn(field, item, at);
    return typeof item === 'string' ? below : [{ parent: value as never, key, schema: field, path: at }, ...below];
  });
}

/** The arguments as the tool gets them, with the sequence in the form of the request. */
function readAs(tool: Tool, args: unknown): unknown {
  const read = parseArguments(tool, args);
  if (!read.ok || !('sequence' in read.input)) return read;
  return { ...read, input: { ...read.input, sequence: sequenceOf(read.input.sequence) } };
}

describe.each(tools.map((tool) => ({ name: tool.name, tool })))('$name', ({ tool }) => {
  const schema = describeTool(tool).inputSchema as InputSchema;

  test('reads a JSON text at any depth as the value itself, and no other text', () => {
    fc.assert(
      fc.property(validArguments(schema), fc.nat(), fc.string({ minLength: 1 }), (made, which, text) => {
        const expected = readAs(tool, made);
        const args = structuredClone(made) as Record<string, unknown>;
        const places = placesIn(schema, args);
        if (places.length === 0 || (expected as { ok: boolean }).ok === false) return;
        const { parent, key, path } = places[which % places.length]!;
        const json = JSON.stringify(parent[key]);
        parent[key] = json;
        expect(readAs(tool, args), path).toEqual(expected);
        // An unreadable row of leads is rejected alone, and the other rows are sent.
        if (/^add_leads_to_(list|campaign)/.test(tool.name) && path.split('.').length > 2) return;
        parent[key] = `${json}${text}x`;
        expect(readAs(tool, args), path).toMatchObject({
          ok: false,
          issues: expect.stringContaining(path.split('.')[1]!),
        });
      }),
      SETTINGS,
    );
  });

  test('accepts detail, and rejects other values of it', () => {
    fc.assert(
      fc.property(validArguments(schema), fc.constantFrom('compact', 'full'), (made, detail) => {
        const { detail: _, ...args } = made as Record<string, unknown>;
        const plain = parseArguments(tool, args);
        if (!plain.ok) return;
        const read = parseArguments(tool, { ...args, detail });
        expect(read).toEqual({ ok: true, input: 'detail' in tool.input ? { ...plain.input, detail } : plain.input });
        expect(parseArguments(tool, { ...args, detail: 'all' })).toEqual({
          ok: false,
          issues: expect.stringContaining('detail must be one of compact, full'),
        });
      }),
      { ...SETTINGS, numRuns: 10 },
    );
  });

  test('reads every other name of a parameter, unless both are given', () => {
    fc.assert(
      fc.property(validArguments(schema), (made) => {
        const args = made as Record<string, unknown>;
        const expected = readAs(tool, args);
        if ((expected as { ok: boolean }).ok === false) return;
        for (const name of Object.keys(args)) {
          const { [name]: value, ...others } = args;
          const known = namesOfSameThing(name).filter((other) => other in (schema.properties ?? {}));
          if (known.length > 1) continue;
          for (const alias of namesOfSameThing(name).filter((other) => other !== name)) {
            expect(readAs(tool, { ...others, [alias]: value }), alias).toEqual(expected);
            expect(parseArguments(tool, { ...args, [alias]: value }), alias).toEqual({
              ok: false,
              issues: expect.stringContaining(`unknown parameter ${alias} (`),
            });
          }
        }
      }),
      { ...SETTINGS, numRuns: 10 },
    );
  });
});
