import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { connectHttp, type McpPeer, type ToolResult } from '../../support/clients/clients.ts';
import { evabootSheet, outcomesOf, UNWANTED_DOMAIN } from '../../support/heyreach/evaboot.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

/** An import of 2,000 rows. The server is killed after its seventh call, and the next process resumes the import. */
const COUNTS = {
  ...{ good: 1_845, duplicates: 40, companies: 25, withoutLastName: 15, running: 60, blacklisted: 5, doNotContact: 10 },
};

let folder: string;
let sandbox: Sandbox;
let program: HttpProgram;
let peer: McpPeer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'import-killed-'));
  writeFileSync(join(folder, 'do-not-contact.txt'), `${UNWANTED_DOMAIN}\n`);
  sandbox = await startSandbox({ latencyMs: 100 });
  await start();
});
afterEach(async () => {
  await program.stop();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  program = await startHttpProgram({
    built: true,
    args: ['--confirm', 'token'],
    env: {
      HEYREACH_BASE_URL: sandbox.url,
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_STATE_DIR: join(folder, 'state'),
      HEYREACH_STATE_SECRET: 'a secret of this test, long enough',
      HEYREACH_DO_NOT_CONTACT: join(folder, 'do-not-contact.txt'),
    },
  });
  peer = await connectHttp('v1', program.url);
}

const tokensOf = ({ structuredContent }: ToolResult) => encode(JSON.stringify(structuredContent)).length;

test('gives each row one outcome, repeats at most one call, and adds all people to the list', async () => {
  const { workspace } = sandbox;
  const draft = workspace.campaigns.get(workspace.fixtures.draftReadyToStart)!;
  const list = workspace.lists.get(draft.listId!)!;
  const before = list.members.size;
  const body = evabootSheet(workspace, COUNTS);
  const uploaded = await fetch(new URL('/files', program.url), { method: 'POST', body });
  const { file } = (await uploaded.json()) as { file: string };
  const args = { file, toListId: list.id };
  const preview = await peer.callTool('import_leads', args);
  const { confirmToken, preview: shown } = (preview.structuredContent?.confirmation ?? {}) as Record<string, unknown>;
  expect(shown).toMatchObject({ rows: 2_000, toSend: 1_845, contacts: false });

  const killed = peer.callTool('import_leads', { ...args, confirmToken }).catch(() => undefined);
  await vi.waitFor(() => expect(list.members.size - before).toBeGreaterThanOrEqual(700), {
    timeout: 60_000,
    interval: 5,
  });
  program.process.kill('SIGKILL');
  await killed;
  const sentBefore = Math.ceil((list.members.size - before) / 100);
  await start();
  const { rows } = ((await peer.callTool('get_job', {})).structuredContent ?? {}) as { rows: string[][] };
  const [resumeJob, kind, state] = rows[0] ?? [];
  expect([kind, state]).toEqual(['import_leads', 'interrupted']);

  const resumed = await peer.callTool('import_leads', { ...args, resumeJob });
  expect(resumed.structuredContent).toMatchObject({
    ...{ rows: 2_000, sent: 1_845, unaccounted: 0, failed: 0 },
    refused: { company_or_pub_url: 25, no_last_name: 15 },
    skipped: { duplicate: 40, in_running_campaign: 60, blacklisted: 5, do_not_contact: 10 },
  });
  const { recounted = 0 } = resumed.structuredContent as { recounted?: number };
  expect(recounted).toBeLessThanOrEqual(100);
  expect(list.members.size - before).toBe(1_845);
  expect(tokensOf(preview) + tokensOf(resumed)).toBeLessThanOrEqual(2_500);
  expect(sentBefore).toBeGreaterThanOrEqual(7);

  const outcomes = await outcomesOf(await (await fetch(new URL(`/jobs/${resumeJob}/outcome.csv`, program.url))).text());
  expect(outcomes.map(({ row }) => Number(row))).toEqual(Array.from({ length: 2_000 }, (_, index) => index + 1));
  expect(outcomes.filter(({ outcome }) => outcome === 'added')).toHaveLength(1_845);
  expect(outcomes.filter(({ note }) => note === 'recounted')).toHaveLength(recounted);
}, 120_000);
