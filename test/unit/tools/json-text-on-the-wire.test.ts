import { describe, expect, test } from 'vitest';
import { describeTool } from '../../../src/mcp/definitions/tool-definition.ts';
import { startSandbox } from '../../../src/sandbox/index.ts';
import { tools } from '../../../src/tools/registry.ts';
import { useFastTime } from '../../support/runs/fast-time.ts';
import { isFullRun } from '../../support/runs/run-scope.ts';
import type { InputSchema } from '../../support/tools/arguments.ts';
import { sampleCalls } from '../../support/tools/sample-calls.ts';
import { useToolHarness } from '../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

type Path = (string | number)[];
const KINDS = ['array', 'object', 'integer', 'number', 'boolean'];

/** The positions of arrays, objects, numbers and booleans in arguments, at every depth. */
function placesOf(schema: InputSchema, value: unknown, path: Path = []): Path[] {
  const own = path.length > 0 && KINDS.includes(schema.type ?? '') ? [path] : [];
  if (Array.isArray(value)) {
    return [...own, ...value.flatMap((item, index) => placesOf(schema.items ?? {}, item, [...path, index]))];
  }
  if (typeof value !== 'object' || value === null) return own;
  const below = Object.entries(value).flatMap(([name, item]) =>
    placesOf(schema.properties?.[name] ?? {}, item, [...path, name]),
  );
  return [...own, ...below];
}

function withText(args: object, path: Path, text: (value: unknown) => string): Record<string, unknown> {
  const copy = structuredClone(args) as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as never, copy);
  parent[path.at(-1)!] = text(parent[path.at(-1)!]);
  return copy;
}

const sandbox = await startSandbox();
const calls = sampleCalls(sandbox.workspace);
await sandbox.close();

// The property test of argument forms covers every tool in the default run.
describe.each(calls.filter((_, index) => isFullRun || index % 4 === 0))('%s', (name, args) => {
  const wire = useToolHarness();
  const schema = describeTool(tools.find((tool) => tool.name === name)!).inputSchema as InputSchema;
  const places = placesOf(schema, args);

  /** The requests of a call, and whether its arguments were rejected. */
  async function callWith(input: object) {
    wire.stub.requests.length = 0;
    const result = await wire.call(name, input);
    // Parallel reads come in any order, and some tools send the time of the call.
    const sent = wire.sent().map((request) => JSON.stringify(request).replace(/T[\d:.]+Z/g, ''));
    return { sent: sent.sort(), kind: (result.structuredContent?.error as { kind?: string } | undefined)?.kind };
  }

  test('sends the same for a JSON text as for the value, and nothing for another text', async () => {
    // A failed read aborts the other reads of a call, sometimes before they are sent.
    const body = { totalCount: 0, items: [] };
    const list = { body: { id: 930001, name: 'Founders', listType: 'USER_LIST', totalItemsCount: 0, campaignIds: [] } };
    wire.answerWith({ '/campaign/GetAll': { body }, '/li_account/GetAll': { body }, '/list/GetById': list });
    // The first call reads parts of the people index that later calls already have.
    await callWith(args);
    const expected = await callWith(args);
    expect(expected.kind).not.toBe('invalid_input');
    for (const path of places) {
      const place = path.join('.');
      expect(await callWith(withText(args, path, JSON.stringify)), place).toEqual(expected);
      const other = await callWith(withText(args, path, (value) => `${JSON.stringify(value)} x`));
      expect(other, place).toMatchObject({ sent: [], kind: 'invalid_input' });
    }
  });
});
