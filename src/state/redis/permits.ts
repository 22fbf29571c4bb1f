import { StoreUnavailableError } from '../errors.ts';
import type { PermitAnswer, PermitLimits, Permits, PermitTicket } from '../permits.ts';
import type { Commands, RedisConnection } from './connection.ts';
import { EPOCH } from './epoch.ts';
import { BEGIN, DROP, HOLD, REPORT, RESTART, TAKE } from './permit-scripts.ts';

const MAX_TICKETS = 8;
const ASK_AGAIN_MS = 2_500;
/** A ticket whose process does not ask again for this long leaves the queue. */
const LEASE_MS = 5_000;
/** A start may be this much older in the store than here. The rate limiter's window is longer than HeyReach's by four times that. */
const LATE_MS = 250;
/** A process that was without the store for less cannot have started requests by itself, and neither can the others. */
const SHORT_LOSS_MS = 1_000;
const MAX_REPORTED = 200;
/** Keys whose starts are known here. Beyond it, idle ones are forgotten. */
const MAX_WINDOWS = 10_000;

const TAKEN: PermitAnswer = { waitMs: 0, heldMs: 0 };
const ASK_AGAIN: PermitAnswer = { waitMs: 1, heldMs: 0 };

/** What this process knows of a key by itself. */
interface Window {
  windowMs: number;
  /** The starts of this process by ticket, oldest first, on the clock of `performance.now()`. */
  starts: Map<string, number>;
}

/** The place of this process among the replicas. */
export interface RedisPermitsOptions {
  /** Names this process in tickets. Must differ between processes. */
  replica: string;
  /** How many processes share the store. Without it no request starts while the store is unavailable. */
  replicas?: number | undefined;
}

/** The permits of all processes that use one Redis. */
export function permitsInRedis(connection: RedisConnection, options: RedisPermitsOptions): Permits {
  const permits = new RedisPermits(connection, options);
  connection.onConnect((commands, { runId }) => permits.begin(commands, runId));
  void connection.subscribe('hr:new-epoch', () => void permits.reportStarts(connection).catch(() => {}));
  return permits;
}

class RedisPermits implements Permits {
  readonly maxTickets = MAX_TICKETS;
  readonly askAgainMs = ASK_AGAIN_MS;
  readonly #connection: RedisConnection;
  readonly #options: RedisPermitsOptions;
  readonly #windows = new Map<string, Window>();
  #epoch: unknown;
  /** When this process last began with a store, also where it lost that store before it was up. */
  #begunAt = Number.NEGATIVE_INFINITY;

  constructor(connection: RedisConnection, options: RedisPermitsOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  async take(key: string, ticket: PermitTicket, limits: PermitLimits): Promise<PermitAnswer> {
    const window = this.#windowOf(key, limits.windowMs);
    try {
      return await this.#askStore(key, window, ticket, limits);
    } catch (error) {
      const { failure } = error as StoreUnavailableError;
      // If the store is up but rejects this command, other processes may still get permits.
      const isLost = failure !== 'refused' || !this.#connection.isUp;
      const share = ticket.read === true && isLost ? this.#takeShare(window, ticket, limits) : undefined;
      if (share === undefined) throw error;
      return share;
    }
  }

  async restart(key: string, ticket: PermitTicket, { windowMs }: PermitLimits): Promise<boolean> {
    const window = this.#windowOf(key, windowMs);
    const name = this.#nameOf(ticket);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const asked = performance.now();
      const moved = await this.#connection.run(RESTART, [keysOf(key).starts], [name, inMicroseconds(windowMs)]);
      if (moved !== 1) return false;
      if (performance.now() - asked > LATE_MS) continue;
      addStart(window, name);
      return true;
    }
    throw new StoreUnavailableError('slow');
  }

  async drop(key: string, ticket: PermitTicket): Promise<void> {
    const name = this.#nameOf(ticket);
    this.#windows.get(key)?.starts.delete(name);
    const { starts, queue, leases } = keysOf(key);
    // Without an answer the position lapses with its lease, and the permit stays unused for one window at most.
    await this.#connection.run(DROP, [starts, queue, leases], [name]).catch(() => {});
  }

  async hold(key: string, ms: number): Promise<void> {
    // The process that got the 429 keeps to the hold in any case.
    await this.#connection.run(HOLD, [keysOf(key).state], [inMicroseconds(ms)]).catch(() => {});
  }

  forget(key: string): void {
    this.#windows.delete(key);
  }

  /** At each connect, the store may be another one, or may have lost what it knew. */
  async begin(commands: Commands, runId = ''): Promise<void> {
    const { replicas } = this.#options;
    const lostMs = performance.now() - this.#connection.lastUpAt;
    const mayHaveShares = replicas !== undefined && lostMs >= SHORT_LOSS_MS;
    this.#epoch = await commands.run(BEGIN, [EPOCH], [runId, Number(mayHaveShares)]);
    // From now on this process takes nothing from its share, so that the store learns of all starts.
    this.#begunAt = performance.now();
    await this.reportStarts(commands);
  }

  /** Reports all starts of this process to the store. The store knows each by its ticket, so that none counts twice. */
  async reportStarts(commands: Commands): Promise<void> {
    for (const [key, window] of this.#windows) {
      forgetOld(window);
      const now = performance.now();
      const starts = [...window.starts].map(([name, at]) => [name, inMicroseconds(now - at)]);
      for (let first = 0; first < starts.length; first += MAX_REPORTED) {
        const reported = starts.slice(first, first + MAX_REPORTED).flat();
        await commands.run(REPORT, [keysOf(key).starts], [inMicroseconds(window.windowMs), ...reported]);
      }
    }
  }

  async #askStore(key: string, window: Window, ticket: PermitTicket, limits: PermitLimits): Promise<PermitAnswer> {
    const { starts, queue, leases, state } = keysOf(key);
    const name = this.#nameOf(ticket);
    const asked = performance.now();
    const answer = await this.#connection.run(
      TAKE,
      [starts, queue, leases, state, EPOCH],
      [
        name,
        ticket.background ? 1 : 0,
        limits.cap,
        limits.backgroundCap,
        ...[limits.windowMs, LEASE_MS].map(inMicroseconds),
      ],
    );
    const [isTaken, waitUs, heldUs, epoch] = answer as [number, number, number, string];
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      await this.reportStarts(this.#connection);
    }
    if (isTaken !== 1) return { waitMs: Math.ceil(waitUs / 1_000), heldMs: Math.ceil(heldUs / 1_000) };
    // The request would start later than the store knows. Where the ticket asks again, its start moves.
    if (performance.now() - asked > LATE_MS) return ASK_AGAIN;
    addStart(window, name);
    return TAKEN;
  }

  /**
   * A permit from the share of this process, while the store is unavailable. No window gets more than the cap:
   *
   * 1. This process notices the failure after the last start that the store allowed, and waits for one window. So no window
   *    has starts of the store and of a share. The starts of this process do not shorten the wait, because the others may
   *    have used the whole cap just before the failure.
   * 2. Then each of the processes starts at most its part of the cap in a window.
   * 3. A process that reconnects reports its starts to the store before it asks for more. The store holds all starts until the
   *    others have done so too.
   *
   * If only one process cannot reach the store, it adds its part of the cap to what the others start. It cannot detect this.
   */
  #takeShare(window: Window, ticket: PermitTicket, { cap, windowMs }: PermitLimits): PermitAnswer | undefined {
    const { replicas } = this.#options;
    if (replicas === undefined) return undefined;
    // It is back already.
    if (this.#connection.isUp) return ASK_AGAIN;
    const now = performance.now();
    const waitMs = Math.max(this.#connection.lastUpAt, this.#begunAt) + windowMs - now;
    if (waitMs > 0) return { waitMs: Math.ceil(waitMs), heldMs: 0, isStoreLost: true };
    forgetOld(window);
    const share = Math.floor(cap / replicas);
    if (window.starts.size >= share) {
      const oldest = [...window.starts.values()][window.starts.size - share];
      return oldest === undefined ? undefined : { waitMs: Math.max(1, Math.ceil(oldest + windowMs - now)), heldMs: 0 };
    }
    addStart(window, this.#nameOf(ticket));
    return TAKEN;
  }

  #windowOf(key: string, windowMs: number): Window {
    let window = this.#windows.get(key);
    if (window === undefined) {
      if (this.#windows.size >= MAX_WINDOWS) this.#forgetIdle();
      window = { windowMs, starts: new Map() };
      this.#windows.set(key, window);
    }
    return window;
  }

  /** Forgets the keys without a start in the window, which callers that invent keys leave behind. */
  #forgetIdle(): void {
    for (const [key, window] of this.#windows) {
      forgetOld(window);
      if (window.starts.size === 0) this.#windows.delete(key);
    }
  }

  #nameOf({ ticket }: PermitTicket): string {
    return `${this.#options.replica}:${ticket}`;
  }
}

function keysOf(key: string) {
  const prefix = `hr:{${key}}:`;
  return { starts: `${prefix}s`, queue: `${prefix}q`, leases: `${prefix}l`, state: `${prefix}m` };
}

function addStart(window: Window, name: string): void {
  forgetOld(window);
  window.starts.delete(name);
  window.starts.set(name, performance.now());
}

function forgetOld({ starts, windowMs }: Window): void {
  const now = performance.now();
  for (const [name, at] of starts) {
    if (now - at < windowMs) return;
    starts.delete(name);
  }
}

function inMicroseconds(ms: number): number {
  return Math.max(0, Math.round(ms * 1_000));
}
