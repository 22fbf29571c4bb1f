import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PollBudget } from '../../../../src/resources/subscriptions/poll-budget.ts';
import { Poller } from '../../../../src/resources/subscriptions/poller.ts';
import { mostInAMinute, pass, World } from './workspace-model.ts';

const MINUTE = 60_000;
let world: World;
let notified: string[];
let poller: Poller;

beforeEach(() => {
  vi.useFakeTimers();
  world = new World();
  notified = [];
  poller = new Poller(new PollBudget(), world, (target) => notified.push(target));
});
afterEach(() => {
  poller.stop();
  vi.useRealTimers();
});

describe('polling', () => {
  test('the first poll sets the baseline, and a later change is reported once', async () => {
    world.change('one');
    poller.watch(['one']);
    await pass(1_000);
    expect(world.looked('one')).toBe(1);
    await pass(30_000);
    expect(notified).toEqual([]);
    world.change('one');
    await pass(10_001);
    expect(notified).toEqual(['one']);
    await pass(5 * MINUTE);
    expect(notified).toEqual(['one']);
  });

  test('is spread over the minute', async () => {
    poller.watch(['one']);
    await pass(10 * MINUTE);
    const gaps = world.calls.slice(1).map(({ at }, before) => at - world.calls[before]!.at);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
    expect(world.calls.length).toBeGreaterThan(58);
  });

  test('polls new targets at once, within the budget', async () => {
    const targets = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
    world.kindOf = () => 'all alike';
    poller.watch(targets);
    await pass(1_000);
    expect(world.calls.map(({ target }) => target)).toEqual(targets.slice(0, 6));
    await pass(MINUTE);
    expect(world.looked('seven')).toBe(1);
  });

  test('polls all targets equally often', async () => {
    const targets = ['one', 'two', 'three'];
    poller.watch(targets);
    await pass(20 * MINUTE);
    const counts = targets.map((target) => world.looked(target));
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  test('a poll of four calls counts as four, and the other targets still get their turns', async () => {
    world.costs.set('dear', 4);
    poller.watch(['dear', 'cheap', 'other']);
    await pass(20 * MINUTE);
    expect(mostInAMinute(world.calls)).toBeLessThanOrEqual(6);
    expect(world.looked('dear') / 4).toBeGreaterThan(15);
    expect(world.looked('cheap')).toBeGreaterThan(15);
    world.change('dear');
    await pass(2 * MINUTE);
    expect(notified).toEqual(['dear']);
  });

  test('discards a poll that needs more calls than remain, and gives it the whole budget next time', async () => {
    world.costs.set('dear', 5);
    poller.watch(['one', 'dear']);
    poller.watch(['one', 'two', 'dear']);
    await pass(2 * MINUTE);
    world.change('dear');
    await pass(5 * MINUTE);
    expect(notified).toEqual(['dear']);
    expect(mostInAMinute(world.calls)).toBeLessThanOrEqual(6);
  });

  test('a failed poll reports nothing, keeps the baseline, and is repeated in its turn', async () => {
    poller.watch(['one']);
    await pass(1_000);
    world.failing.add('one');
    world.change('one');
    await pass(MINUTE);
    expect(notified).toEqual([]);
    expect(world.looked('one')).toBeGreaterThan(5);
    world.failing.clear();
    await pass(10_001);
    expect(notified).toEqual(['one']);
  });

  test('pauses after a failure', async () => {
    poller.watch(['one', 'two']);
    await pass(1_000);
    world.failing.add('one').add('two');
    world.pauseMs = 5 * MINUTE;
    await pass(30_000);
    const before = world.calls.length;
    poller.watch(['one', 'two', 'new']);
    await pass(4 * MINUTE);
    expect(world.calls).toHaveLength(before);
    world.failing.clear();
    await pass(MINUTE);
    expect(world.looked('new')).toBe(1);
  });

  test('an invalidated target is polled at once, and the change is not reported again', async () => {
    poller.watch(['one', 'two']);
    await pass(5_000);
    world.change('two');
    poller.invalidate('two');
    await pass(1_000);
    expect(world.calls.at(-1)?.target).toBe('two');
    await pass(5 * MINUTE);
    expect(notified).toEqual([]);
    world.change('two');
    await pass(MINUTE);
    expect(notified).toEqual(['two']);
  });

  test('a late poll of an invalidated target reports the change again, because another change may have been missed', async () => {
    const others = ['one', 'two', 'three', 'four', 'five', 'six'];
    world.kindOf = () => 'all alike';
    poller.watch([...others.slice(1), 'one']);
    await pass(1_000);
    expect(world.calls).toHaveLength(6);
    world.change('one');
    poller.invalidate('one');
    // The budget is spent.
    await pass(30_000);
    world.change('one');
    expect(world.looked('one')).toBe(1);
    await pass(MINUTE);
    expect(notified).toEqual(['one']);
    await pass(5 * MINUTE);
    expect(notified).toEqual(['one']);
  });

  test('a poll that begins in time and ends late counts as late', async () => {
    poller.watch(['one']);
    await pass(1_000);
    world.callMs = 20_000;
    world.change('one');
    poller.invalidate('one');
    await pass(5_000);
    expect(world.looked('one')).toBe(2);
    world.change('one');
    await pass(5 * MINUTE);
    expect(notified).toEqual(['one']);
  });

  test('invalidating an unwatched target has no effect later', async () => {
    poller.invalidate('one');
    await pass(5_000);
    poller.watch(['one']);
    await pass(1_000);
    poller.invalidate('one');
    poller.watch([]);
    await pass(5_000);
    poller.watch(['one']);
    await pass(MINUTE);
    expect(notified).toEqual([]);
  });

  test('a poll in flight during an invalidation is discarded', async () => {
    world.callMs = 1_000;
    poller.watch(['one']);
    // The second poll began at ten seconds and has read the state.
    await pass(10_700);
    expect(world.looked('one')).toBe(2);
    world.change('one');
    poller.invalidate('one');
    await pass(2 * MINUTE);
    expect(notified).toEqual([]);
  });

  test('a target that is invalidated constantly does not block the others', async () => {
    poller.watch(['busy', 'quiet']);
    await pass(1_000);
    const before = world.looked('quiet');
    for (let second = 0; second < 600; second += 1) {
      poller.invalidate('busy');
      await pass(1_000);
    }
    expect(world.looked('quiet') - before).toBeGreaterThanOrEqual(8);
    expect(mostInAMinute(world.calls)).toBeLessThanOrEqual(6);
  });

  test('stops with the last target, also during a poll, and leaves no timer', async () => {
    poller.watch(['one']);
    await pass(50);
    expect(world.calls).toHaveLength(1);
    poller.watch([]);
    await pass(10 * MINUTE);
    expect(world.calls).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an aborted poll makes no more calls, and its result is discarded', async () => {
    const seen: AbortSignal[] = [];
    world.poll = async (target, calls, signal) => {
      seen.push(signal);
      for (let made = 0; made < 3 && calls.begin(); made += 1) {
        world.calls.push({ at: performance.now(), target });
        await new Promise((resolve) => setTimeout(resolve, 100));
        calls.end();
      }
      return 'before';
    };
    poller.watch(['one']);
    await pass(50);
    poller.watch([]);
    expect(seen[0]?.aborted).toBe(true);
    await pass(MINUTE);
    expect(world.calls).toHaveLength(1);
    world.poll = async () => 'after';
    poller.watch(['one']);
    await pass(MINUTE);
    expect(notified).toEqual([]);
  });

  test('does not compare a result that the budget cut', async () => {
    let callCount = 1;
    world.poll = async (_, calls) => {
      const made = Array.from({ length: callCount }, () => calls.begin()).filter((mayBegin) => mayBegin);
      for (const _ of made) calls.end();
      return made.length === callCount ? 'all of it' : 'a part';
    };
    poller.watch(['one']);
    await pass(25_000);
    callCount = 6;
    await pass(5 * MINUTE);
    expect(notified).toEqual([]);
  });

  test('repeated subscribing does not exceed the budget', async () => {
    for (let round = 0; round < 100; round += 1) {
      poller.watch(['one']);
      await pass(30);
      poller.watch([]);
      await pass(1_000);
    }
    expect(mostInAMinute(world.calls)).toBeLessThanOrEqual(6);
  });

  test('continues when an aborted poll releases the last slots', async () => {
    world.costs.set('dear', 6);
    poller.watch(['dear']);
    await pass(10);
    poller.watch(['one']);
    await pass(MINUTE + 1_000);
    expect(world.looked('one')).toBeGreaterThan(0);
  });
});
