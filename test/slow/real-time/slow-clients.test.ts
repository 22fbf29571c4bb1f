import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send } from '../../support/clients/raw-http.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';

let program: HttpProgram;
beforeAll(async () => {
  program = await startHttpProgram({ args: ['--sandbox'] });
});
afterAll(async () => {
  await program?.stop();
});

const HEAD = 'POST /mcp HTTP/1.1\r\nhost: localhost\r\n';
const TYPES = 'content-type: application/json\r\naccept: application/json, text/event-stream\r\n';

/** Writes one part a second until the connection ends. */
function writeSlowly(first: string, each: string): Promise<{ answered: string; seconds: number }> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(program.url).port), '127.0.0.1');
    let answered = '';
    const timer = setInterval(() => socket.writable && each !== '' && socket.write(each), 1_000);
    socket.on('data', (chunk) => {
      answered += chunk;
    });
    socket.once('error', reject);
    socket.once('close', () => {
      clearInterval(timer);
      resolve({ answered, seconds: (performance.now() - began) / 1_000 });
    });
    if (first !== '') socket.write(first);
  });
}

describe.concurrent('slow requests time out', () => {
  test.each([
    ['a connection without data', '', '', 10],
    ['headers, one per second', HEAD, 'x-a: b\r\n', 10],
    ['a body, one byte per second', `${HEAD}${TYPES}content-length: 1000\r\n\r\n{`, ' ', 30],
    ['a requested body that never arrives', `${HEAD}${TYPES}expect: 100-continue\r\ncontent-length: 9\r\n\r\n`, '', 30],
  ])('%s', async (_, first, each, limit) => {
    const { answered, seconds } = await writeSlowly(first, each);
    expect(seconds).toBeGreaterThan(limit - 1);
    expect(seconds).toBeLessThan(limit + 8);
    expect(answered).toContain('HTTP/1.1 408 Request Timeout\r\n');
    expect(answered).toContain('"message":"The request did not arrive in time. Nothing was done."');
    // Other clients are served meanwhile.
    expect((await send(program.url)).status).toBe(200);
  });

  test('the log has a line for each', async ({ expect }) => {
    const refusals = () => [...program.stderr().matchAll(/"status":408,"refusal":"slow_client"/g)].length;
    await expect.poll(refusals, { timeout: 60_000 }).toBeGreaterThanOrEqual(4);
  });
});
