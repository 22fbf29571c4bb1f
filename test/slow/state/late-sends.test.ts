import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RESTART } from '../../../src/state/redis/permit-scripts.ts';
import { BEGIN } from '../../../src/state/redis/send-scripts.ts';
import { exampleConversation, exampleMessage } from '../../support/fixtures/conversation.ts';
import { type HeyReachStub, startStub } from '../../support/heyreach/heyreach-stub.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { type RedisProxy, startRedisProxy } from './redis-proxy.ts';
import { type CallResult, Replica } from './replicas.ts';

const MESSAGE = { conversationId: '1a', linkedInAccountId: 1, message: 'Hello there' };

let redis: RedisServer;
let proxy: RedisProxy;
let heyReach: HeyReachStub;
let replica: Replica;
/** The number of records of the send in Redis at the arrival of each message. */
let begunBefore: number[];

beforeEach(async () => {
  redis = await startRedis();
  proxy = await startRedisProxy(redis.url);
  heyReach = await startStub();
  begunBefore = [];
  heyReach.answer(({ path }) => {
    if (path.includes('/inbox/SendMessage')) {
      begunBefore.push(proxy.count(BEGIN));
      return {};
    }
    if (!path.includes('/inbox/GetChatroom')) return {};
    const sent = heyReach.requests.filter((request) => request.path.includes('/inbox/SendMessage')).length;
    const messages = [
      exampleMessage('Good morning', { sender: 'CORRESPONDENT' }),
      ...Array.from({ length: sent }, () => exampleMessage(MESSAGE.message)),
    ];
    return { body: exampleConversation({ id: '1a', linkedInAccountId: 1, messages }) };
  });
  const caps = { perKey: 1, perSender: 1 };
  replica = await Replica.start({ redis: proxy.url, heyReach: heyReach.url, name: 'one', caps });
});
afterEach(async () => {
  await replica.kill();
  await heyReach.close();
  await proxy.close();
  await redis.close();
});

async function confirmedCall() {
  const { confirmation } = await vi.waitFor(
    async () => {
      const result = await replica.call(TEST_KEY, 'send_message', MESSAGE);
      // At first the store is not connected yet.
      expect(result).toMatchObject({ confirmation: expect.anything() });
      return result!;
    },
    { timeout: 60_000, interval: 100 },
  );
  return { ...MESSAGE, confirmToken: confirmation!.confirmToken };
}

describe('a message is sent within two seconds after Redis recorded it', () => {
  test('a message is recorded again if the answers of Redis take longer', async () => {
    let before = 0;
    let result: CallResult | undefined;
    for (;;) {
      const args = await confirmedCall();
      const [begin, restart] = [proxy.hold(BEGIN), proxy.hold(RESTART)];
      const call = replica.call(TEST_KEY, 'send_message', args);
      await Promise.race([begin.answered, call]);
      before = proxy.count(BEGIN);
      // Each wait is shorter than the time after which the store counts as slow.
      await sleep(1_100);
      begin.release();
      await Promise.race([restart.answered, call]);
      await sleep(1_100);
      restart.release();
      result = await call;
      if (result?.error?.kind !== 'store_unavailable') break;
      // The machine stalled, so that the store counted as slow.
      expect(result.error).toMatchObject({ outcome: 'not_sent' });
      expect(begunBefore).toEqual([]);
    }
    expect(result).toMatchObject({ delivery: 'seen_in_thread' });
    expect(begunBefore).toHaveLength(1);
    expect(begunBefore[0]).toBeGreaterThan(before);
    // The first record took the only slot within the limits, and was withdrawn.
    expect(redis.command('KEYS', 'hr:*:starts')).not.toBe('');
    expect(redis.command('ZCARD', redis.command('KEYS', 'hr:*:starts'))).toBe('1');
  });

  test('a message is recorded again or not sent if the process is paused meanwhile', async () => {
    const args = await confirmedCall();
    const begin = proxy.hold(BEGIN);
    const call = replica.call(TEST_KEY, 'send_message', args);
    await begin.answered;
    const before = proxy.count(BEGIN);
    replica.pause();
    begin.release();
    await sleep(3_000);
    replica.resume();
    const result = await call;
    // The timer for a slow store and the answer are both due, and either can be first.
    if (result?.error === undefined) expect(begunBefore[0]).toBeGreaterThan(before);
    else expect(result.error).toMatchObject({ outcome: 'not_sent' });
    expect(begunBefore).toHaveLength(result?.error === undefined ? 1 : 0);
  });
});
