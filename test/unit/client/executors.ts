import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { CircuitBreaker } from '../../../src/client/circuit-breaker/circuit-breaker.ts';
import type { HeyReachError } from '../../../src/client/errors.ts';
import { HttpSender } from '../../../src/client/http-sender.ts';
import type { HttpRequest } from '../../../src/client/http-types.ts';
import type { Operation } from '../../../src/client/operation.ts';
import { RateLimiters } from '../../../src/client/rate-limit/rate-limiters.ts';
import { type AttemptReport, type CallOptions, RequestExecutor } from '../../../src/client/request-executor.ts';
import type { RetryClass } from '../../../src/client/retry.ts';
import { permitsInMemory } from '../../../src/state/memory/permits.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';

export const CLASSES = ['safe', 'idempotent', 'never'] as const;

export interface Asked {
  text?: string;
}

/** An operation that returns a JSON object. */
export function objectOperation(retry: RetryClass): Operation<Asked, unknown> {
  return {
    method: 'POST',
    path: '/made/Up',
    retry,
    query: [],
    body: true,
    responseMode: 'object',
    response: undefined,
  };
}

export let server: RawServer;
let senders: HttpSender[] = [];

/** For the tests of one file: a raw server for each test, and request executors that call it. */
export function useServer(): void {
  beforeEach(async () => {
    server = await startRawServer();
    // Full jitter can give a pause of zero, which keeps tests fast.
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await server.close();
    await Promise.all(senders.map((sender) => sender.close()));
    senders = [];
  });
}

export interface ExecutorOptions {
  origin?: string | (() => string);
  cap?: number;
  key?: string;
  /** Replaces the timeout of an attempt. `askedTimeouts` records the original. */
  timeoutMs?: number;
}

export function makeExecutor({ origin, cap = 300, key = TEST_KEY, timeoutMs }: ExecutorOptions = {}) {
  const at = origin ?? server.url;
  const sender = new HttpSender({ origin: typeof at === 'function' ? at : () => at, userAgent: 'tests' });
  senders.push(sender);
  const askedTimeouts: number[] = [];
  const shortened = {
    send(request: HttpRequest) {
      askedTimeouts.push(request.timeoutMs);
      return sender.send({ ...request, timeoutMs: timeoutMs ?? request.timeoutMs });
    },
  };
  const limiters = new RateLimiters({ permits: permitsInMemory(), cap });
  const executor = new RequestExecutor({
    sender: shortened as unknown as HttpSender,
    limiters: limiters,
    breaker: new CircuitBreaker(),
    key,
    fingerprint: key,
  });
  return { executor, askedTimeouts };
}

export interface Outcome {
  answer?: unknown;
  error?: HeyReachError;
  attempts: AttemptReport[];
}

export async function call(executor: RequestExecutor, retry: RetryClass, options: CallOptions = {}): Promise<Outcome> {
  const attempts: AttemptReport[] = [];
  try {
    const response = await executor.execute(
      objectOperation(retry),
      { text: 'hello' },
      { observe: (report) => attempts.push(report), ...options },
    );
    return { answer: response, attempts };
  } catch (error) {
    expect(error).toMatchObject({ name: 'HeyReachError' });
    return { error: error as HeyReachError, attempts };
  }
}

export type Act = (socket: Socket) => void;
export const say =
  (bytes: string): Act =>
  (socket) =>
    void socket.write(bytes);
export const cutOff: Act = (socket) => {
  socket.write(answer(200, '', { 'content-length': '1000' }));
  socket.write('{"id":1,');
  setTimeout(() => socket.resetAndDestroy(), 20);
};

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits up to 15 s until a condition is true. */
export async function until(isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + 15_000; !isSo(); await pause(5)) {
    if (performance.now() > end) throw new Error(`not so within 15 s: ${isSo}`);
  }
}
