import { describe, expect, test } from 'vitest';
import { describeTool } from '../../src/mcp/definitions/tool-definition.ts';
import { tools } from '../../src/tools/registry.ts';
import { useSandbox } from '../support/programs/sandbox-harness.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';
import { sampleCalls } from '../support/tools/sample-calls.ts';

/** Fields whose names are data: keys of a map, or fields of a response without a published structure. */
const FREE_FORM =
  /^(error|answer|profile|salesNavigator|recruiter)\.|customHeaders\.|by(Outcome|Reason)\.|(un)?conditionalNode\.|payload\.|(experiences|education)\[/;
const FREE_FORM_TOOLS = new Set(tools.filter((tool) => tool.toolset === 'organization').map((tool) => tool.name));

describe('every tool on the sandbox', () => {
  const at = useSandbox({ seed: 7 });

  test('returns a valid call as structure and as equal text, with the fields of its schema', async () => {
    const calls = sampleCalls(at.sandbox.workspace);
    const sampled = tools.map((tool) => tool.name).filter((name) => name !== 'cancel_job');
    expect(calls.map(([name]) => name).sort()).toEqual(sampled.sort());
    const problems: string[] = [];
    for (const [name, args] of calls) {
      const result = await inFastTimeByDefault(() => at.peer.callTool(name, args));
      const text = result.content[0]?.text ?? '';
      if (result.isError) problems.push(`${name}: ${text}`);
      else if (text !== JSON.stringify(result.structuredContent)) problems.push(`${name}: text and structure differ`);
      if (result._meta?.['heyreach-mcp/source'] !== 'sandbox') problems.push(`${name}: does not say its source`);
      if (result._meta?.['heyreach-mcp/unexpectedFields']) problems.push(`${name}: had to be made to fit its schema`);
      if (Buffer.byteLength(text) > 48_000) problems.push(`${name}: ${text.length} characters`);
      if (result.isError || FREE_FORM_TOOLS.has(name)) continue;
      const schema = describeTool(tools.find((tool) => tool.name === name)!).outputSchema as Schema;
      problems.push(
        ...unnamed(result.structuredContent, schema, '').map((path) => `${name}: ${path} is not in its output schema`),
      );
    }
    expect(problems).toEqual([]);
  });
});

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
}

/** The paths of a result that its schema does not name. */
function unnamed(value: unknown, schema: Schema, path: string): string[] {
  const places = [schema, ...(schema.anyOf ?? [])];
  if (FREE_FORM.test(path)) return [];
  if (Array.isArray(value)) {
    const items = places.find((place) => place.items !== undefined)?.items ?? {};
    return [...new Set(value.flatMap((item) => unnamed(item, items, `${path}[]`)))];
  }
  if (typeof value !== 'object' || value === null) return [];
  const properties = Object.assign({}, ...places.map((place) => place.properties)) as Record<string, Schema>;
  return Object.entries(value).flatMap(([name, item]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const field = properties[name];
    return field === undefined ? (FREE_FORM.test(at) ? [] : [at]) : unnamed(item, field, at);
  });
}
