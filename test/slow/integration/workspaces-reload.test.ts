import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callOf, send } from '../../support/clients/raw-http.ts';
import { startTwoWorkspaces, type TwoWorkspaces } from '../../support/heyreach/two-workspaces.ts';
import { type HttpProgram, MAIN, run, startHttpProgram } from '../../support/programs/program.ts';

/** The server reloads its workspace file on SIGHUP. */
let heyreach: TwoWorkspaces;
let folder: string;
let file: string;
let program: HttpProgram | undefined;
beforeEach(async () => {
  heyreach = await startTwoWorkspaces();
  folder = await mkdtemp(join(tmpdir(), 'heyreach-workspaces-'));
  file = join(folder, 'workspaces');
  await write(`first ${heyreach.first.key}\n`);
});
afterEach(async () => {
  await program?.stop();
  program = undefined;
  await heyreach.close();
  await rm(folder, { recursive: true, force: true });
});
const write = (text: string) => writeFile(file, text, { mode: 0o600 });
const env = () => ({ HEYREACH_BASE_URL: heyreach.url, HEYREACH_WORKSPACES: file });
const reload = async (line: string) => {
  const { length } = program!.stderr();
  program!.process.kill('SIGHUP');
  await expect.poll(() => program!.stderr().slice(length)).toContain(line);
};
const ask = async (body: object, headers: Record<string, string> = {}) =>
  (await send(program!.url, { headers, body })).text;

test('SIGHUP adds and removes workspaces, and keeps them if the file has an error', async () => {
  program = await startHttpProgram({ env: env() });
  const campaigns = (workspace?: string) => ask(callOf('list_campaigns', { workspace }));
  expect(await ask({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })).not.toContain('"workspace"');
  expect(await campaigns()).toContain(heyreach.first.mark);
  await write(`second ${heyreach.second.key}\nfirst ${heyreach.first.key}\n`);
  await reload('file of workspaces reloaded');
  expect(await ask({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })).toContain('"enum":["second","first"]');
  expect(await campaigns()).toContain(heyreach.second.mark);
  expect(await campaigns('first')).toContain(heyreach.first.mark);
  await expect.poll(() => program!.stderr()).toMatch(/"tool":"list_campaigns","workspace":"first"/);
  await write('second\n');
  await reload('the previous workspaces stay');
  expect(await campaigns('first')).toContain(heyreach.first.mark);
  await write(`second ${heyreach.second.key}\n`);
  await reload('file of workspaces reloaded');
  expect(await campaigns('first')).toContain('workspace must be one of second');
  expect(heyreach.strangers).toEqual([]);
  expect(program.stderr()).not.toContain(heyreach.second.key);
});

test('over HTTP no other key is accepted, and a file belongs to the workspace in the query', async () => {
  await write(`first ${heyreach.first.key}\nsecond ${heyreach.second.key}\n`);
  program = await startHttpProgram({ env: env() });
  const refused = await send(program.url, { headers: { 'x-api-key': heyreach.first.key } });
  expect(refused.status).toBe(403);
  const upload = (query: string) =>
    send(program!.url.replace('/mcp', `/files${query}`), { headers: { 'content-type': 'text/csv' }, body: 'a,b\n' });
  expect((await upload('?workspace=second')).status).toBe(200);
  expect((await upload('')).status).toBe(200);
  expect((await upload('?workspace=third')).status).toBe(400);
});

test('a file that others can read ends the start with exit code 2, without a key in the line', async () => {
  await chmod(file, 0o644);
  const { code, stderr } = await run(process.execPath, [MAIN], { env: env() });
  expect(code).toBe(2);
  expect(stderr).toContain(`HEYREACH_WORKSPACES: ${file} can be read by other users. Run chmod 600 on it`);
  expect(stderr).not.toContain(heyreach.first.key);
});
