import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { describeTool } from '../../src/mcp/definitions/tool-definition.ts';
import { selectTools, tools } from '../../src/tools/registry.ts';
import { toolTable } from './tool-table.ts';

const src = fileURLToPath(new URL('../../src/tools/', import.meta.url));
const tests = fileURLToPath(new URL('../unit/tools/', import.meta.url));

/** Every file in the folder of a toolset that defines a tool, with the names of the folder and of the file. */
const toolFiles = readdirSync(src, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap((folder) =>
    readdirSync(`${src}${folder.name}`)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => ({ folder: folder.name, file })),
  )
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

test('the registry has exactly the tools of the table, in the same order', () => {
  expect(tools.map((tool) => tool.name)).toEqual(toolTable.map((row) => row.name));
});

test('every file that defines a tool is registered under its own name and folder', () => {
  const files = toolFiles.map(({ folder, file }) => `${folder}/${file}`).sort();
  const expectedFiles = tools.map((tool) => `${tool.toolset}/${tool.name}.ts`.replaceAll('_', '-')).sort();
  expect(files).toEqual(expectedFiles);
});

describe.each(toolTable)('$name', (row) => {
  const tool = tools.find(({ name }) => name === row.name)!;
  const definition = describeTool(tool);

  // A single non-ASCII character makes V8 serialize all of tools/list at half the speed.
  test('is defined in ASCII', () => {
    expect(JSON.stringify(definition)).toMatch(/^[ -~]*$/);
  });

  test('has the risk, retry class, toolset and confirmation of the table, and the matching hints', () => {
    expect(tool).toMatchObject({
      risk: row.risk,
      retry: row.retry,
      toolset: row.toolset,
      confirmation: row.confirmation,
    });
    const [readOnlyHint, destructiveHint] = HINTS[row.risk];
    expect(definition.annotations).toEqual({
      title: tool.title,
      readOnlyHint,
      destructiveHint,
      idempotentHint: row.retry !== 'never',
      openWorldHint: row.name !== 'check_api_key',
    });
  });

  test('has a test file of the same name', () => {
    expect(existsSync(`${tests}${row.toolset}/${row.name}.test.ts`.replaceAll('_', '-'))).toBe(true);
  });

  test('has a description with more than its name, without capitals and commands', () => {
    const { description } = definition;
    const words = new Set(description.toLowerCase().match(/[a-z]+/g));
    for (const word of `${row.name} ${definition.title}`.toLowerCase().match(/[a-z]+/g) ?? []) words.delete(word);
    expect(words.size).toBeGreaterThan(5);
    expect(description.split(/[.;:] /).length).toBeLessThanOrEqual(8);
    expect(description).not.toMatch(/\b(MUST|NEVER|ALWAYS|IMPORTANT|CRITICAL)\b|you must|make sure/i);
    expect(description.length).toBeLessThan(420);
  });

  test('describes every parameter at every depth, in a schema that all hosts accept', () => {
    const { inputSchema } = definition;
    expect(undescribed(inputSchema, row.name)).toEqual([]);
    expect(inputSchema.additionalProperties).toBe(false);
    for (const keyword of ['anyOf', 'oneOf', 'allOf', '$schema', '$defs', '$ref'])
      expect(inputSchema).not.toHaveProperty(keyword);
    const text = JSON.stringify(inputSchema);
    expect(text).not.toMatch(/\$ref|\$defs|"format":"uri"|9007199254740991/);
  });

  test('has an output schema that also accepts an error', () => {
    const { outputSchema } = definition;
    expect(outputSchema.type).toBe('object');
    expect(outputSchema.properties).toHaveProperty('error');
    expect(outputSchema.anyOf).toContainEqual({ required: ['error'] });
    const requiresConfirmation = row.confirmation !== 'never';
    expect(Object.keys(outputSchema.properties).includes('confirmation')).toBe(requiresConfirmation);
    expect(Object.keys(outputSchema.properties).includes('declined')).toBe(requiresConfirmation);
  });

  test('shows in its output schema whether a call or its preview can continue as a job', () => {
    const properties = Object.keys(definition.outputSchema.properties);
    expect(properties.includes('confirmToken')).toBe(tool.previewMayTakeLong === true);
    if (tool.previewMayTakeLong) expect(properties).toContain('job');
    expect(
      (definition.outputSchema.anyOf as object[]).some((branch) => JSON.stringify(branch) === '{"required":["job"]}'),
    ).toBe(properties.includes('job'));
  });

  test('keeps its public definition', async () => {
    await expect(`${JSON.stringify(definition, null, 2)}\n`).toMatchFileSnapshot(
      `__snapshots__/definitions/${row.name}.json`,
    );
  });
});

test('every tool that adds leads has the same row schema, with the fields that HeyReach requires', () => {
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

describe('the tools of a configuration', () => {
  const all = { mode: 'full', toolsets: ['campaigns', 'inbox', 'organization', 'legacy'], exclude: [] } as const;
  const names = (selection: Parameters<typeof selectTools>[0]) => selectTools(selection).map((tool) => tool.name);

  test('the organization toolset requires its key', () => {
    expect(names({ ...all, hasOrganizationKey: false })).not.toContain('list_workspaces');
    expect(names({ ...all, hasOrganizationKey: true })).toContain('list_workspaces');
  });

  test.each([
    ['read-only', ['read']],
    ['draft', ['read', 'write', 'stop']],
    ['full', ['read', 'write', 'stop', 'destructive', 'egress', 'outreach']],
  ] as const)('mode %s shows %j', (mode, kinds) => {
    const shown = names({ ...all, mode, hasOrganizationKey: true });
    const expectedRows = toolTable.filter(
      (row) =>
        (all.toolsets as readonly string[]).includes(row.toolset) &&
        ((kinds as readonly string[]).includes(row.risk) || (mode === 'draft' && /^add_leads_to_/.test(row.name))),
    );
    expect(shown).toEqual(expectedRows.map((row) => row.name));
  });

  test('the preset essentials has every workflow tool and the most used operations', () => {
    const selection = { ...all, toolsets: ['essentials'], hasOrganizationKey: true } as const;
    const workflows = tools.filter(({ toolset }) => toolset === 'workflows').map(({ name }) => name);
    expect(names(selection).toSorted()).toEqual([...workflows, ...ESSENTIAL_OPERATIONS].toSorted());
    expect(names({ ...selection, toolsets: ['essentials', 'network'] }).toSorted()).toEqual(
      [...names(selection), 'check_connection', 'list_network'].toSorted(),
    );
    expect(names({ ...selection, exclude: ['get_lead'] })).not.toContain('get_lead');
    expect(names({ ...selection, mode: 'read-only' })).not.toContain('send_message');
  });

  test('a tool can be hidden by name', () => {
    expect(names({ ...all, exclude: ['send_message'], hasOrganizationKey: false })).not.toContain('send_message');
  });
});

/** The operations of the preset essentials, by their documented purpose. */
const ESSENTIAL_OPERATIONS = [
  ...['check_api_key', 'list_campaigns', 'get_campaign', 'resume_campaign', 'pause_campaign', 'add_leads_to_campaign'],
  ...['stop_lead_in_campaign', 'list_leads_in_campaign', 'list_campaigns_for_lead', 'list_conversations'],
  ...['add_leads_to_list', 'get_overall_stats', 'add_lead_tags', 'get_conversation', 'send_message'],
  ...['set_conversation_seen', 'list_linkedin_accounts', 'list_lists', 'create_list', 'list_leads_in_list'],
  ...['start_campaign', 'get_campaign_sequence', 'get_lead', 'list_webhooks', 'create_webhook'],
];

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

function undescribed(schema: Schema, path: string): string[] {
  const inner = [schema, ...(schema.anyOf ?? [])].flatMap((variant) => Object.entries(variant.properties ?? {}));
  const items = [schema, ...(schema.anyOf ?? [])].flatMap((variant) =>
    variant.items === undefined ? [] : [variant.items],
  );
  return [
    ...inner.flatMap(([name, field]) => [
      ...(field.description === undefined ? [`${path}.${name}`] : []),
      ...undescribed(field, `${path}.${name}`),
    ]),
    ...items.flatMap((item) => undescribed(item, `${path}[]`)),
  ];
}
