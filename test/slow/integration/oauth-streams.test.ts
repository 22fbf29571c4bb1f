import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { connectHttp } from '../../support/clients/clients.ts';
import { callOf, send } from '../../support/clients/raw-http.ts';
import { type IdentityProvider, PUBLIC_URL, startIdentityProvider } from '../../support/programs/identity-provider.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { type TokenFileOfTest, tokenFile } from '../../support/programs/token-files.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

let sandbox: Sandbox;
let issuer: IdentityProvider;
let file: TokenFileOfTest;
let program: HttpProgram;
beforeAll(async () => {
  sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
  issuer = await startIdentityProvider();
  file = tokenFile('ada full', 'grace full');
  program = await startHttpProgram({
    args: ['--auth', 'oauth'],
    env: {
      HEYREACH_BASE_URL: sandbox.url,
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_OAUTH_ISSUER: issuer.issuer,
      HEYREACH_OAUTH_SUBJECTS: file.path,
      HEYREACH_PUBLIC_URL: PUBLIC_URL,
    },
  });
});
afterAll(async () => {
  await program?.stop();
  await issuer?.close();
  await sandbox?.close();
  file?.remove();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const listen = async (token: string) => {
  const peer = await connectHttp('v2-modern', program.url, bearer(token));
  const { closed } = await peer.subscribe(['heyreach://campaigns']);
  return { peer, closed };
};

test('a stream of changes ends when its access token expires, and a stream with a longer token continues', async () => {
  const exp = Math.floor(Date.now() / 1_000) + 15;
  const short = await issuer.sign({ exp });
  const { peer, closed } = await listen(short);
  const other = await listen(await issuer.sign());
  let isOpen = true;
  void other.closed.then(() => {
    isOpen = false;
  });
  await closed;
  expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000 - 50);
  expect(isOpen).toBe(true);
  const reply = await send(program.url, { headers: bearer(short) });
  expect([reply.status, reply.message().error?.message]).toEqual([401, expect.stringContaining('has expired')]);
  await peer.close().catch(() => {});
  await other.peer.close();
});

test('a stream ends when its user is removed from the subjects file', async () => {
  const { peer, closed } = await listen(await issuer.sign({ sub: 'grace' }));
  file.write('ada full');
  program.process.kill('SIGHUP');
  await closed;
  expect((await send(program.url, { headers: bearer(await issuer.sign({ sub: 'grace' })) })).status).toBe(403);
  await peer.close().catch(() => {});
});

test('a user can cancel only own calls, whatever the session id of the cancellation is', async () => {
  file.write('ada full', 'grace full');
  program.process.kill('SIGHUP');
  const grace = bearer(await issuer.sign({ sub: 'grace' }));
  await expect.poll(async () => (await send(program.url, { headers: grace })).status).toBe(200);
  const ada = bearer(await issuer.sign({ sub: 'ada' }));
  const session = { 'mcp-session-id': 'a-session-of-ada' };
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } };
  sandbox.faults.add({ match: { path: '/campaign/GetAll' }, kind: 'delay', ms: 4_000 });
  sandbox.requests.length = 0;
  const call = (token: typeof ada) =>
    send(program.url, { headers: { ...token, ...session }, body: callOf('list_campaigns', {}, 7) }).then(
      ({ text }) => text,
      () => 'closed',
    );
  const answer = call(ada);
  await expect.poll(() => sandbox.requests.length).toBeGreaterThan(0);
  expect((await send(program.url, { headers: { ...grace, ...session }, body: cancel })).status).toBe(202);
  expect(await answer).toContain('"result"');
});
