import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { describeTool } from '../../src/mcp/definitions/tool-definition.ts';
import { tools } from '../../src/tools/registry.ts';

type Schema = Record<string, unknown> & {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  description?: string;
};

interface Place {
  path: string;
  /** The name of the parameter. Empty for the rows of an array and for branches. */
  name: string;
  schema: Schema;
}

/** Keywords that make some hosts reject a schema, or drop the tool. */
const REJECTED = [
  '$schema',
  '$ref',
  '$defs',
  'definitions',
  'propertyNames',
  'oneOf',
  'allOf',
  'not',
  'const',
  'pattern',
];
const SCHEMA_OF = (tool: string, side: 'inputSchema' | 'outputSchema' = 'inputSchema') =>
  describeTool(tools.find(({ name }) => name === tool)!)[side] as unknown as Schema;

function placesIn(schema: Schema, path: string, name = ''): Place[] {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([key, field]) =>
    placesIn(field, `${path}.${key}`, key),
  );
  const rows = schema.items === undefined ? [] : placesIn(schema.items, `${path}[]`);
  const branches = (schema.anyOf ?? []).flatMap((branch, index) => placesIn(branch, `${path}|${index}`));
  const others =
    typeof schema.additionalProperties === 'object' ? placesIn(schema.additionalProperties as Schema, `${path}.*`) : [];
  return [{ path, name, schema }, ...fields, ...rows, ...branches, ...others];
}

const inputs = tools.flatMap((tool) => placesIn(SCHEMA_OF(tool.name), tool.name));
const outputs = tools.flatMap((tool) => placesIn(SCHEMA_OF(tool.name, 'outputSchema'), `${tool.name}>`));
const pathsOf = (places: Place[]) => places.map(({ path }) => path);

test('covers every tool', () => {
  expect(tools.length).toBeGreaterThanOrEqual(66);
});

describe('keywords', () => {
  test('no schema has a keyword that hosts reject', () => {
    const rejected = [...inputs, ...outputs].flatMap(({ path, schema }) =>
      REJECTED.filter((keyword) => keyword in schema).map((keyword) => `${path}: ${keyword}`),
    );
    expect(rejected).toEqual([]);
  });

  test('no schema has several types, a URI format or a safe-integer bound', () => {
    const odd = [...inputs, ...outputs].filter(
      ({ schema }) =>
        Array.isArray(schema.type) ||
        schema.format === 'uri' ||
        Object.values(schema).includes(Number.MAX_SAFE_INTEGER) ||
        Object.values(schema).includes(Number.MIN_SAFE_INTEGER),
    );
    expect(pathsOf(odd)).toEqual([]);
  });

  test('every schema has a keyword besides its description', () => {
    const empty = [...inputs, ...outputs].filter(({ schema }) =>
      Object.keys(schema).every((keyword) => keyword === 'description'),
    );
    expect(pathsOf(empty)).toEqual([]);
  });

  test('only check_api_key has an object without properties', () => {
    const bare = inputs.filter(
      ({ schema }) => schema.type === 'object' && Object.keys(schema.properties ?? {}).length === 0,
    );
    expect(pathsOf(bare)).toEqual(['check_api_key']);
  });

  test('the root of an input has no union', () => {
    expect(tools.filter(({ name }) => 'anyOf' in SCHEMA_OF(name))).toEqual([]);
  });
});

describe('bounds', () => {
  test('ids are above 0', () => {
    const ids = inputs.filter(({ name, schema }) => /Id$/.test(name) && schema.type === 'integer');
    const lists = inputs.filter(({ name, schema }) => /Ids$/.test(name) && schema.items?.type === 'integer');
    expect(ids.length).toBeGreaterThan(40);
    expect(lists.length).toBeGreaterThan(15);
    const sequenceIds = ({ path }: Place) => path.includes('.payload.');
    expect(pathsOf(ids.filter((place) => place.schema.minimum !== 1 && !sequenceIds(place)))).toEqual([]);
    expect(pathsOf(lists.filter(({ schema }) => schema.items?.minimum !== 1))).toEqual([]);
  });

  test('names of campaigns, lists, webhooks and workspaces have at least one character', () => {
    const names = inputs.filter(({ path }) => /^\w+\.(name|webhookName|workspaceName)$/.test(path));
    expect(names.length).toBeGreaterThan(6);
    expect(pathsOf(names.filter(({ schema }) => !((schema.minLength as number) >= 1)))).toEqual([]);
  });

  test('the description of a limit has its bounds and its default', () => {
    const limits = inputs.filter(
      ({ name, schema }) => name === 'limit' || (name === 'messages' && schema.type === 'integer'),
    );
    expect(limits.length).toBeGreaterThan(20);
    for (const { path, schema } of limits) {
      const words = `${schema.minimum} to ${schema.maximum}, default ${schema.default}`;
      expect(schema.description, path).toMatch(new RegExp(`, ${words}$`));
      expect(encode(words).length, path).toBeLessThanOrEqual(9);
    }
  });

  test('the description of a list has its bounds', () => {
    const lists = inputs.filter(({ schema }) => schema.maxItems !== undefined);
    expect(lists.length).toBeGreaterThan(40);
    for (const { path, schema } of lists) {
      const words =
        schema.minItems === undefined ? `at most ${schema.maxItems}` : `${schema.minItems} to ${schema.maxItems}`;
      expect(schema.description, path).toMatch(new RegExp(`; ${words}$`));
    }
  });

  test('the description has every default that affects a result', () => {
    const defaults = inputs.filter(
      ({ name, schema }) => 'default' in schema && name !== 'offset' && !Array.isArray(schema.default),
    );
    expect(defaults.length).toBeGreaterThan(40);
    expect(pathsOf(defaults.filter(({ schema }) => !/default/.test(schema.description ?? '')))).toEqual([]);
  });
});

test('exactly the tools that ask for confirmation say so in their description', () => {
  const say = tools.filter((tool) => /asks for confirmation/i.test(describeTool(tool).description));
  const ask = tools.filter(({ confirmation }) => confirmation !== 'never');
  expect(say.map(({ name }) => name)).toEqual(ask.map(({ name }) => name));
  expect(ask.length).toBeGreaterThanOrEqual(20);
});

describe('objects whose content some converters drop', () => {
  test('no parameter has a union of types, because some frameworks keep only one of them', () => {
    expect(pathsOf(inputs.filter(({ schema }) => 'anyOf' in schema))).toEqual([]);
  });

  test('no object has a type for unknown properties, because OpenAI rejects that in a strict schema', () => {
    expect(pathsOf(inputs.filter(({ schema }) => typeof schema.additionalProperties === 'object'))).toEqual([]);
  });

  const NODE = [
    'nodeType',
    'actionDelay',
    'actionDelayUnit',
    'payload',
    'externalReference',
    'unconditionalNode',
    'conditionalNode',
  ];

  test.each(['create_campaign', 'update_campaign_sequence'])('%s declares the fields of a step', (tool) => {
    const { sequence } = SCHEMA_OF(tool).properties!;
    expect(Object.keys(sequence!.properties!)).toEqual(NODE);
    expect(Object.keys(sequence!.properties!.payload!.properties!)).toEqual([
      'messages',
      'fallbackMessage',
      'toBeWithdrawnAfterDays',
      'reactionType',
      'randomReaction',
      'reactBefore',
      'skipDelayIfCannotLike',
      'instantlyResourceId',
      'resourceType',
      'smartLeadCampaignId',
      'bisonCampaignId',
    ]);
    for (const name of ['unconditionalNode', 'conditionalNode']) {
      expect(sequence!.properties![name]).toMatchObject({
        type: 'object',
        properties: { nodeType: {} },
        required: ['nodeType'],
      });
    }
  });

  test.each(['create_webhook', 'update_webhook'])('%s accepts custom headers as a list', (tool) => {
    expect(SCHEMA_OF(tool).properties!.customHeaders).toMatchObject({
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, value: { type: 'string' } },
        required: ['name', 'value'],
      },
    });
  });
});

describe('fields of results', () => {
  const rowOf = (tool: string) => SCHEMA_OF(tool, 'outputSchema').properties!.items!.items!;

  test('a campaign has the exclusions of older responses', () => {
    for (const name of [
      'excludeAlreadyMessagedGlobal',
      'excludeAlreadyMessagedCampaignAccounts',
      'excludeFirstConnectionCampaignAccounts',
      'excludeFirstConnectionGlobal',
      'excludeNoProfilePicture',
    ]) {
      expect(rowOf('list_campaigns').properties).toHaveProperty(name);
    }
  });

  test.each(['list_conversations', 'scan_conversations'])('the person in a row of %s has an id', (tool) => {
    const [person] = rowOf(tool).properties!.correspondentProfile!.anyOf!;
    expect(person!.properties).toHaveProperty('id');
  });
});
