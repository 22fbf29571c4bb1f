import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Breaker } from '../../src/client/breaker.ts';
import { type CallOptions, OperationCaller } from '../../src/client/call.ts';
import { HeyReachError } from '../../src/client/errors.ts';
import { HttpSender } from '../../src/client/http.ts';
import { operation } from '../../src/client/operation.ts';
import { Quotas } from '../../src/client/quotas.ts';
import type { Repeat } from '../../src/client/retry.ts';
import { createMemoryStore } from '../../src/client/store.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';
import { mostInWindow } from './takers.ts';

let server: RawServer;
let sender: HttpSender;
const arrivals: number[] = [];
beforeEach(async () => {
  server = await startRawServer();
  sender = new HttpSender({ origin: () => server.url, userAgent: 'tests' });
  arrivals.length = 0;
  server.behave((socket) => {
    arrivals.push(performance.now());
    socket.write(answer(200));
  });
});
afterEach(async () => {
  await server.close();
  await sender.close();
});

function makeCaller({ cap = 300, windowMs = 60_000 } = {}) {
  const quotas = new Quotas({ store: createMemoryStore(), cap, windowMs });
  const caller = new OperationCaller({ sender, quotas, breaker: new Breaker(), key: 'made-up-key', fingerprint: 'a' });
  return (repeat: Repeat, options: CallOptions = {}) =>
    caller.call(operation<object>().silent('POST /made/up', { repeat }), {}, options).then(
      () => undefined,
      (error: HeyReachError) => error,
    );
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('the look before a change', () => {
  test('comes before what is no read, and not before a read', async () => {
    const call = makeCaller();
    const looks: string[] = [];
    for (const repeat of ['safe', 'same', 'once'] as const) {
      await call(repeat, { beforeChange: async () => void looks.push(repeat) });
    }
    expect(looks).toEqual(['same', 'once']);
  });

  test('that finds something keeps the request from leaving, and gives its slot back', async () => {
    const call = makeCaller({ cap: 1 });
    const changed = new HeyReachError({ kind: 'changed', outcome: 'not_sent', message: '', meaning: '', nextStep: '' });
    for (let tries = 0; tries < 3; tries += 1) {
      const deadline = Date.now() + 5_000;
      expect(await call('once', { deadline, beforeChange: () => Promise.reject(changed) })).toBe(changed);
    }
    expect(await call('once', { deadline: Date.now() + 5_000 })).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  test('that takes its time does not let more leave than the window allows', async () => {
    const call = makeCaller({ cap: 5, windowMs: 1_000 });
    const slow = Array.from({ length: 5 }, () => call('once', { beforeChange: () => pause(1_900) }));
    await pause(50);
    const waiting = Array.from({ length: 5 }, () => call('once'));
    expect(await Promise.all([...slow, ...waiting])).toEqual(Array.from({ length: 10 }, () => undefined));
    expect(
      mostInWindow(
        arrivals.sort((a, b) => a - b),
        1_000,
      ),
    ).toBe(5);
  });

  test('that outlasts the window asks for a slot anew, and looks again', async () => {
    const call = makeCaller({ cap: 5, windowMs: 100 });
    let looks = 0;
    const beforeChange = async () => {
      looks += 1;
      if (looks === 1) await pause(1_200);
    };
    expect(await call('once', { beforeChange })).toBeUndefined();
    expect(looks).toBe(2);
    expect(server.requests).toHaveLength(1);
  });

  test.each(['same', 'once'] as const)(
    'that leaves less than a second keeps a %s from being sent unclear',
    async (repeat) => {
      const call = makeCaller({ cap: 1 });
      const error = await call(repeat, { deadline: Date.now() + 1_100, beforeChange: () => pause(200) });
      expect(error).toMatchObject({ kind: 'timeout', outcome: 'not_sent' });
      expect(server.requests).toHaveLength(0);
      expect(await call(repeat, { deadline: Date.now() + 5_000 })).toBeUndefined();
    },
  );

  test('is not cut off by a deadline that has passed: that is said, and not that the quota is used up', async () => {
    const error = await makeCaller()('safe', { deadline: Date.now() - 1 });
    expect(error).toMatchObject({ kind: 'timeout', outcome: 'not_sent', retryAfterSeconds: undefined });
  });
});
