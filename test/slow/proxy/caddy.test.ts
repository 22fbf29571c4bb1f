import { expect, onTestFinished, test } from 'vitest';
import { CHECK } from '../../support/clients/raw-http.ts';
import { isSoon, KEY, startBehind, startHeyReach, testBehind } from './behind-proxy.ts';
import { type ProxyOptions, startCaddy } from './proxies.ts';
import { open, send } from './requests.ts';

testBehind(startCaddy);

/** A Caddy for this test, with the block changed. */
async function startWith(edit: NonNullable<ProxyOptions['edit']>) {
  const heyreach = await startHeyReach();
  onTestFinished(() => heyreach.close());
  const program = await startBehind(heyreach.url);
  onTestFinished(async () => void (await program.stop()));
  const proxy = await startCaddy({ target: program.url, edit });
  onTestFinished(async () => void (await proxy.stop()));
  return { heyreach, proxy };
}

test('with flush_interval -1, a call would continue after its caller disconnects', async () => {
  const { heyreach, proxy } = await startWith((block) =>
    block.replace('transport http {', 'flush_interval -1\n\t\ttransport http {'),
  );
  const held = heyreach.hold('GET /auth/CheckApiKey');
  const call = open(proxy, { headers: KEY, body: CHECK });
  const { closed, reply } = await held;
  call.hangUp();
  expect(await isSoon(closed, 2_000)).toBe(false);
  reply(200);
});

test('a request for another name does not reach the server', async () => {
  const { proxy } = await startWith((block) => block);
  const reply = await send(proxy, { headers: { host: 'other.example.com' } });
  expect([reply.text, reply.headers['x-request-id']]).toEqual(['', undefined]);
});
