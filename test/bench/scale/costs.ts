import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { ACCEPT, callOf, send } from '../../support/clients/raw-http.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';
import { countRedis, type RedisCounts } from './redis-counts.ts';

/** The minimal cost of a call. */
export interface CallCost extends RedisCounts {
  call: string;
  /** Requests to HeyReach. */
  requests: number;
}

/** The content of a Redis key. */
export interface KeyCost {
  /** The name without the part that differs. */
  name: string;
  content: string;
  bytes: number;
}

export interface Costs {
  calls: CallCost[];
  keys: KeyCost[];
}

const CAP = 300;
const WINDOW_MS = 50_000;
const KEY = { 'x-api-key': 'made-up-key-for-measurements' };
/** The number of tickets that one replica keeps waiting. */
const TICKETS = 8;

/**
 * Measures a replica, from source or built, with its own Redis and sandbox. It measures counts and sizes, not times.
 */
export async function measureCosts(built: boolean): Promise<Costs> {
  const redis = await startRedis();
  const heyreach = await startSandbox({ clock: 'manual', rateLimit: false });
  const env = {
    HEYREACH_BASE_URL: heyreach.url,
    HEYREACH_REDIS_URL: redis.url,
    HEYREACH_STATE_SECRET: 'a-made-up-secret-for-measurements',
    HEYREACH_LOG_LEVEL: 'error',
    // Short enough for a call to wait for it.
    HEYREACH_TEST_WINDOW_MS: String(WINDOW_MS),
  };
  const program = await startHttpProgram({ built, env });
  // A replica that started all requests itself makes its calls wait without Redis. Another replica learns of the starts
  // from Redis.
  const other = await startHttpProgram({ built, env });
  try {
    const measured = new Measured(redis, heyreach, [program, other]);
    const calls = await measured.calls();
    return { calls, keys: await measured.keys() };
  } finally {
    await Promise.all([program.stop(), other.stop()]);
    await heyreach.close();
    await redis.close();
  }
}

class Measured {
  readonly #redis: RedisServer;
  readonly #heyreach: Sandbox;
  readonly #program: HttpProgram;
  readonly #other: HttpProgram;
  #made = 0;

  constructor(redis: RedisServer, heyreach: Sandbox, [program, other]: [HttpProgram, HttpProgram]) {
    this.#redis = redis;
    this.#heyreach = heyreach;
    this.#program = program;
    this.#other = other;
  }

  async calls(): Promise<CallCost[]> {
    const read = () => this.#call('list_campaigns', { limit: 1 });
    await read();
    const previews: object[] = [];
    for (let count = 0; count < 11; count += 1) previews.push(await this.#preview());
    return [
      await this.#cost('a read of one request', 5, read),
      await this.#cost('a write without confirmation', 5, () =>
        this.#call('create_list', { name: `List ${this.#next()}` }),
      ),
      await this.#cost('a message: preview', 5, () => this.#preview()),
      await this.#cost('a message: confirmed', 5, () => this.#call('send_message', previews.pop() ?? {})),
    ];
  }

  /** The keys of a workspace that has used its whole window, with calls that wait. */
  async keys(): Promise<KeyCost[]> {
    for (let count = this.#heyreach.requests.length; count < CAP; count += 1) await this.#call('check_api_key', {});
    const leaving = new AbortController();
    for (let count = 0; count < TICKETS; count += 1) void this.#keepWaiting(leaving.signal);
    const named = (pattern: string) => this.#redis.command('--raw', 'KEYS', pattern).split('\n').filter(Boolean);
    const waiting = () => named('hr:*:q').map((key) => Number(this.#redis.command('ZCARD', key)));
    while (waiting()[0] !== TICKETS) await sleep(20);
    const size = (name: string, pattern: string, content: string): KeyCost => {
      const sizes = named(pattern).map((key) => Number(this.#redis.command('MEMORY', 'USAGE', key, 'SAMPLES', '0')));
      if (sizes.length === 0) throw new Error(`no key is like ${pattern}`);
      return { name, content, bytes: Math.max(...sizes) };
    };
    const keys = [
      size('`s`', 'hr:*:s', `${CAP} starts of a window`),
      size('`q`', 'hr:*:q', `${TICKETS} waiting calls`),
      size('`l`', 'hr:*:l', `${TICKETS} leases`),
      size('`m`', 'hr:*:m', 'the hold of the key'),
      size('`se`', 'hr:*:se', 'the epoch of the sends of a key'),
      size('`shown`', 'hr:*:shown', 'a confirmation'),
      size('`sent`', 'hr:*:sent:*', 'the last text of a conversation'),
      size('`starts`', 'hr:*:starts', '11 messages of an hour, of a key'),
      size('`starts:`', 'hr:*:starts:*', 'the messages of a sender'),
    ];
    leaving.abort();
    return keys;
  }

  async #cost(call: string, times: number, act: () => Promise<unknown>): Promise<CallCost> {
    // The first call of a kind loads its scripts.
    await act();
    const before = this.#heyreach.requests.length;
    const counts: RedisCounts[] = [];
    for (let time = 0; time < times; time += 1) counts.push(await countRedis(this.#redis, act));
    // The count makes the call twice.
    const requests = (this.#heyreach.requests.length - before) / (2 * times);
    // A slow answer on a busy machine takes another command.
    const least = (name: keyof RedisCounts) => Math.min(...counts.map((count) => count[name]));
    const [commands, inScripts] = [least('commands'), least('inScripts')];
    // An idle process sends pings, also during a count, so single sums of bytes are too large or too small.
    const middle = (name: keyof RedisCounts) => counts.map((count) => count[name]).sort((a, b) => a - b)[times >> 1]!;
    return { call, requests, commands, inScripts, bytesIn: middle('bytesIn'), bytesOut: middle('bytesOut') };
  }

  async #preview(): Promise<object> {
    const made = this.#next();
    const conversations = [...this.#heyreach.workspace.conversations.values()].filter(
      ({ messages }) => messages.length > 0,
    );
    const { id, accountId } = conversations[made % conversations.length]!;
    const args = { conversationId: id, linkedInAccountId: accountId, message: `Made-up text ${made}` };
    const text = await this.#call('send_message', args);
    return { ...args, confirmToken: /"confirmToken":"([^"\\]+)"/.exec(text)?.[1] };
  }

  async #call(name: string, args: object): Promise<string> {
    const { text } = await send(this.#program.url, { headers: KEY, body: callOf(name, args) });
    if (text.includes('"isError":true')) throw new Error(text);
    return text;
  }

  /** Makes a call that waits until its client leaves, and makes it again where the window had room for it. */
  async #keepWaiting(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.#wait(signal);
  }

  /** Makes a call that waits until its client leaves. */
  async #wait(signal: AbortSignal): Promise<void> {
    const body = JSON.stringify(callOf('list_campaigns', { limit: 1 }));
    await fetch(this.#other.url, { method: 'POST', headers: { ...ACCEPT, ...KEY }, body, signal }).catch(() => {});
  }

  #next(): number {
    this.#made += 1;
    return this.#made;
  }
}
