import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { exampleConversation } from '../../support/fixtures/conversation.ts';
import { type HeyReachStub, type StubAnswer, startStub } from '../../support/heyreach/heyreach-stub.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { Replica } from './replicas.ts';

const LONG = { timeout: 60_000, interval: 50 };
const OK: StubAnswer = { body: exampleConversation({ id: '1a', linkedInAccountId: 1 }) };

let redis: RedisServer;
let heyReach: HeyReachStub;
let replicas: Replica[];

beforeAll(async () => {
  redis = await startRedis();
  heyReach = await startStub();
  heyReach.answer(({ path }) => (path.includes('/inbox/GetChatroom') ? OK : {}));
  const options = { redis: redis.url, heyReach: heyReach.url, caps: { perKey: 1, perSender: 1 } };
  replicas = await Promise.all(['one', 'two', 'three'].map((name) => Replica.start({ ...options, name })));
  for (const replica of replicas) await vi.waitFor(async () => expect(await read(replica)).toBeUndefined(), LONG);
  await vi.waitUntil(() => redis.command('PUBSUB', 'NUMSUB', 'hr:circuits').endsWith('3'), LONG);
});
afterAll(async () => {
  for (const replica of replicas) await replica.kill();
  await heyReach.close();
  await redis.close();
});

/** Reads a conversation. @returns the kind of its error. */
async function read(replica: Replica): Promise<string | undefined> {
  const result = await replica.call(TEST_KEY, 'get_conversation', { conversationId: '1a', linkedInAccountId: 1 });
  return result?.error?.kind;
}

test('three processes detect an outage together, and one of them probes for its end', async () => {
  heyReach.answer(() => ({ status: 503, body: 'down' }));
  for (const at of [0, 1, 2, 0, 1]) {
    await vi.waitFor(async () => expect(await read(replicas[at]!)).toBe('server_error'), LONG);
  }
  // None of them has seen five failures.
  for (const replica of replicas) await vi.waitFor(async () => expect(await read(replica)).toBe('outage'), LONG);

  const before = heyReach.requests.length;
  let rejected = 0;
  let isOver = false;
  heyReach.answer(async () => {
    // The probe is answered late, while the others still ask.
    const first = rejected;
    while (!isOver && rejected < first + 6) await sleep(20);
    isOver = true;
    return OK;
  });
  const readUntilOver = async (replica: Replica) => {
    while ((await read(replica)) !== undefined) {
      rejected += 1;
      if (!isOver) expect(heyReach.requests.length - before).toBeLessThanOrEqual(1);
      await sleep(50);
    }
  };
  await Promise.all(replicas.map(readUntilOver));
  expect(heyReach.requests).toHaveLength(before + 3);
});
