import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { connectHttp, connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import { startHttpProgram } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

const HOUR_MS = 3_600_000;

// biome-ignore lint/suspicious/noExplicitAny: the test names the fields.
type Structure = Record<string, any>;

describe.each([false, true])('the bookmark of get_changes, rich %s', (rich) => {
  let sandbox: Sandbox;
  let folder: string;
  const peers: McpPeer[] = [];
  beforeEach(async () => {
    sandbox = await startSandbox({ seed: 1, size: 'large', rich, rateLimit: false });
    folder = mkdtempSync(join(tmpdir(), 'heyreach-state-'));
  });
  afterEach(async () => {
    for (const peer of peers.splice(0)) await peer.close();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A call of its own program. */
  async function call(args: object = {}): Promise<Structure> {
    const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_STATE_DIR: folder };
    const peer = await connectStdio('v1', { env });
    peers.push(peer);
    const result = await peer.callTool('get_changes', { limit: 100, ...args });
    expect(result.isError, result.content[0]?.text).toBeFalsy();
    return result.structuredContent as Structure;
  }

  test('returns the same changes as the sandbox after three days, once', async () => {
    const first = await call();
    expect(first).toMatchObject({ bookmark: { moved: true }, counts: { accepted: null } });
    const since = Date.now();
    await sandbox.advance(72 * HOUR_MS);
    const truth = sandbox.truth({ only: ['changesSince'], since: first.bookmark.at }).changesSince;
    expect(truth.inbound.length).toBeGreaterThan(0);
    const second = await call();
    expect(second.counts).toMatchObject({
      inboundMessages: truth.inbound.length,
      accepted: truth.acceptances.length,
      replied: truth.replies.length,
      failures: truth.failures.length,
      campaigns: truth.campaignStatuses.length,
    });
    expect(second.bookmark.moved).toBe(true);
    expect(Date.parse(second.bookmark.at)).toBeGreaterThanOrEqual(since);
    const third = await call();
    expect(third.counts).toMatchObject({ inboundMessages: 0, accepted: 0, replied: 0, failures: 0 });
    // The client can ask again for an answer that it lost.
    const again = await call({ since: second.since });
    expect(again.counts).toEqual(second.counts);
  });

  test('a server that is killed during its reads loses no change and reports none twice', async () => {
    const first = await call();
    await sandbox.advance(72 * HOUR_MS);
    const truth = sandbox.truth({ only: ['changesSince'], since: first.bookmark.at }).changesSince;
    sandbox.faults.add({ match: { path: '/stats/GetOverallStatsByCampaign' }, times: 1, kind: 'hang' });
    const reads = () => sandbox.requests.filter(({ path }) => path.includes('stats')).length;
    const before = reads();
    const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_STATE_DIR: folder };
    const program = await startHttpProgram({ env, built: true });
    const peer = await connectHttp('v1', program.url);
    const lost = peer.callTool('get_changes', {}).catch(() => 'killed');
    await expect.poll(reads, { timeout: 20_000 }).toBeGreaterThan(before);
    program.process.kill('SIGKILL');
    expect(await lost).toBe('killed');
    await peer.close();
    sandbox.faults.clear();
    expect(
      readdirSync(join(folder, 'bookmarks'), { recursive: true }).filter((name) => /\.json\./.test(String(name))),
    ).toEqual([]);
    const second = await call();
    expect(second.counts).toMatchObject({ inboundMessages: truth.inbound.length, replied: truth.replies.length });
    expect((await call()).counts).toMatchObject({ inboundMessages: 0, accepted: 0, replied: 0, failures: 0 });
  });
});
