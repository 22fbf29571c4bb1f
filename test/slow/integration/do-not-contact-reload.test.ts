import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { callOf, send } from '../../support/clients/raw-http.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

let sandbox: Sandbox;
let program: HttpProgram;
let folder: string;
const file = () => join(folder, 'do-not-contact.txt');
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'do-not-contact-'));
  await writeFile(file(), 'company: Example Ltd\n');
  sandbox = await startSandbox();
  program = await startHttpProgram({
    built: true,
    args: ['--confirm', 'off'],
    env: { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_DO_NOT_CONTACT: file() },
  });
});
afterAll(async () => {
  await program?.stop();
  await sandbox?.close();
  await rm(folder, { recursive: true, force: true });
});

test('SIGHUP reloads HEYREACH_DO_NOT_CONTACT, and keeps its entries if the file cannot be read', async () => {
  const { workspace } = sandbox;
  const list = workspace.lists.get(workspace.campaigns.get(workspace.fixtures.draftReadyToStart)!.listId!)!;
  let added = 0;
  /** Adds a new person of this company. @returns the number of people that the list got. */
  const add = async (companyName: string) => {
    const before = list.members.size;
    added += 1;
    const profileUrl = `https://www.linkedin.com/in/reload-${added}-example`;
    const leads = [{ profileUrl, firstName: 'Ada', lastName: 'Example', companyName }];
    await send(program.url, { body: callOf('add_leads_to_list', { listId: list.id, leads }) });
    return list.members.size - before;
  };
  const reload = async (line: string) => {
    const { length } = program.stderr();
    program.process.kill('SIGHUP');
    await expect.poll(() => program.stderr().slice(length), { timeout: 20_000 }).toContain(line);
  };
  expect([await add('Example Ltd'), await add('Other Ltd')]).toEqual([0, 1]);
  await writeFile(file(), 'company: Other Ltd\n');
  expect(await add('Other Ltd')).toBe(1);
  await reload('do-not-contact file reloaded');
  expect([await add('Example Ltd'), await add('Other Ltd')]).toEqual([1, 0]);
  await rm(file());
  await reload('the previous entries stay');
  expect([await add('Example Ltd'), await add('Other Ltd')]).toEqual([1, 0]);
});
