import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectHttp, connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import { root } from '../../support/documents/documents.ts';
import { cleanEnvironment, run, startHttpProgram, stopChild } from '../../support/programs/program.ts';
import { defaultTools } from '../../support/tools/tool-counts.ts';
import { npm, type Packed, pack } from './packed.ts';

let packed: Packed;
let bin: string;

beforeAll(async () => {
  packed = await pack();
  const prefix = join(packed.folder, 'installed');
  mkdirSync(prefix);
  // Offline and with an empty cache: the package contains everything that it needs.
  const args = ['install', '--offline', '--no-audit', '--no-fund', '--prefix', prefix, packed.tarball];
  const installed = await npm(packed.folder, args);
  expect(installed.code, installed.stderr).toBe(0);
  expect(`${installed.stdout}${installed.stderr}`).not.toMatch(/warn/i);
  expect(readdirSync(join(prefix, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['heyreach-mcp']);
  bin = join(prefix, 'node_modules/.bin');
});
afterAll(() => packed?.remove());

test('the tarball contains exactly the program and the files of package.json, below 900 kB', () => {
  expect(packed.size).toBeLessThan(900_000);
  const { files } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { files: string[] };
  const listed = new Set(files.map((file) => file.split('/')[0]));
  const isExpected = (path: string) =>
    /^dist\/(?:[\w.-]+\.js|view-[a-z]+\.html)$|\.md$/.test(path) ||
    ['LICENSE', 'package.json', 'dist/tool-schemas.json'].includes(path);
  const others = packed.files.filter((path) => !isExpected(path));
  expect(others.sort()).toEqual(['mcp.json.example', 'server.json']);
  const places = new Set(packed.files.map((path) => path.split('/')[0]));
  expect([...places].filter((place) => !listed.has(place)).sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
  const needed = ['dist/main.js', 'dist/sandbox.js', 'dist/THIRD_PARTY_NOTICES.md', 'docs/safety.md', 'CHANGELOG.md'];
  expect(packed.files).toEqual(expect.arrayContaining(needed));
  expect(packed.files.filter((path) => path.endsWith('.html'))).toHaveLength(2);
  // Documents for developers are not in the package.
  expect(packed.files.filter((path) => /^docs\/(?:decisions|images|performance)/.test(path))).toEqual([]);
});

describe('installed in an empty folder', () => {
  const lookAround = async (peer: McpPeer) => {
    expect(await peer.listTools()).toHaveLength(defaultTools.length);
    const result = await peer.callTool('list_campaigns', { limit: 2 });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ returned: 2 });
    await peer.close();
  };

  test.each(['v1', 'v2-modern'] as const)('serves %s over stdio', async (client) => {
    const peer = await connectStdio(client, { command: [join(bin, 'heyreach-mcp')], args: ['--sandbox'] });
    await lookAround(peer);
  });

  test.each(['v1', 'v2-modern'] as const)('serves %s over HTTP, with metrics and a log', async (client) => {
    const command = [join(bin, 'heyreach-mcp')];
    const program = await startHttpProgram({ command, args: ['--sandbox', '--metrics-port', '0'] });
    await lookAround(await connectHttp(client, program.url));
    expect((await fetch(new URL('/healthz', program.url))).status).toBe(200);
    const metrics = /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(program.stderr())![0];
    expect(await (await fetch(metrics)).text()).toMatch(/heyreach_mcp_tool_calls_total\{.*tool="list_campaigns".*\} 1/);
    // Only the logger writes JSON.
    await expect.poll(() => program.stderr()).toMatch(/^\{"level":30,/m);
    expect(await program.stop()).toBe(0);
  });

  test('prints its version, and ends without a key with one sentence', async () => {
    expect(await run(join(bin, 'heyreach-mcp'), ['--version'])).toMatchObject({
      code: 0,
      stdout: `${packed.version}\n`,
    });
    const ended = await run(join(bin, 'heyreach-mcp'), []);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^heyreach-mcp: HEYREACH_API_KEY is not set\..*\n$/);
  });

  test('starts the sandbox separately', async () => {
    const sandbox: ChildProcess = spawn(join(bin, 'heyreach-sandbox'), ['--port', '0'], { env: cleanEnvironment() });
    try {
      let printed = '';
      while (!printed.includes('\n')) printed += String((await once(sandbox.stdout!, 'data'))[0]);
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)![0];
      expect((await fetch(`${url}/_sandbox`)).status).toBe(200);
    } finally {
      await stopChild(sandbox);
    }
  });
});
