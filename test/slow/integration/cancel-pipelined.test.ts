import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { send } from '../../support/clients/raw-http.ts';
import { type HeyReachStub, startStub } from '../../support/heyreach/heyreach-stub.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

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

interface Asked {
  id: number;
  campaignId: number;
  session?: string;
}

/** A call as it is written on a connection. */
function written({ id, campaignId, session }: Asked): string {
  const { host } = new URL(program.url);
  const params = { name: 'get_campaign', arguments: { campaignId } };
  const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
  return (
    `POST /mcp HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n` +
    (session === undefined ? '' : `mcp-session-id: ${session}\r\n`) +
    `accept: application/json, text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  );
}

function open(): Socket {
  const { hostname, port } = new URL(program.url);
  return connect(Number(port), hostname);
}

test('closing a connection also cancels the calls behind others on it', async () => {
  stub.answer(() => new Promise(() => {}));
  const socket = open();
  for (const id of [1, 2, 3]) socket.write(written({ id, campaignId: id }));
  await expect.poll(() => stub.requests.length).toBe(3);
  expect(stub.open()).toBe(3);
  socket.destroy();
  await expect.poll(() => stub.open()).toBe(0);
  // The log line is written after the answers.
  await expect.poll(() => program.stderr().match(/"error":"cancelled"/g)).toHaveLength(3);
});

test('a notification cancels a call behind another call, and the earlier call is answered', async () => {
  const session = 'a-session-of-the-test';
  let answerFirst = () => {};
  stub.requests.length = 0;
  stub.answer(({ path }) =>
    path.includes('campaignId=11')
      ? new Promise((resolve) => {
          answerFirst = () => resolve({ body: { id: 11, name: 'The first one' } });
        })
      : new Promise(() => {}),
  );
  const socket = open();
  let answered = '';
  socket.on('data', (chunk) => {
    answered += chunk;
  });
  socket.write(written({ id: 1, campaignId: 11 }));
  socket.write(written({ id: 2, campaignId: 12, session }));
  await expect.poll(() => stub.requests.length).toBe(2);
  const note = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } };
  expect((await send(program.url, { headers: { 'mcp-session-id': session }, body: note })).status).toBe(202);
  await expect.poll(() => stub.open()).toBe(1);
  answerFirst();
  await expect.poll(() => answered).toContain('The first one');
  expect(answered).not.toContain('"id":2');
  socket.destroy();
  expect(program.process.exitCode).toBeNull();
  expect((await send(program.url)).status).toBe(200);
});
