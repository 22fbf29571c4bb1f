import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type AttemptReport, HeyReachConnection, HeyReachError } from '../../../src/client/index.ts';
import type { Seen } from './programs/sandboxes.ts';
import type { Sandboxes } from './sandboxes.ts';

/** The pad of the rate limiter, in addition to the window of HeyReach. */
const PAD_MS = 1_000;
const KEY = 'made-up-key-of-a-quota-test';
const OURS = 'heyreach-mcp-test';
const FOREIGN = 'another-program';

export interface Scenario {
  window: 'fixed' | 'sliding';
  windowMs: number;
  cap: number;
  /** The number of concurrent calls. */
  calls: number;
  /** Another program with the same key, which sends `rate` requests in a window, evenly. */
  foreign?: { rate: number; retryAfter: 'none' | 'seconds' };
}

/** How one call ended. Times in ms since the epoch. */
export interface Outcome {
  askedAt: number;
  endedAt: number;
  deadline: number | undefined;
  error: HeyReachError | undefined;
}

export interface Report {
  outcomes: Outcome[];
  /** The times at which our calls got a 429. */
  refusedAt: number[];
  /** Our requests and those of the other program, as the sandbox recorded them. */
  ours: Seen[];
  foreign: Seen[];
  /** The time of the last request of the other program. */
  leftAt: number;
  /** The longest time for which one of the two processes was blocked. */
  stallMs: number;
  /** The duration of our slowest exchange, which bounds the latency of every request. */
  slowestMs: number;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Makes all calls of a scenario, through the client and over real HTTP. */
export async function play(scenario: Scenario, sandboxes: Sandboxes): Promise<Report> {
  const { window, windowMs, cap, calls } = scenario;
  const retryAfter = scenario.foreign?.retryAfter ?? 'none';
  const rateLimit = { perMinute: cap, windowMs, window, retryAfter };
  const origin = await sandboxes.start({ clock: 'manual', rateLimit });
  const connection = new HeyReachConnection({ origin, requestsPerMinute: cap, windowMs, userAgent: OURS });
  const client = connection.clientFor(KEY);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const refusedAt: number[] = [];
  let slowestMs = 0;
  const running: Promise<Outcome>[] = [];

  const call = (patience?: number) => {
    const askedAt = Date.now();
    const deadline = patience === undefined ? undefined : askedAt + patience;
    const observe = ({ ended, ms }: AttemptReport) => {
      slowestMs = Math.max(slowestMs, ms);
      if (ended === 429) refusedAt.push(Date.now());
    };
    const end = (error?: unknown): Outcome => {
      if (error !== undefined && !(error instanceof HeyReachError)) throw error;
      return { askedAt, endedAt: Date.now(), deadline, error };
    };
    running.push(client.auth.checkApiKey({}, { deadline, observe }).then(() => end(), end));
  };

  let leftAt = Date.now();
  if (scenario.foreign === undefined) {
    for (let count = 0; count < calls; count += 1) call();
  } else {
    const other = new OtherProgram(origin, windowMs / scenario.foreign.rate);
    await pause(windowMs / 4);
    // Deadlines before permits are free, and soon after. With a hold, the later ones also cannot be met.
    const patiences = [0.4, 1.5, 2.4, 3.3].map((windows) => windows * (windowMs + PAD_MS));
    for (let count = 0; count < calls; count += 1)
      call(count % 10 === 9 ? patiences[Math.floor(count / 10) % 4] : undefined);
    const beside = setInterval(() => call(windowMs * 0.35), windowMs / 20);
    await pause(windowMs * 1.5);
    leftAt = await other.leave();
    await pause(windowMs * 0.3);
    // Enough calls to use the whole rate again.
    for (let count = 0; count < cap * 0.6; count += 1) call();
    await pause(windowMs);
    clearInterval(beside);
  }
  const outcomes = await Promise.all(running);
  const { seen, stallMs } = await sandboxes.stop(origin);
  await connection.close();
  delay.disable();
  return {
    outcomes,
    refusedAt,
    ours: seen.filter(({ userAgent }) => userAgent === OURS),
    foreign: seen.filter(({ userAgent }) => userAgent === FOREIGN),
    leftAt,
    stallMs: Math.max(stallMs, delay.max / 1e6),
    slowestMs,
  };
}

/** Sends requests with the same key, evenly, without regard to limits. */
class OtherProgram {
  readonly #url: string;
  readonly #everyMs: number;
  readonly #began = performance.now();
  #sent = 0;
  #last: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(origin: string, everyMs: number) {
    this.#url = `${origin}/api/public/auth/CheckApiKey`;
    this.#everyMs = everyMs;
    this.#send();
  }

  async leave(): Promise<number> {
    clearTimeout(this.#timer);
    await this.#last;
    return Date.now();
  }

  #send(): void {
    this.#last = fetch(this.#url, { headers: { 'x-api-key': KEY, 'user-agent': FOREIGN } }).then((answer) =>
      answer.text(),
    );
    this.#sent += 1;
    const next = this.#began + this.#sent * this.#everyMs - performance.now();
    this.#timer = setTimeout(() => this.#send(), Math.max(0, next));
  }
}
