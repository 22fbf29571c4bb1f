import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { Breaker } from '../../src/client/breaker.ts';
import { type AttemptReport, type CallOptions, OperationCaller } from '../../src/client/call.ts';
import type { HeyReachError } from '../../src/client/errors.ts';
import { type HttpRequest, HttpSender } from '../../src/client/http.ts';
import type { Operation } from '../../src/client/operation.ts';
import { Quotas } from '../../src/client/quotas.ts';
import type { Repeat } from '../../src/client/retry.ts';
import { createMemoryStore } from '../../src/client/store.ts';
import { TEST_KEY } from '../kit/keys.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';

export const CLASSES = ['safe', 'same', 'once'] as const;

export interface Asked {
  text?: string;
}

/** An operation that answers a JSON object. */
export function objectOperation(repeat: Repeat): Operation<Asked, unknown> {
  return { method: 'POST', path: '/made/Up', repeat, query: [], body: true, answers: 'object', response: undefined };
}

export let server: RawServer;
let senders: HttpSender[] = [];

/** For the tests of one file: a bare socket in front of which callers are made, anew for each test. */
export function useServer(): void {
  beforeEach(async () => {
    server = await startRawServer();
    // Full jitter may draw no pause at all, and then tests are quick.
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await server.close();
    await Promise.all(senders.map((sender) => sender.close()));
    senders = [];
  });
}

export interface CallerOptions {
  origin?: string | (() => string);
  cap?: number;
  key?: string;
  /** Shortens the time of an attempt; what the caller asked for is written down. */
  timeoutMs?: number;
}

export function makeCaller({ origin, cap = 300, key = TEST_KEY, timeoutMs }: CallerOptions = {}) {
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
  const quotas = new Quotas({ store: createMemoryStore(), cap });
  const caller = new OperationCaller({
    sender: shortened as unknown as HttpSender,
    quotas,
    breaker: new Breaker(),
    key,
    fingerprint: key,
  });
  return { caller, askedTimeouts };
}

export interface Outcome {
  answer?: unknown;
  error?: HeyReachError;
  attempts: AttemptReport[];
}

export async function call(caller: OperationCaller, repeat: Repeat, options: CallOptions = {}): Promise<Outcome> {
  const attempts: AttemptReport[] = [];
  try {
    const found = await caller.call(
      objectOperation(repeat),
      { text: 'hello' },
      { observe: (report) => attempts.push(report), ...options },
    );
    return { answer: found, attempts };
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

/** Waits for what is to happen soon. */
export async function until(isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + 5_000; !isSo(); await pause(5)) {
    if (performance.now() > end) throw new Error(`not so within 5 s: ${isSo}`);
  }
}
