import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/mcp/arguments/parse-arguments.ts';
import { describeTool } from '../../src/mcp/definitions/tool-definition.ts';
import type { Tool } from '../../src/mcp/tool.ts';
import { sequenceOf } from '../../src/tools/campaigns/shared/validate-sequence.ts';
import { tools } from '../../src/tools/registry.ts';
import { runs } from '../support/runs/runs.ts';
import { type InputSchema, validArguments } from '../support/tools/arguments.ts';

/** Steps of every kind with a payload, with all optional fields of a node. */
const END = { nodeType: 'END', actionDelay: 1, actionDelayUnit: 'DAY' };
const TREE = {
  nodeType: 'CHECK_IS_CONNECTION',
  externalReference: 'a',
  conditionalNode: {
    nodeType: 'MESSAGE',
    actionDelay: 1,
    actionDelayUnit: 'DAY',
    payload: { messages: ['Hi {FIRST_NAME}'], fallbackMessage: 'Hi' },
    conditionalNode: END,
    unconditionalNode: {
      nodeType: 'INMAIL',
      actionDelay: 1,
      actionDelayUnit: 'DAY',
      externalReference: 'b',
      payload: { messages: [{ subject: 'S', message: 'M' }], fallbackMessage: { subject: 'S', message: 'M' } },
      unconditionalNode: END,
    },
  },
  unconditionalNode: {
    nodeType: 'CONNECTION_REQUEST',
    payload: { messages: ['Hi'], fallbackMessage: 'Hi', toBeWithdrawnAfterDays: 21 },
    conditionalNode: {
      nodeType: 'LIKE_POST',
      actionDelay: 4,
      actionDelayUnit: 'HOUR',
      payload: { reactionType: 'LIKE', randomReaction: true, reactBefore: 'WEEK1', skipDelayIfCannotLike: true },
      unconditionalNode: END,
    },
    unconditionalNode: END,
  },
};
const NODE_FIELDS = [
  'actionDelay',
  'actionDelayUnit',
  'payload',
  'externalReference',
  'unconditionalNode',
  'conditionalNode',
];
const PAYLOAD_FIELDS = [
  'fallbackMessage',
  'toBeWithdrawnAfterDays',
  'reactionType',
  'randomReaction',
  'reactBefore',
  'skipDelayIfCannotLike',
  'aFieldOfARead',
];

type Path = (string | number)[];

/** Enough runs to cover every optional parameter. */
const RUNS = Math.max(12, runs(20));

/** The positions at which a value may omit a field according to the schema, whether or not the field is present. */
function optionalPlaces(schema: InputSchema, value: unknown, path: Path = []): Path[] {
  if (path.at(-1) === 'sequence') return sequencePlaces(value, path);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => optionalPlaces(schema.items ?? {}, item, [...path, index]));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = [...path, name];
    const below = optionalPlaces(field, (value as Record<string, unknown>)[name], at);
    return (schema.required ?? []).includes(name) ? below : [at, ...below];
  });
}

function sequencePlaces(node: unknown, path: Path): Path[] {
  if (typeof node !== 'object' || node === null) return [];
  const { payload, unconditionalNode, conditionalNode } = node as Record<string, unknown>;
  return [
    ...NODE_FIELDS.map((name) => [...path, name]),
    ...(payload === undefined ? [] : PAYLOAD_FIELDS.map((name) => [...path, 'payload', name])),
    ...sequencePlaces(unconditionalNode, [...path, 'unconditionalNode']),
    ...sequencePlaces(conditionalNode, [...path, 'conditionalNode']),
  ];
}

/** A copy with one field set to a value, or removed. */
function changed(args: object, path: Path, ...value: [] | [unknown]): Record<string, unknown> {
  const copy = structuredClone(args) as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as never, copy);
  if (value.length === 0) delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = value[0];
  return copy;
}

/** The arguments as the tool gets them, with the sequence in the form of the request. */
function readAs(tool: Tool, args: unknown): unknown {
  const read = parseArguments(tool, args);
  if (!read.ok) return read;
  return 'sequence' in read.input ? { ...read.input, sequence: sequenceOf(read.input.sequence) } : read.input;
}

test('the tree whose fields are omitted is valid', () => {
  expect(sequenceOf(TREE)).toEqual(TREE);
});

describe.each(tools.map((tool) => ({ name: tool.name, tool })))('$name', ({ tool }) => {
  const schema = describeTool(tool).inputSchema as InputSchema;

  test('has no parameter for which null has a meaning', () => {
    expect(JSON.stringify(schema)).not.toMatch(/"null"|"nullable"/);
  });

  test('treats null as an absent value at every optional position', () => {
    const places = new Set<string>();
    let hasTree = false;
    fc.assert(
      fc.property(validArguments(schema), (made) => {
        const validArgs = made as Record<string, unknown>;
        // The tree has dozens of positions, so one run uses it.
        const args = 'sequence' in validArgs && !hasTree ? { ...validArgs, sequence: TREE } : validArgs;
        hasTree ||= args !== validArgs;
        for (const path of optionalPlaces(schema, args)) {
          places.add(path.filter((key) => typeof key === 'string').join('.'));
          expect(readAs(tool, changed(args, path, null)), path.join('.')).toEqual(readAs(tool, changed(args, path)));
        }
      }),
      { numRuns: RUNS, seed: 1 },
    );
    for (const name of Object.keys(schema.properties ?? {})) {
      if (!(schema.required ?? []).includes(name)) expect([...places]).toContain(name);
    }
  });

  test('treats null for all optional parameters at once as absent', () => {
    fc.assert(
      fc.property(validArguments(schema), (made) => {
        const args = made as Record<string, unknown>;
        const optional = Object.keys(schema.properties ?? {}).filter((name) => !(schema.required ?? []).includes(name));
        const bare = Object.fromEntries(Object.entries(args).filter(([name]) => !optional.includes(name)));
        const nulls = Object.fromEntries(optional.map((name) => [name, null]));
        expect(readAs(tool, { ...bare, ...nulls })).toEqual(readAs(tool, bare));
      }),
      { numRuns: 5, seed: 1 },
    );
  });
});
