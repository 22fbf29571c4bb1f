import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeTool } from '../../src/tools/output.ts';
import { selectTools, tools } from '../../src/tools/registry.ts';
import { toolTable } from './tool-table.ts';

const src = fileURLToPath(new URL('../../src/tools/', import.meta.url));
const tests = fileURLToPath(new URL('../tools/', import.meta.url));

/** Every file below a toolset's folder that defines a tool, by the folder's and the file's name. */
const toolFiles = readdirSync(src, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((folder) => readdirSync(`${src}${folder.name}`).map((file) => ({ folder: folder.name, file })))
  .filter(({ folder, file }) => readFileSync(`${src}${folder}/${file}`, 'utf8').includes('= defineTool('));

/** readOnlyHint, destructiveHint by kind; idempotentHint by repeat. */
const HINTS = {
  read: [true, false],
  write: [false, false],
  stop: [false, false],
  destructive: [false, true],
  egress: [false, true],
  outreach: [false, true],
} as const;

test('the registry holds the tools of the table, no more and no less, in its order', () => {
  expect(tools.map((tool) => tool.name)).toEqual(toolTable.map((row) => row.name));
});

test('every file that defines a tool is registered under its own name and folder', () => {
  const found = toolFiles.map(({ folder, file }) => `${folder}/${file}`).sort();
  const wanted = tools.map((tool) => `${tool.toolset}/${tool.name}.ts`.replaceAll('_', '-')).sort();
  expect(found).toEqual(wanted);
});

describe.each(toolTable)('$name', (row) => {
  const tool = tools.find(({ name }) => name === row.name)!;
  const definition = describeTool(tool);

  test('has the kind, repeat class, toolset and asks of the table, and the hints that follow', () => {
    expect(tool).toMatchObject({ kind: row.kind, repeat: row.repeat, toolset: row.toolset, asks: row.asks });
    const [readOnlyHint, destructiveHint] = HINTS[row.kind];
    expect(definition.annotations).toEqual({
      title: tool.title,
      readOnlyHint,
      destructiveHint,
      idempotentHint: row.repeat !== 'once',
      openWorldHint: row.name !== 'check_api_key',
    });
  });

  test('has a test file of its own name', () => {
    expect(existsSync(`${tests}${row.toolset}/${row.name}.test.ts`.replaceAll('_', '-'))).toBe(true);
  });

  test('says in its description more than its name, without shouting or ordering', () => {
    const { description } = definition;
    const said = new Set(description.toLowerCase().match(/[a-z]+/g));
    for (const word of `${row.name} ${definition.title}`.toLowerCase().match(/[a-z]+/g) ?? []) said.delete(word);
    expect(said.size).toBeGreaterThan(5);
    expect(description.split(/[.;:] /).length).toBeLessThanOrEqual(8);
    expect(description).not.toMatch(/\b(MUST|NEVER|ALWAYS|IMPORTANT|CRITICAL)\b|you must|make sure/i);
    expect(description.length).toBeLessThan(420);
  });

  test('describes every parameter, at every depth, in a schema that all hosts take', () => {
    const { inputSchema } = definition;
    expect(undescribed(inputSchema, row.name)).toEqual([]);
    expect(inputSchema.additionalProperties).toBe(false);
    for (const keyword of ['anyOf', 'oneOf', 'allOf', '$schema', '$defs', '$ref'])
      expect(inputSchema).not.toHaveProperty(keyword);
    const text = JSON.stringify(inputSchema);
    expect(text).not.toMatch(/\$ref|\$defs|"format":"uri"|9007199254740991/);
  });

  test('has an output schema that also takes an error', () => {
    const { outputSchema } = definition;
    expect(outputSchema.type).toBe('object');
    expect(outputSchema.properties).toHaveProperty('error');
    expect(outputSchema.anyOf).toContainEqual({ required: ['error'] });
    const asks = row.asks !== 'no';
    expect(Object.keys(outputSchema.properties).includes('confirmation')).toBe(asks);
    expect(Object.keys(outputSchema.properties).includes('declined')).toBe(asks);
  });

  test('keeps its public definition', async () => {
    await expect(`${JSON.stringify(definition, null, 2)}\n`).toMatchFileSnapshot(
      `__snapshots__/definitions/${row.name}.json`,
    );
  });
});

test('every tool that adds leads publishes the same row, with what HeyReach needs of it', () => {
  const schemaOf = (name: string) => describeTool(tools.find((tool) => tool.name === name)!).inputSchema as Schema;
  const { description: _, ...row } = schemaOf('add_leads_to_list').properties!.leads!.items!;
  expect(row).toMatchObject({ required: ['profileUrl', 'firstName', 'lastName'] });
  for (const name of ['add_leads_to_campaign', 'add_leads_to_campaign_v1']) {
    const { lead } = schemaOf(name).properties!.accountLeadPairs!.items!.properties!;
    expect(lead).toMatchObject(row);
  }
});

test('no two tools share a title', () => {
  expect(new Set(tools.map((tool) => tool.title)).size).toBe(tools.length);
});

describe('what a configuration shows', () => {
  const all = { mode: 'full', toolsets: ['campaigns', 'inbox', 'organization', 'legacy'], exclude: [] } as const;
  const names = (selection: Parameters<typeof selectTools>[0]) => selectTools(selection).map((tool) => tool.name);

  test('the organization toolset needs its key', () => {
    expect(names({ ...all, hasOrganizationKey: false })).not.toContain('list_workspaces');
    expect(names({ ...all, hasOrganizationKey: true })).toContain('list_workspaces');
  });

  test.each([
    ['read-only', ['read']],
    ['draft', ['read', 'write', 'stop']],
    ['full', ['read', 'write', 'stop', 'destructive', 'egress', 'outreach']],
  ] as const)('mode %s shows %j', (mode, kinds) => {
    const shown = names({ ...all, mode, hasOrganizationKey: true });
    const wanted = toolTable.filter(
      (row) =>
        (all.toolsets as readonly string[]).includes(row.toolset) && (kinds as readonly string[]).includes(row.kind),
    );
    expect(shown).toEqual(wanted.map((row) => row.name));
  });

  test('a tool can be hidden by name', () => {
    expect(names({ ...all, exclude: ['send_message'], hasOrganizationKey: false })).not.toContain('send_message');
  });
});

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

function undescribed(schema: Schema, path: string): string[] {
  const inner = [schema, ...(schema.anyOf ?? [])].flatMap((one) => Object.entries(one.properties ?? {}));
  const items = [schema, ...(schema.anyOf ?? [])].flatMap((one) => (one.items === undefined ? [] : [one.items]));
  return [
    ...inner.flatMap(([name, field]) => [
      ...(field.description === undefined ? [`${path}.${name}`] : []),
      ...undescribed(field, `${path}.${name}`),
    ]),
    ...items.flatMap((item) => undescribed(item, `${path}[]`)),
  ];
}
