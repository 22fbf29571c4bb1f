import { expect, test } from 'vitest';
import type { Row } from '../bench/table.ts';
import { run } from '../support/programs/program.ts';

// Speed depends on the machine, so this test only checks that the bench measures everything.
test('the bench still measures everything', async () => {
  const { code, stdout, stderr } = await run('node_modules/.bin/tsx', ['test/bench/main.ts', '--short', '--json']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const rows = JSON.parse(stdout) as Row[];
  for (const row of rows) {
    expect(row.ours, row.measure).toBeGreaterThan(0);
    expect(row.theirs, row.measure).toBeGreaterThan(0);
    expect(row.ratio, row.measure).toBeGreaterThan(0);
  }
  const judged = rows.filter(({ target }) => target !== undefined);
  expect(judged.map(({ measure, comparedWith }) => `${measure} / ${comparedWith}`)).toEqual([
    'start to an answered initialize / bare SDK server',
    'stdio: tools/call, one at a time / Server skeleton',
    'HTTP 2026-07-28: tools/call, 16 connections / McpServer skeleton',
    'HTTP 2026-07-28: tools/call, 16 connections / Server skeleton',
    'HTTP 2025-11-25: tools/call, 16 connections / McpServer skeleton',
    'HTTP 2025-11-25: tools/call, 16 connections / Server skeleton',
    'stdio: memory after 150 or 200 calls / after 100',
    'HTTP: memory after 150 or 200 calls / after 100',
  ]);
}, 240_000);
