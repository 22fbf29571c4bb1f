import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { writeInstructions } from '../../src/instructions.ts';
import { MODES } from '../../src/tools/modes.ts';
import { describeTool } from '../../src/tools/output.ts';
import { tools } from '../../src/tools/registry.ts';

/** What a model reads of a tool before it has called anything. */
function tokensOf(names: (typeof tools)[number]): number {
  const { name, description, inputSchema } = describeTool(names);
  return encode(JSON.stringify({ name, description, inputSchema })).length;
}

test('all default tools together fit into 11,000 tokens', () => {
  const byDefault = tools.filter(({ toolset }) => toolset !== 'organization' && toolset !== 'legacy');
  expect(byDefault).toHaveLength(52);
  const total = byDefault.reduce((sum, tool) => sum + tokensOf(tool), 0);
  expect(total).toBeLessThanOrEqual(11_000);
});

test('no tool but the one that builds campaigns takes more than 500 tokens', () => {
  const heavy = tools.filter((tool) => tool.name !== 'create_campaign' && tokensOf(tool) > 500);
  expect(heavy.map((tool) => tool.name)).toEqual([]);
});

test.each(MODES)('the instructions in mode %s fit into 300 tokens', (mode) => {
  for (const source of ['live', 'sandbox'] as const) {
    for (const confirm of ['ask', 'off'] as const) {
      expect(encode(writeInstructions({ source, mode, confirm }, tools)).length).toBeLessThanOrEqual(300);
    }
  }
});
