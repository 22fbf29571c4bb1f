import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HeyReachStub, startStub } from '../kit/heyreach-stub.ts';
import { TEST_KEY } from '../kit/keys.ts';
import { type HttpProgram, startHttpProgram } from '../kit/program.ts';

let stub: HeyReachStub;
let program: HttpProgram;
beforeAll(async () => {
  stub = await startStub();
  program = await startHttpProgram({ env: { HEYREACH_BASE_URL: stub.url, HEYREACH_API_KEY: TEST_KEY } });
});
afterAll(async () => {
  await program?.stop();
  await stub?.close();
});

test('calls that were asked for behind others on one connection are cancelled with it, too', async () => {
  stub.answer(() => new Promise(() => {}));
  const { hostname, port } = new URL(program.url);
  const socket = connect(Number(port), hostname);
  for (const campaignId of [1, 2, 3]) {
    const params = { name: 'get_campaign', arguments: { campaignId } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: campaignId, method: 'tools/call', params });
    socket.write(
      `POST /mcp HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\n` +
        `accept: application/json, text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  }
  await expect.poll(() => stub.requests.length).toBe(3);
  expect(stub.open()).toBe(3);
  socket.destroy();
  await expect.poll(() => stub.open()).toBe(0);
  expect(program.stderr().match(/"error":"cancelled"/g)).toHaveLength(3);
});
