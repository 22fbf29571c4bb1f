import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { McpPeer } from '../../support/clients/clients.ts';
import { startWorkspaces, type WorkspacesStub } from '../../support/heyreach/workspaces-stub.ts';
import { connectInProcess } from '../../support/programs/in-process.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

/** HeyReach's limit for each key. */
const PER_MINUTE = 300;

let heyreach: WorkspacesStub;
let folder: string;
let peer: McpPeer;
beforeEach(async () => {
  heyreach = await startWorkspaces();
  folder = await mkdtemp(join(tmpdir(), 'heyreach-workspaces-'));
  const file = join(folder, 'workspaces');
  await writeFile(file, `first ${TEST_KEY}\nsecond ${OTHER_TEST_KEY}\n`, { mode: 0o600 });
  peer = await connectInProcess([], { HEYREACH_BASE_URL: heyreach.url, HEYREACH_WORKSPACES: file });
});
afterEach(async () => {
  await peer.close();
  await heyreach.close();
  await rm(folder, { recursive: true, force: true });
});

test('each workspace has its own 300 requests a minute', async () => {
  const call = (workspace: string) => peer.callTool('list_campaigns', { workspace });
  const many = (workspace: string, count: number) => Promise.all(Array.from({ length: count }, () => call(workspace)));
  await many('first', PER_MINUTE);
  // The call waits for a permit of its key, and delays no other key.
  void call('first').catch(() => {});
  for (const { isError } of await many('second', PER_MINUTE)) expect(isError).not.toBe(true);
  expect(heyreach.pathsOf(TEST_KEY)).toHaveLength(PER_MINUTE);
  expect(heyreach.pathsOf(OTHER_TEST_KEY)).toHaveLength(PER_MINUTE);
});
