import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/mcp/arguments/parse-arguments.ts';
import { describeTool } from '../../src/mcp/definitions/tool-definition.ts';
import { tools } from '../../src/tools/registry.ts';
import { type InputSchema, validArguments } from '../support/tools/arguments.ts';

/** Texts without a visible character. */
const BLANKS = ['   ', '\u200b', '\u00a0\u2060\t\n', '\u3164', '\u00ad\u202e'];

type Path = (string | number)[];

/** The positions of free texts in arguments. Leads and sequences have their own tests. */
function textPlaces(schema: InputSchema, value: unknown, path: Path = []): Path[] {
  if (['leads', 'accountLeadPairs', 'sequence', 'schedule'].includes(String(path[0]))) return [];
  if (typeof value === 'string' && schema.type === 'string' && schema.enum === undefined) return [path];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => textPlaces(schema.items ?? {}, item, [...path, index]));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    textPlaces(field, (value as Record<string, unknown>)[name], [...path, name]),
  );
}

function withBlank(args: object, path: Path, blank: string): Record<string, unknown> {
  const copy = structuredClone(args) as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as never, copy);
  parent[path.at(-1)!] = blank;
  return copy;
}

describe.each(tools.map((tool) => ({ name: tool.name, tool })))('$name', ({ tool }) => {
  const schema = describeTool(tool).inputSchema as InputSchema;

  test('accepts no text without a visible character, at any depth', () => {
    for (const args of fc.sample(validArguments(schema), { numRuns: 12, seed: 7 })) {
      for (const path of textPlaces(schema, args)) {
        for (const blank of BLANKS) {
          const read = parseArguments(tool, withBlank(args as object, path, blank));
          const left = read.ok ? path.reduce<unknown>((at, key) => (at as never)?.[key], read.input) : undefined;
          // A tool that reports each person rejects only this person.
          if (typeof left === 'object' && left !== null && 'rejected' in left) continue;
          const { default: byDefault } = (schema.properties?.[String(path[0])] ?? {}) as { default?: unknown };
          // A blank optional text counts as absent. Every other blank text is rejected.
          if (path.length === 1 && left !== undefined && left === byDefault) continue;
          expect(left, `${path.join('.')} = ${JSON.stringify(blank)}`).toBeUndefined();
        }
      }
    }
  });
});
