import { vi } from 'vitest';
import { LISTING_TARGETS, type Source } from '../../../src/resources/subscriptions/hub.ts';
import type { Calls } from '../../../src/resources/subscriptions/poller.ts';

/** A key's resources, whose states a test decides about, and the calls that are made to read them. */
export class World implements Source {
  readonly #versions = new Map<string, number>();
  /** What a look costs in calls, all made at once. */
  readonly costs = new Map<string, number>();
  readonly failing = new Set<string>();
  pauseMs = 0;
  /** A call takes so long; what it reads is the state in its middle. */
  callMs = 100;
  /** When each call began, on the clock of `performance.now()`, and for what. */
  readonly calls: { at: number; target: string }[] = [];

  constructor(readonly key = 'a') {}

  change(target: string): void {
    this.#versions.set(target, this.versionOf(target) + 1);
  }

  versionOf(target: string): number {
    return this.#versions.get(target) ?? 0;
  }

  looked(target: string): number {
    return this.calls.filter((call) => call.target === target).length;
  }

  /** Resources are small letters; capitals are another spelling, and anything else is none. */
  spell(uri: string): string | undefined {
    return isListing(uri) || /^heyreach:\/\/[a-z/\d]+$/i.test(uri) ? uri.toLowerCase() : undefined;
  }

  canChange(uri: string): boolean {
    return !uri.startsWith('heyreach://guide');
  }

  kindOf(target: string): string {
    return target;
  }

  pauseAfter(): number {
    return this.pauseMs;
  }

  async look(target: string, calls: Calls, signal: AbortSignal): Promise<string> {
    const versions = await Promise.all(
      Array.from({ length: this.costs.get(target) ?? 1 }, () => this.#call(target, calls, signal)),
    );
    return String(versions[0]);
  }

  async #call(target: string, calls: Calls, signal: AbortSignal): Promise<number> {
    if (!calls.begin()) throw new Error('no call left');
    this.calls.push({ at: performance.now(), target });
    try {
      await sleep(this.callMs / 2, signal);
      const version = this.versionOf(target);
      await sleep(this.callMs / 2, signal);
      if (this.failing.has(target)) throw new Error('failed');
      return version;
    } finally {
      calls.end();
    }
  }
}

function isListing(target: string): boolean {
  return (LISTING_TARGETS as readonly string[]).includes(target);
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new Error('left'));
    });
  });
}

/** The most calls that began within any minute. */
export function mostInAMinute(calls: { at: number }[]): number {
  return Math.max(
    0,
    ...calls.map(({ at }) => calls.filter((other) => other.at >= at && other.at < at + 60_000).length),
  );
}

/** Lets so much time pass. */
export function pass(ms: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(ms);
}
