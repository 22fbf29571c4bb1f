import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { median } from '../../bench/rounds.ts';
import { CHECK, callOf, LIST, send } from '../../support/clients/raw-http.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { HeldUp } from './held-up.ts';

const IDLE_CONNECTIONS = 4_000;
/** What a caller waits for behind a body, in most rounds. */
const USUAL_MS = 300;
/** What a caller waits for at most. The first body of a kind also waits for the compiler and the garbage collector. */
const LONGEST_MS = 2_000;
const ROUNDS = 5;

let program: HttpProgram;
let health: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  program = await startHttpProgram({ args: ['--sandbox', '--log-level', 'error'] });
  health = program.url.replace('/mcp', '/healthz');
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await program?.stop();
});

const members = (count: number, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`member${index}`, value]));
const many = (count: number, item: unknown) => Array<unknown>(count).fill(item);
const withMeta = (meta: object) => ({ ...CHECK, params: { ...CHECK.params, _meta: meta } });
const batch = (message: (id: number) => object) => Array.from({ length: 64 }, (_, id) => message(id));

/** Bodies of at most 4 MiB that take the parser or the validators long. */
const HOSTILE: [name: string, body: unknown][] = [
  ['300,000 unknown arguments', callOf('list_campaigns', members(300_000))],
  ['300,000 members of _meta', withMeta(members(300_000))],
  ['100,000 responses', many(100_000, { jsonrpc: '2.0', id: 1, result: {} })],
  ['70,000 notifications', many(70_000, { jsonrpc: '2.0', method: 'notifications/cancelled' })],
  // Within the limits.
  ['1,000 unknown arguments with values', callOf('list_campaigns', members(1_000, many(98, 1)))],
  ['99,000 members in _meta', withMeta(members(99, members(999)))],
  ['99,000 values in a list', callOf('list_campaigns', { statuses: many(99_000, 1) })],
  ['1,000 leads with unknown members', callOf('add_leads_to_list', { listId: 1, leads: many(1_000, members(90)) })],
  ['99,000 leads in all', callOf('add_leads_to_list', { listId: 1, leads: many(49_000, {}) })],
  ['a batch of 64 calls', batch((id) => callOf('list_campaigns', members(1_000), id))],
  [
    'a batch of 64 notifications',
    batch(() => ({ jsonrpc: '2.0', method: 'notifications/cancelled', params: members(999) })),
  ],
  ['a text of 4 MB', callOf('send_message', { message: 'x'.repeat(4_000_000), conversationId: 'a' })],
];

/** Opens a connection that gets one response and then stays idle, or that never sends a whole request. */
function openIdle(bytes: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(program.url).port), '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => {}).once('close', resolve);
    // Resolves at the first chunk of a response, or once the bytes of an incomplete request are written.
    socket.once('data', () => resolve());
    socket.once('connect', () => socket.write(bytes, () => bytes.endsWith('}') || resolve()));
  });
}

test('hostile bodies and idle connections delay no caller', async () => {
  const bodies = HOSTILE.map(([name, body]) => [name, JSON.stringify(body)] as const);
  const list = JSON.stringify(LIST);
  const head = 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  const kinds = [`${head}Content-Length: ${list.length}\r\n\r\n${list}`, 'GET /healthz HT', ''];
  // The first call loads the modules of calls.
  expect((await send(program.url, { body: CHECK })).status).toBe(200);
  for (let index = 0; index < IDLE_CONNECTIONS; index += 1) await openIdle(kinds[index % kinds.length]!);

  let isOver = false;
  const failures: string[] = [];
  const honest = Array.from({ length: 8 }, async (_, caller) => {
    let calls = 0;
    while (!isOver) {
      const reply = await send(program.url, { body: { ...CHECK, id: caller } }).catch((error: Error) => error.message);
      if (typeof reply === 'string') failures.push(reply);
      else if (reply.status !== 200 || !reply.text.includes('"valid":true')) failures.push(reply.text);
      calls += 1;
      await pause(100);
    }
    return calls;
  });

  const began = performance.now();
  const heldUp = new HeldUp(() => [program.process.pid!], began);
  const probes: { at: number; ms: number }[] = [];
  const posts: { name: string; at: number; ms: number }[] = [];
  const probing = (async () => {
    while (!isOver) {
      const at = performance.now() - began;
      const { status } = await send(health, { method: 'GET' });
      if (status !== 200) failures.push(`healthz ${status}`);
      probes.push({ at, ms: performance.now() - began - at });
      await pause(5);
    }
  })();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, body] of bodies) {
      const at = performance.now() - began;
      // A client that is rejected during its upload may see its connection end.
      await send(program.url, { body }).catch(() => {});
      posts.push({ name, at, ms: performance.now() - began - at });
    }
  }
  await pause(300);
  isOver = true;
  const calls = await Promise.all(honest);
  await probing;
  heldUp.stop();

  expect(failures).toEqual([]);
  expect(Math.min(...calls)).toBeGreaterThan(5);
  expect(probes.length).toBeGreaterThan(HOSTILE.length);
  const longestDuring = (post: { at: number; ms: number }) => {
    const overlapping = probes.filter(({ at, ms }) => at < post.at + post.ms && at + ms > post.at);
    return Math.max(0, ...overlapping.map((probe) => probe.ms - heldUp.during(probe)));
  };
  const waits = HOSTILE.map(([name]) => ({
    name,
    ms: posts.filter((post) => post.name === name).map(longestDuring),
  }));
  expect(waits.filter(({ ms }) => median(ms) >= USUAL_MS || Math.max(...ms) >= LONGEST_MS)).toEqual([]);
}, 240_000);
