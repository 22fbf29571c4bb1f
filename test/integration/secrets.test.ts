import { expect, test } from 'vitest';
import { connectHttp, connectStdio, type McpPeer } from '../support/clients/clients.ts';
import { startStub } from '../support/heyreach/heyreach-stub.ts';
import { startHttpProgram } from '../support/programs/program.ts';
import { ALL_TEST_KEYS, OTHER_TEST_KEY, TEST_KEY, TEST_ORGANIZATION_KEY } from '../support/runs/keys.ts';

/** Answers of all kinds, among them an API that repeats the key of the request. */
async function provoke(peer: McpPeer): Promise<string> {
  const results = [
    await peer.callTool('check_api_key'),
    await peer.callTool('list_campaigns'),
    await peer.callTool('get_campaign', { campaignId: 1 }),
    await peer.callTool('get_campaign', { campaignId: 'x' }),
    await peer.callTool('send_message', { message: 'Hello', conversationId: 'a', linkedInAccountId: 1 }),
  ];
  return JSON.stringify(results);
}

test('no log, error or result contains a key, at the most detailed log level, over both transports', async () => {
  const stub = await startStub();
  stub.answer(({ path }) => {
    if (path.includes('GetAll')) return { status: 400, body: { errorMessage: 'no such filter' } };
    if (path.includes('GetById')) return { status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } };
    if (path.includes('SendMessage')) return { status: 500, body: 'broken' };
    return { status: 401, body: 'Invalid API key' };
  });
  const env = { HEYREACH_BASE_URL: stub.url, HEYREACH_API_KEY: TEST_KEY };
  const args = ['--log-level', 'debug', '--confirm', 'off'];

  const stdio = await connectStdio('v2-modern', { args, env: { ...env, HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY } });
  const overStdio = await provoke(stdio);
  await stdio.close();
  const program = await startHttpProgram({ args, env });
  const http = await connectHttp('v1', program.url, { authorization: `Bearer ${OTHER_TEST_KEY}` });
  const overHttp = await provoke(http);
  await http.close();
  await program.stop();

  const written = [overStdio, overHttp, stdio.stderr(), program.stderr()];
  for (const text of written) {
    expect(text.length).toBeGreaterThan(500);
    for (const key of ALL_TEST_KEYS) {
      expect(text).not.toContain(key);
      expect(text).not.toContain(encodeURIComponent(key));
    }
  }
  // The keys were in the header, and in no URL.
  expect(new Set(stub.requests.map(({ headers }) => headers['x-api-key']))).toEqual(
    new Set([TEST_KEY, OTHER_TEST_KEY]),
  );
  for (const { path, head } of stub.requests) {
    expect(path).not.toMatch(/key/i.test(path) ? /not-a-real|made-up/ : /made-up/);
    expect(head.match(/made-up|not-a-real/g)).toHaveLength(1);
  }
  await stub.close();
});
