import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { programOf } from '../../../src/cli/hosts/host.ts';
import { connectStdio } from '../../support/clients/clients.ts';
import { run } from '../../support/programs/program.ts';
import { environmentOf, inFolder, type Packed, pack, type Registry, startRegistry } from './packed.ts';

let packed: Packed;
let registry: Registry;
/** A home folder in which nothing of this program was ever started. */
let env: Record<string, string>;
const steps: { step: string; seconds: number }[] = [];

beforeAll(async () => {
  packed = await pack();
  registry = await startRegistry(packed);
  const folder = join(packed.folder, 'new-computer');
  mkdirSync(folder);
  env = { ...environmentOf(folder), npm_config_registry: registry.url };
  expect(readdirSync(env.HOME!)).toEqual([]);
});
afterAll(() => {
  const sum = steps.reduce((total, { seconds }) => total + seconds, 0);
  const lines = [...steps, { step: 'in all', seconds: sum }].map(
    ({ step, seconds }) => `${seconds.toFixed(1)} s  ${step}`,
  );
  // The time depends on the machine, so the test prints it without an assertion.
  writeFileSync(1, `From nothing to a tool call:\n${lines.join('\n')}\n`);
  registry?.close();
  packed?.remove();
});

async function timed<Result>(step: string, work: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  const result = await work();
  steps.push({ step, seconds: (performance.now() - start) / 1_000 });
  return result;
}
const npx = (...args: string[]) => run(...inFolder(env.HOME!, 'npx', '-y', 'heyreach-mcp', ...args), { env });

test('an empty computer reaches a tool call: npx, init, the entry as written, doctor', async () => {
  const installed = await timed('npx -y heyreach-mcp --version, which installs it', () => npx('--version'));
  expect(installed).toMatchObject({ code: 0, stdout: `${packed.version}\n` });

  const written = await timed('npx -y heyreach-mcp init cursor --sandbox', () => npx('init', 'cursor', '--sandbox'));
  expect(written.code, written.stderr).toBe(0);
  const file = join(env.HOME!, '.cursor/mcp.json');
  const { command = '', args } = programOf(JSON.parse(readFileSync(file, 'utf8')).mcpServers.heyreach);
  expect([command, args.at(-1)]).toEqual([process.execPath, '--sandbox']);
  // Before publication the entry starts the file, and init warns that the cache of npx can be emptied.
  expect(args[0]).toContain('_npx');
  expect(written.stderr).toContain('The program is in the cache of npx');

  const peer = await timed('the entry, started as it is written', () =>
    connectStdio('v1', { command: [command], args, env: { HOME: env.HOME! } }),
  );
  const call = await timed('one tool call', () => peer.callTool('list_unanswered', { limit: 2 }));
  expect(call.isError).toBeFalsy();
  expect(call.structuredContent).toMatchObject({ rows: expect.anything() });
  await peer.close();

  const checked = await timed('npx -y heyreach-mcp doctor --sandbox', () => npx('doctor', '--sandbox'));
  expect(checked.code, checked.stdout).toBe(0);
  expect(checked.stdout).toContain('Cursor: heyreach: ');
  expect(checked.stdout).toContain('All is well.');
}, 240_000);
