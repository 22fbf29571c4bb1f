import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ClientKind, connectHttp, connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import { startWorkspaces, type WorkspacesStub } from '../../support/heyreach/workspaces-stub.ts';
import { recordOutput } from '../../support/programs/output.ts';
import { cleanEnvironment, type HttpProgram, MAIN, startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

const SOON = { timeout: 30_000 };
const CAMPAIGN = 'heyreach://campaigns/7';
const GUIDE = 'heyreach://guide/statuses';
const MAX_SUBSCRIBED = 50;

let heyreach: WorkspacesStub;
const ends: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  heyreach = await startWorkspaces();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await heyreach.close();
});

const env = (further: Record<string, string> = {}) => ({
  HEYREACH_BASE_URL: heyreach.url,
  HEYREACH_CONFIRM: 'off',
  ...further,
});
const closeLater = (peer: McpPeer): McpPeer => {
  ends.push(() => peer.close());
  return peer;
};
async function startHttp(further = { HEYREACH_API_KEY: TEST_KEY } as Record<string, string>): Promise<HttpProgram> {
  const program = await startHttpProgram({ env: env(further) });
  ends.push(() => program.stop());
  return program;
}
async function connect(transport: string, client: ClientKind): Promise<McpPeer> {
  if (transport === 'stdio')
    return closeLater(await connectStdio(client, { env: env({ HEYREACH_API_KEY: TEST_KEY }) }));
  return closeLater(await connectHttp(client, (await startHttp()).url));
}
const pause = (peer: McpPeer, campaignId = 7) => peer.callTool('pause_campaign', { campaignId });

const cells: { transport: string; client: ClientKind }[] = [
  { transport: 'stdio', client: 'v1' },
  { transport: 'stdio', client: 'v2-legacy' },
  { transport: 'stdio', client: 'v2-modern' },
  { transport: 'http', client: 'v2-modern' },
];

describe.each(cells)('$client over $transport', ({ transport, client }) => {
  const is2025 = client !== 'v2-modern';

  test('offers subscriptions, and does not poll without any', async () => {
    const peer = await connect(transport, client);
    expect(peer.resourceCapabilities()).toEqual({ subscribe: true, listChanged: true });
    await peer.callTool('check_api_key');
    expect(heyreach.pathsOf(TEST_KEY)).toEqual(['/auth/CheckApiKey']);
  });

  test('is notified of its own changes, with its own spelling of the URI, and of nothing else', async () => {
    const peer = await connect(transport, client);
    const spelled = 'heyreach://campaigns/%37';
    const subscribed = await peer.subscribe([CAMPAIGN, spelled, 'heyreach://campaigns/8']);
    expect(subscribed.honored.resourceSubscriptions).toEqual([CAMPAIGN, spelled, 'heyreach://campaigns/8']);
    await pause(peer);
    await expect.poll(() => [...peer.told].sort(), SOON).toEqual([spelled, CAMPAIGN]);
    await subscribed.close();
    await pause(peer);
    await pause(peer, 8);
    expect(peer.told).toHaveLength(2);
  });

  test('is notified once of a created campaign', async () => {
    const peer = await connect(transport, client);
    await peer.subscribe(['heyreach://campaigns'], true);
    await peer.callTool('create_campaign', { name: 'Made by a test', linkedInAccountIds: [170001] });
    await expect.poll(() => [...peer.told].sort(), SOON).toEqual(['heyreach://campaigns', 'listing']);
  });

  test('can subscribe to existing resources only', async () => {
    const peer = await connect(transport, client);
    for (const uri of [
      'heyreach://nothing/7',
      'heyreach://campaigns/..',
      'file:///etc/hosts',
      'heyreach://audit/recent',
    ]) {
      if (is2025) {
        const refused = { code: -32602, message: expect.stringContaining(JSON.stringify(uri)) };
        await expect(peer.subscribe([uri])).rejects.toMatchObject(refused);
      } else {
        const { honored } = await peer.subscribe([uri, CAMPAIGN]);
        expect(honored).toEqual({ resourceSubscriptions: [CAMPAIGN] });
      }
    }
    const { honored } = await peer.subscribe([GUIDE]);
    expect(honored.resourceSubscriptions).toEqual([GUIDE]);
  });

  test('can subscribe to 50 resources', async () => {
    const peer = await connect(transport, client);
    const uris = Array.from({ length: MAX_SUBSCRIBED + 1 }, (_, at) => `heyreach://lists/${at + 1}`);
    if (is2025) {
      await expect(peer.subscribe(uris)).rejects.toThrow(/50 resources/);
      // A repeated subscription does not count, and an unsubscription releases its place.
      await (await peer.subscribe(uris.slice(0, 1))).close();
      await peer.subscribe(uris.slice(-1));
    } else {
      const { honored } = await peer.subscribe(uris);
      expect(honored.resourceSubscriptions).toEqual(uris.slice(0, MAX_SUBSCRIBED));
      const second = await peer.subscribe([...uris.slice(-2), CAMPAIGN]);
      expect(second.honored.resourceSubscriptions).toEqual(uris.slice(-2, -1));
    }
  });
});

describe.each(['v1', 'v2-legacy'] as const)('%s over HTTP, which has no stream', (client) => {
  test('has no subscriptions', async () => {
    const peer = await connect('http', client);
    expect(peer.resourceCapabilities()).toEqual({});
    await expect(peer.subscribe([CAMPAIGN])).rejects.toThrow(/Method not found|not support/);
    await pause(peer);
    expect(peer.told).toEqual([]);
    expect(
      heyreach.pathsOf(TEST_KEY).filter((path) => path !== '/campaign/Pause' && path !== '/campaign/GetById'),
    ).toEqual([]);
  });
});

describe('of 2025', () => {
  test('a connection without subscriptions is notified of a created campaign', async () => {
    const peer = await connect('stdio', 'v1');
    await peer.callTool('create_campaign', { name: 'Made by a test', linkedInAccountIds: [170001] });
    await expect.poll(() => peer.told, SOON).toEqual(['listing']);
    expect(heyreach.pathsOf(TEST_KEY)).not.toContain('/inbox/GetConversationsV3');
  });
});

describe('of 2026', () => {
  test('a stream for list changes receives only list changes', async () => {
    const peer = await connect('stdio', 'v2-modern');
    const { honored } = await peer.subscribe([], true);
    expect(honored).toEqual({ resourcesListChanged: true });
    await pause(peer);
    await peer.callTool('create_campaign', { name: 'Made by a test', linkedInAccountIds: [170001] });
    await expect.poll(() => peer.told, SOON).toEqual(['listing']);
  });

  test.each(['stdio', 'http'])('several streams over %s each receive their own notifications', async (transport) => {
    const peer = await connect(transport, 'v2-modern');
    const first = await peer.subscribe([CAMPAIGN]);
    await peer.subscribe([CAMPAIGN, 'heyreach://campaigns']);
    await pause(peer);
    await expect.poll(() => [...peer.told].sort(), SOON).toEqual(['heyreach://campaigns', CAMPAIGN, CAMPAIGN]);
    await first.close();
    // The server notices the closed stream without another request.
    await expect
      .poll(async () => {
        peer.told.length = 0;
        await pause(peer);
        await peer.callTool('check_api_key');
        return [...peer.told].sort();
      }, SOON)
      .toEqual(['heyreach://campaigns', CAMPAIGN]);
  });
});

describe('over HTTP', () => {
  test('notifies listeners with the same key only', async () => {
    const { url } = await startHttp({});
    const [first, second, other] = await Promise.all(
      [TEST_KEY, TEST_KEY, OTHER_TEST_KEY].map(async (key) =>
        closeLater(await connectHttp('v2-modern', url, { 'x-api-key': key })),
      ),
    );
    for (const peer of [first!, second!, other!]) await peer.subscribe([CAMPAIGN, 'heyreach://campaigns'], true);
    await pause(first!);
    const both = ['heyreach://campaigns', CAMPAIGN];
    for (const peer of [first!, second!]) await expect.poll(() => [...new Set(peer.told)].sort(), SOON).toEqual(both);
    await pause(other!, 8);
    await expect.poll(() => [...new Set(other!.told)], SOON).toEqual(['heyreach://campaigns']);
    for (const peer of [first!, second!]) expect([...new Set(peer.told)].sort()).toEqual(both);
  });

  test('an API key sent as a bearer token has its own listeners', async () => {
    const { url } = await startHttp();
    const theirs = closeLater(await connectHttp('v2-modern', url, { authorization: `Bearer ${OTHER_TEST_KEY}` }));
    const own = closeLater(await connectHttp('v2-modern', url));
    for (const peer of [theirs, own]) await peer.subscribe([CAMPAIGN]);
    await pause(closeLater(await connectHttp('v1', url, { 'x-api-key': OTHER_TEST_KEY })));
    await expect.poll(() => theirs.told, SOON).toEqual([CAMPAIGN]);
    expect(own.told).toEqual([]);
  });

  test('without a key there are no subscriptions, and a stream ends at once', async () => {
    const peer = closeLater(await connectHttp('v2-modern', (await startHttp({})).url));
    expect(peer.resourceCapabilities()).toEqual({});
    const { honored, closed } = await peer.subscribe([CAMPAIGN], true);
    expect(honored).toEqual({});
    expect(await closed).toBe('graceful');
  });

  test('a shutdown ends the streams cleanly and at once', async () => {
    const program = await startHttp();
    const peer = closeLater(await connectHttp('v2-modern', program.url));
    const { closed } = await peer.subscribe([CAMPAIGN], true);
    const began = performance.now();
    expect(await program.stop()).toBe(0);
    expect(await closed).toBe('graceful');
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('over stdio of 2026', () => {
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const LISTEN = {
    jsonrpc: '2.0',
    id: 'stream',
    method: 'subscriptions/listen',
    params: { notifications: { resourceSubscriptions: [CAMPAIGN], resourcesListChanged: true }, _meta: meta },
  };

  /** The built program over raw pipes, with an open stream. */
  async function startListening() {
    const child = spawn(process.execPath, [MAIN], { env: cleanEnvironment(env({ HEYREACH_API_KEY: TEST_KEY })) });
    let stdout = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => recordOutput(String(chunk)));
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    const messages = () =>
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    child.stdin.write(`${JSON.stringify(LISTEN)}\n`);
    await expect.poll(messages, SOON).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/subscriptions/acknowledged',
        params: {
          notifications: { resourceSubscriptions: [CAMPAIGN], resourcesListChanged: true },
          _meta: { 'io.modelcontextprotocol/subscriptionId': 'stream' },
        },
      },
    ]);
    return { child, messages };
  }

  test('a shutdown ends the stream cleanly', async () => {
    const { child, messages } = await startListening();
    child.kill('SIGTERM');
    expect((await once(child, 'close'))[0]).toBe(0);
    expect(messages().at(-1)).toMatchObject({ id: 'stream', result: { resultType: 'complete' } });
  });

  test('the end of stdin waits for no stream and for no poll', async () => {
    let isPolling = false;
    heyreach.answer(() => {
      isPolling = true;
      return new Promise(() => {});
    });
    const { child } = await startListening();
    await expect.poll(() => isPolling, SOON).toBe(true);
    const began = performance.now();
    child.stdin.end();
    expect((await once(child, 'exit'))[0]).toBe(0);
    // Calls in flight would have five seconds.
    expect(performance.now() - began).toBeLessThan(4_900);
  });

  test('a cancelled stream receives no more notifications', async () => {
    const { child, messages } = await startListening();
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'stream', _meta: meta } };
    const call = {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'pause_campaign', arguments: { campaignId: 7 }, _meta: meta },
    };
    child.stdin.write(`${JSON.stringify(cancel)}\n${JSON.stringify(call)}\n`);
    await expect.poll(() => messages().at(-1), SOON).toMatchObject({ id: 2 });
    expect(messages()).toHaveLength(2);
    child.stdin.end();
    await once(child, 'exit');
  });

  test('a stream that is cancelled in the same write causes no poll', async () => {
    const { child, messages } = await startListening();
    await expect.poll(() => heyreach.pathsOf(TEST_KEY), SOON).toContain('/campaign/GetById');
    const uris = ['heyreach://lists/7'];
    const second = { ...LISTEN, id: 'second', params: { notifications: { resourceSubscriptions: uris }, _meta: meta } };
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'second', _meta: meta } };
    child.stdin.write(`${JSON.stringify(second)}\n${JSON.stringify(cancel)}\n`);
    await expect.poll(messages, SOON).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(heyreach.pathsOf(TEST_KEY).filter((path) => path.startsWith('/list/'))).toEqual([]);
    child.stdin.end();
    await once(child, 'exit');
  });

  test('streams opened in one write share the limit of 50', async () => {
    const { child, messages } = await startListening();
    const listens = ['lists', 'leads'].map((kind) => {
      const uris = Array.from({ length: MAX_SUBSCRIBED }, (_, at) => `heyreach://${kind}/${at + 1}`);
      return { ...LISTEN, id: kind, params: { notifications: { resourceSubscriptions: uris }, _meta: meta } };
    });
    child.stdin.write(listens.map((request) => `${JSON.stringify(request)}\n`).join(''));
    await expect.poll(messages, SOON).toHaveLength(3);
    const granted = messages().map(({ params }) => params.notifications.resourceSubscriptions?.length ?? 0);
    expect(granted).toEqual([1, MAX_SUBSCRIBED - 1, 0]);
    child.stdin.end();
    await once(child, 'exit');
  });
});
