import type { PermitAnswer, PermitLimits, Permits, PermitTicket } from '../permits.ts';

/** How many new entries trigger a sweep of expired ones. */
const SWEEP_EVERY = 1_000;
/** A ticket expires if it does not ask again within this time after its start was due. */
const LAPSE_MS = 5_000;

const TAKEN: PermitAnswer = Object.freeze({ waitMs: 0, heldMs: 0 });

/** A request that has started. */
interface Start {
  ticket: PermitTicket['ticket'];
  at: number;
}
/** A ticket that waits. */
interface Place extends PermitTicket {
  lapsesAt: number;
}
interface Window {
  /** Oldest first. */
  starts: Start[];
  windowMs: number;
  /** Foreground first, then by arrival. A process has one rate limiter per key, so this queue is nearly always empty. */
  queue: Place[];
}

/**
 * The permits of a single process. It measures starts and holds with `performance.now()`. If the system clock is set by an
 * hour, that must neither stop a key for an hour nor empty its window.
 */
export function permitsInMemory(): Permits {
  const windows = new Map<string, Window>();
  const holds = new Map<string, number>();
  let added = 0;

  const sweep = () => {
    added += 1;
    if (added < SWEEP_EVERY) return;
    added = 0;
    const now = performance.now();
    for (const [key, { starts, windowMs, queue }] of windows) {
      if (queue.length === 0 && now - (starts.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= windowMs) windows.delete(key);
    }
    for (const [key, until] of holds) if (until <= now) holds.delete(key);
  };
  const windowOf = (key: string, windowMs: number, now: number): Window => {
    const window = windows.get(key) ?? { starts: [], windowMs, queue: [] };
    window.windowMs = windowMs;
    windows.set(key, window);
    const { starts } = window;
    const first = starts.findIndex(({ at }) => now - at < windowMs);
    if (first !== 0) starts.splice(0, first === -1 ? starts.length : first);
    return window;
  };
  const leaveQueue = (window: Window, ticket: PermitTicket['ticket']) => {
    const rank = window.queue.findIndex((place) => place.ticket === ticket);
    if (rank !== -1) window.queue.splice(rank, 1);
  };

  return {
    maxTickets: Number.POSITIVE_INFINITY,
    askAgainMs: Number.POSITIVE_INFINITY,
    take(key, ticket, limits) {
      sweep();
      const now = performance.now();
      const window = windowOf(key, limits.windowMs, now);
      const heldMs = Math.max(0, (holds.get(key) ?? 0) - now);
      if (window.queue.length === 0 && heldMs === 0 && waitOf(window, 0, ticket.background, limits, now) === 0) {
        if (!isStarted(window, ticket)) window.starts.push({ ticket: ticket.ticket, at: now });
        return TAKEN;
      }
      if (isStarted(window, ticket)) return TAKEN;
      window.queue = window.queue.filter((place) => place.lapsesAt > now || place.ticket === ticket.ticket);
      const rank = enter(window.queue, ticket);
      const waitMs = Math.max(heldMs, waitOf(window, rank, ticket.background, limits, now));
      window.queue[rank]!.lapsesAt = now + waitMs + LAPSE_MS;
      if (waitMs > 0) return { waitMs, heldMs };
      window.queue.splice(rank, 1);
      window.starts.push({ ticket: ticket.ticket, at: now });
      return TAKEN;
    },
    restart(key, { ticket }, { windowMs }) {
      const now = performance.now();
      const { starts } = windowOf(key, windowMs, now);
      const index = starts.findLastIndex((start) => start.ticket === ticket);
      if (index === -1) return false;
      starts.splice(index, 1);
      starts.push({ ticket, at: now });
      return true;
    },
    drop(key, { ticket }) {
      const window = windows.get(key);
      if (window === undefined) return;
      leaveQueue(window, ticket);
      const index = window.starts.findLastIndex((start) => start.ticket === ticket);
      if (index !== -1) window.starts.splice(index, 1);
    },
    hold(key, ms) {
      const at = performance.now() + ms;
      holds.set(key, Math.max(at, holds.get(key) ?? 0));
    },
    forget(key) {
      windows.delete(key);
      holds.delete(key);
    },
  };
}

/** Whether a ticket asks again although its request has started. Compares at most `cap` starts. */
function isStarted({ starts }: Window, { ticket }: PermitTicket): boolean {
  return starts.some((start) => start.ticket === ticket);
}

/** The position of a ticket in the queue, which it enters behind its class unless it already waits. */
function enter(queue: Place[], ticket: PermitTicket): number {
  const rank = queue.findIndex((waiting) => waiting.ticket === ticket.ticket);
  if (rank !== -1) return rank;
  const firstBehind = ticket.background ? -1 : queue.findIndex((waiting) => waiting.background);
  const place = firstBehind === -1 ? queue.length : firstBehind;
  queue.splice(place, 0, { ticket: ticket.ticket, background: ticket.background, lapsesAt: Number.POSITIVE_INFINITY });
  return place;
}

/** How long a ticket with `rank` others before it waits for the window. */
function waitOf({ starts }: Window, rank: number, background: boolean, limits: PermitLimits, now: number): number {
  const before = starts.length + rank - (background ? limits.backgroundCap : limits.cap);
  if (before < 0) return 0;
  return (starts[Math.min(before, starts.length - 1)]?.at ?? now) + limits.windowMs - now;
}
