import { expect, test } from 'vitest';
import { pause } from '../kit/at-once.ts';
import { CHECK } from '../kit/raw-http.ts';
import { KEY, startBehind, startHeyReach, testBehind } from './behind.ts';
import { startCaddy } from './proxies.ts';
import { open, send } from './requests.ts';

testBehind(startCaddy);

test('with flush_interval -1 a call would run on when its caller hangs up', async () => {
  const heyreach = await startHeyReach();
  const program = await startBehind(heyreach.url);
  const edit = (block: string) => block.replace('transport http {', 'flush_interval -1\n\t\ttransport http {');
  const proxy = await startCaddy({ target: program.url, edit });
  const held = heyreach.hold('GET /auth/CheckApiKey');
  const call = open(proxy, { headers: KEY, body: CHECK });
  const { closed, reply } = await held;
  call.hangUp();
  expect(await Promise.race([closed.then(() => 'ended'), pause(1_000)])).toBeUndefined();
  reply(200);
  await proxy.stop();
  await program.stop();
  await heyreach.close();
});

test('a name that is not its own does not reach the server', async () => {
  const heyreach = await startHeyReach();
  const program = await startBehind(heyreach.url);
  const proxy = await startCaddy({ target: program.url });
  const reply = await send(proxy, { headers: { host: 'other.example.com' } });
  expect([reply.text, reply.headers['x-request-id']]).toEqual(['', undefined]);
  await proxy.stop();
  await program.stop();
  await heyreach.close();
});
