import { vi } from 'vitest';
import {
  type CallCounter,
  LISTING_TARGETS,
  type PollSource,
} from '../../../../src/resources/subscriptions/poll-source.ts';

/** The resources of a key, whose states a test sets, and the calls that poll them. */
export class World implements PollSource {
  readonly #versions = new Map<string, number>();
  /** The number of concurrent calls of a poll. */
  readonly costs = new Map<string, number>();
  readonly failing = new Set<string>();
  pauseMs = 0;
  /** The duration of a call, which reads the state at its middle. */
  callMs = 100;
  /** The start of each call on the clock of `performance.now()`, and its target. */
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

  /** Resources have lower case names. Upper case is another spelling. Any other URI is not a resource. */
  normalize(uri: string): string | undefined {
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

  async poll(target: string, calls: CallCounter, signal: AbortSignal): Promise<string> {
    const versions = await Promise.all(
      Array.from({ length: this.costs.get(target) ?? 1 }, () => this.#call(target, calls, signal)),
    );
    return String(versions[0]);
  }

  async #call(target: string, calls: CallCounter, signal: AbortSignal): Promise<number> {
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

/** The largest number of calls that began within a minute. */
export function mostInAMinute(calls: { at: number }[]): number {
  return Math.max(
    0,
    ...calls.map(({ at }) => calls.filter((other) => other.at >= at && other.at < at + 60_000).length),
  );
}

/** Advances the fake clock. */
export function pass(ms: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(ms);
}
