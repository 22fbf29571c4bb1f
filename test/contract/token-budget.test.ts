import { readFileSync } from 'node:fs';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { writeInstructions } from '../../src/mcp/definitions/instructions.ts';
import { describeTool } from '../../src/mcp/definitions/tool-definition.ts';
import { MODES } from '../../src/mcp/modes.ts';
import { selectTools, tools } from '../../src/tools/registry.ts';
import { defaultTools } from '../support/tools/tool-counts.ts';

/** The part of a tool that a model reads before its first call. */
function tokensOf(names: (typeof tools)[number]): number {
  const { name, description, inputSchema } = describeTool(names);
  return encode(JSON.stringify({ name, description, inputSchema })).length;
}

const sumOf = (some: readonly (typeof tools)[number][]) => some.reduce((sum, tool) => sum + tokensOf(tool), 0);

test('the 52 default tools of one operation each fit into 11,600 tokens', () => {
  const single = defaultTools.filter(({ toolset }) => toolset !== 'workflows');
  expect(single).toHaveLength(52);
  expect(sumOf(single)).toBeLessThanOrEqual(11_600);
});

test('the tools of jobs fit into 155 tokens, and all default tools together into 14,200', () => {
  const ofJobs = tools.filter(({ name }) => name === 'get_job' || name === 'cancel_job');
  expect(sumOf(ofJobs)).toBeLessThanOrEqual(155);
  expect(sumOf(defaultTools)).toBeLessThanOrEqual(14_200);
});

test('the preset essentials has at most 38 tools, in 9,000 tokens', () => {
  const shown = selectTools({ mode: 'full', toolsets: ['essentials'], exclude: [], hasOrganizationKey: true });
  expect(shown.length).toBeLessThanOrEqual(38);
  expect(sumOf(shown)).toBeLessThanOrEqual(9_000);
});

test('the README says what its token figures count, and the figures are correct', () => {
  const readme = readFileSync('README.md', 'utf8');
  const bound = (before: string, after = '') =>
    Number((readme.match(new RegExp(`${before} ([\\d,]+)${after}`))?.[1] ?? 'none').replaceAll(',', ''));
  const wholes = defaultTools.map((tool) => describeTool(tool));
  const sum = (definitions: object[]) =>
    definitions.reduce((total, definition) => total + encode(JSON.stringify(definition)).length, 0);
  expect(sumOf(defaultTools)).toBeLessThanOrEqual(
    bound('default tools take under', ' tokens: names, descriptions and input schemas'),
  );
  expect(sum(wholes.map(({ outputSchema: _, ...rest }) => rest))).toBeLessThanOrEqual(
    bound('Complete definitions take under', ' with `--results text`'),
  );
  expect(sum(wholes)).toBeLessThanOrEqual(bound('and under', ' with output schemas'));
});

/** Tools with large rows or trees. Every other tool fits into 500 tokens. */
const LARGER: Record<string, number> = { create_campaign: 1_100, add_leads_to_campaign: 560, import_leads: 650 };

test('every tool fits into its token limit', () => {
  const heavy = tools.filter((tool) => tokensOf(tool) > (LARGER[tool.name] ?? 500));
  expect(heavy.map((tool) => tool.name)).toEqual([]);
});

test.each(MODES)('the instructions in mode %s fit into 400 tokens', (mode) => {
  for (const source of ['live', 'sandbox'] as const) {
    for (const confirm of ['ask', 'token', 'off'] as const) {
      expect(encode(writeInstructions({ source, mode, confirm }, tools)).length).toBeLessThanOrEqual(400);
    }
  }
});
