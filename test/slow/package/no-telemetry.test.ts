import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { connectHttp, connectStdio } from '../../support/clients/clients.ts';
import { cleanEnvironment, run, runMain, startHttpProgram } from '../../support/programs/program.ts';
import { type NetworkUse, networkUses, watchNetwork } from '../../support/programs/watch-network.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { sampleCalls } from '../../support/tools/sample-calls.ts';

let sandbox: Sandbox;
let folder: string;
let log: string;
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimit: false });
});
afterAll(() => sandbox?.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-network-'));
  log = join(folder, 'network.jsonl');
  writeFileSync(log, '');
  return () => rmSync(folder, { recursive: true });
});

/** The configured HeyReach, by name, so that the watch records the DNS query. */
const configured = () => ({
  HOME: folder,
  NODE_OPTIONS: watchNetwork(log),
  HEYREACH_API_KEY: TEST_KEY,
  HEYREACH_BASE_URL: `http://localhost:${new URL(sandbox.url).port}`,
});
const isConfigured = ({ kind, target, port }: NetworkUse) =>
  kind === 'connect'
    ? ['localhost', '127.0.0.1', '::1'].includes(target) && port === Number(new URL(sandbox.url).port)
    : kind === 'lookup' && target === 'localhost';

/** Expects the program to have used the network, and only for the configured HeyReach. */
function expectOnlyHeyReach(): void {
  const uses = networkUses(log);
  expect(uses.filter((use) => !isConfigured(use))).toEqual([]);
  expect(new Set(uses.map(({ kind }) => kind))).toEqual(new Set(['lookup', 'connect']));
}

test('the watch records every kind of network use, also in child processes', async () => {
  const script = `const { spawnSync } = require('node:child_process');
    require('node:dns').promises.resolve4('a.invalid').catch(() => {});
    new (require('node:dns').Resolver)().resolve4('b.invalid', () => {});
    const socket = require('node:dgram').createSocket('udp4');
    socket.send('x', 1, '127.0.0.1', () => socket.close());
    require('node:tls').connect({ host: 'c.invalid', port: 443 }).on('error', () => {});
    require('node:net').connect('/none.sock').on('error', () => {});
    spawnSync(process.execPath, ['-e', 'fetch("http://127.0.0.1:65000/").catch(() => {})']);`;
  await run(process.execPath, ['-e', script], { env: cleanEnvironment({ NODE_OPTIONS: watchNetwork(log) }) });
  const seen = networkUses(log).map(({ kind, target }) => `${kind} ${target}`);
  expect(seen).toEqual(
    expect.arrayContaining([
      'lookup a.invalid',
      'lookup b.invalid',
      'lookup c.invalid',
      'connect c.invalid',
      'connect /none.sock',
      'connect 127.0.0.1',
    ]),
  );
  expect(seen.some((use) => use.startsWith('datagram'))).toBe(true);
});

describe('the program connects only to the configured HeyReach', () => {
  test('over stdio, calls of every tool, every resource list and a prompt connect to no other host', async () => {
    const env = { ...configured(), HEYREACH_ORG_API_KEY: 'made-up-organization-key' };
    const args = ['--confirm', 'off', '--toolsets', 'default,legacy'];
    const peer = await connectStdio('v1', { args, env, built: true });
    const calls = sampleCalls(sandbox.workspace);
    expect(calls.length).toBeGreaterThan(60);
    for (const [name, input] of calls) await peer.callTool(name, input);
    await peer.listResources();
    await peer.getPrompt('triage_inbox');
    await peer.close();
    expectOnlyHeyReach();
    expect(networkUses(log).length).toBeGreaterThan(1);
  });

  test('over HTTP with metrics, a call connects to no other host', async () => {
    const program = await startHttpProgram({ args: ['--metrics-port', '0'], env: configured() });
    const peer = await connectHttp('v2-modern', program.url);
    await peer.callTool('list_campaigns', { limit: 2 });
    await peer.close();
    await program.stop();
    expectOnlyHeyReach();
  });

  test.each([[['doctor']], [['init', 'cursor']]])('%j', async (args) => {
    const { code, stderr } = await runMain(args, { env: configured() });
    expect(code, stderr).toBe(0);
    // The self-test of doctor talks to its own sandbox.
    const uses = networkUses(log).filter(
      ({ kind, target, port }) =>
        !(kind === 'connect' && target === '127.0.0.1' && port !== Number(new URL(sandbox.url).port)),
    );
    expect(uses.filter((use) => !isConfigured(use))).toEqual([]);
    expect(uses.length).toBeGreaterThan(0);
  });
});

test('the sandbox, its doctor and its entry use no network', async () => {
  for (const args of [['init', 'cursor', '--sandbox'], ['doctor', '--sandbox'], ['--version']]) {
    const { code } = await runMain(args, { env: { HOME: folder, NODE_OPTIONS: watchNetwork(log) } });
    expect(code).toBe(0);
  }
  const outside = networkUses(log).filter(({ target }) => target !== '127.0.0.1');
  expect(outside).toEqual([]);
});
