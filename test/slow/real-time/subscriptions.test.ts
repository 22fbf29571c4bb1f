import { describe, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { type ClientKind, connectHttp, connectStdio } from '../../support/clients/clients.ts';
import { startWorkspaces } from '../../support/heyreach/workspaces-stub.ts';
import { startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

const TEST_MS = 180_000;
/** Longer than a poll round over all resources of a test. */
const ROUND = { timeout: 100_000, interval: 50 };
/** Longer than the time between two polls. */
const PAUSE_MS = 12_000;
const CAMPAIGN = 'heyreach://campaigns/7';

/** Real time during which nothing may happen. */
const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const cells: { transport: string; client: ClientKind }[] = [
  { transport: 'stdio', client: 'v1' },
  { transport: 'stdio', client: 'v2-legacy' },
  { transport: 'stdio', client: 'v2-modern' },
  { transport: 'http', client: 'v2-modern' },
];

// All at once, because they mostly wait.
describe.concurrent('subscriptions, at their real pace', () => {
  test.for(cells)(
    '$client over $transport gets its own and outside changes, each once, until it unsubscribes',
    { timeout: TEST_MS },
    async ({ transport, client }, { expect }) => {
      const sandbox = await startSandbox({ clock: 'manual' });
      const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_CONFIRM: 'off' };
      const program = transport === 'http' ? await startHttpProgram({ env }) : undefined;
      const peer = await (program === undefined ? connectStdio(client, { env }) : connectHttp(client, program.url));
      const [campaignId] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
      const campaign = sandbox.workspace.campaigns.get(campaignId!)!;
      const uri = `heyreach://campaigns/${campaignId}`;
      try {
        const subscribed = await peer.subscribe([uri], true);
        await expect.poll(() => leastLooks(sandbox), ROUND).toBeGreaterThan(0);

        await peer.callTool('pause_campaign', { campaignId });
        const read = looks(sandbox, '/campaign/GetById');
        await expect.poll(() => looks(sandbox, '/campaign/GetById'), ROUND).toBeGreaterThan(read);
        expect(peer.told).toEqual([uri]);

        campaign.status = 'IN_PROGRESS';
        const id = Math.max(...sandbox.workspace.campaigns.keys()) + 1;
        sandbox.workspace.campaigns.set(id, { ...campaign, id });
        await expect.poll(() => [...peer.told].sort(), ROUND).toEqual([uri, uri, 'listing']);

        await subscribed.close();
        // Polls in flight have ended with this response.
        await peer.callTool('check_api_key');
        const before = sandbox.requests.length;
        campaign.status = 'PAUSED';
        await pass(PAUSE_MS);
        expect(sandbox.requests).toHaveLength(before);
        expect(peer.told).toHaveLength(3);
      } finally {
        await peer.close();
        await program?.stop();
        await sandbox.close();
      }
    },
  );

  test('a change in one workspace is found with its key, and only its listeners are notified', {
    timeout: TEST_MS,
  }, async ({ expect }) => {
    const heyreach = await startWorkspaces();
    const program = await startHttpProgram({ env: { HEYREACH_BASE_URL: heyreach.url } });
    const [first, second, other] = await Promise.all(
      [TEST_KEY, TEST_KEY, OTHER_TEST_KEY].map((key) => connectHttp('v2-modern', program.url, { 'x-api-key': key })),
    );
    try {
      for (const peer of [first!, second!, other!]) await peer.subscribe([CAMPAIGN]);
      const known = () => Math.min(heyreach.pathsOf(TEST_KEY).length, heyreach.pathsOf(OTHER_TEST_KEY).length);
      await expect.poll(known, ROUND).toBe(1);
      heyreach.setStatus(TEST_KEY, 'FINISHED');
      for (const peer of [first!, second!]) await expect.poll(() => peer.told, ROUND).toEqual([CAMPAIGN]);
      // Two listeners cost the same as one.
      expect(heyreach.pathsOf(TEST_KEY).length).toBeLessThanOrEqual(3);
      const looks = heyreach.pathsOf(OTHER_TEST_KEY).length;
      await expect.poll(() => heyreach.pathsOf(OTHER_TEST_KEY).length, ROUND).toBeGreaterThan(looks);
      expect(other!.told).toEqual([]);

      // Closed connections no longer listen.
      for (const peer of [first!, second!]) await peer.close();
      heyreach.setStatus(OTHER_TEST_KEY, 'FINISHED');
      await expect.poll(() => other!.told, ROUND).toEqual([CAMPAIGN]);
      const before = heyreach.pathsOf(TEST_KEY).length;
      await pass(PAUSE_MS);
      expect(heyreach.pathsOf(TEST_KEY)).toHaveLength(before);
    } finally {
      await other!.close();
      await program.stop();
      await heyreach.close();
    }
  });

  test('polling pauses for a key that HeyReach rejects', { timeout: TEST_MS }, async ({ expect }) => {
    const heyreach = await startWorkspaces();
    const env = { HEYREACH_BASE_URL: heyreach.url, HEYREACH_API_KEY: TEST_KEY };
    const peer = await connectStdio('v2-modern', { env });
    try {
      heyreach.refuse(TEST_KEY, 401);
      await peer.subscribe([CAMPAIGN]);
      await expect.poll(() => heyreach.pathsOf(TEST_KEY), ROUND).toEqual(['/campaign/GetById']);
      await pass(2 * PAUSE_MS);
      expect(heyreach.pathsOf(TEST_KEY)).toHaveLength(1);
      expect(peer.told).toEqual([]);
    } finally {
      await peer.close();
      await heyreach.close();
    }
  });
});

const looks = (sandbox: Sandbox, path: string) =>
  sandbox.requests.filter((request) => request.path.includes(path)).length;

/** The lowest number of polls of a subscribed resource. */
const leastLooks = (sandbox: Sandbox) =>
  Math.min(...['/campaign/GetById', '/campaign/GetAll', '/GetConversationsV3'].map((path) => looks(sandbox, path)));
