import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Budget } from '../../../src/resources/subscriptions/budget.ts';
import { Poller } from '../../../src/resources/subscriptions/poller.ts';
import { mostInAMinute, pass, World } from './world.ts';

const MINUTE = 60_000;
let world: World;
let told: string[];
let poller: Poller;

beforeEach(() => {
  vi.useFakeTimers();
  world = new World();
  told = [];
  poller = new Poller(new Budget(), world, (target) => told.push(target));
});
afterEach(() => {
  poller.stop();
  vi.useRealTimers();
});

describe('looking for changes', () => {
  test('the first look tells nothing, and what changes after it is told once', async () => {
    world.change('one');
    poller.watch(['one']);
    await pass(1_000);
    expect(world.looked('one')).toBe(1);
    await pass(30_000);
    expect(told).toEqual([]);
    world.change('one');
    await pass(10_001);
    expect(told).toEqual(['one']);
    await pass(5 * MINUTE);
    expect(told).toEqual(['one']);
  });

  test('is spread over the minute', async () => {
    poller.watch(['one']);
    await pass(10 * MINUTE);
    const gaps = world.calls.slice(1).map(({ at }, before) => at - world.calls[before]!.at);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(10_000);
    expect(world.calls.length).toBeGreaterThan(58);
  });

  test('what is new is looked at at once, as far as the budget goes', async () => {
    const targets = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
    world.kindOf = () => 'all alike';
    poller.watch(targets);
    await pass(1_000);
    expect(world.calls.map(({ target }) => target)).toEqual(targets.slice(0, 6));
    await pass(MINUTE);
    expect(world.looked('seven')).toBe(1);
  });

  test('takes turns', async () => {
    const targets = ['one', 'two', 'three'];
    poller.watch(targets);
    await pass(20 * MINUTE);
    const counts = targets.map((target) => world.looked(target));
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  test('a resource that costs four calls counts as four, and does not keep the others waiting for ever', async () => {
    world.costs.set('dear', 4);
    poller.watch(['dear', 'cheap', 'other']);
    await pass(20 * MINUTE);
    expect(mostInAMinute(world.calls)).toBeLessThanOrEqual(6);
    expect(world.looked('dear') / 4).toBeGreaterThan(15);
    expect(world.looked('cheap')).toBeGreaterThan(15);
    world.change('dear');
    await pass(2 * MINUTE);
    expect(told).toEqual(['dear']);
  });

  test('one that turns out to cost more than is left is cut off, tells nothing, and gets the whole budget next time', async () => {
    world.costs.set('dear', 5);
    poller.watch(['one', 'dear']);
    poller.watch(['one', 'two', 'dear']);
    await pass(2 * MINUTE);
    world.change('dear');
    await pass(5 * MINUTE);
    expect(told).toEqual(['dear']);
    expect(mostInAMinute(world.calls)).toBeLessThanOrEqual(6);
  });

  test('a look that fails tells nothing, leaves what was known, and comes again in its turn', async () => {
    poller.watch(['one']);
    await pass(1_000);
    world.failing.add('one');
    world.change('one');
    await pass(MINUTE);
    expect(told).toEqual([]);
    expect(world.looked('one')).toBeGreaterThan(5);
    world.failing.clear();
    await pass(10_001);
    expect(told).toEqual(['one']);
  });

  test('pauses for as long as a failure asks', async () => {
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

  test('what was told of already is looked at anew at once, and is not told again', async () => {
    poller.watch(['one', 'two']);
    await pass(5_000);
    world.change('two');
    poller.renew('two');
    await pass(1_000);
    expect(world.calls.at(-1)?.target).toBe('two');
    await pass(5 * MINUTE);
    expect(told).toEqual([]);
    world.change('two');
    await pass(MINUTE);
    expect(told).toEqual(['two']);
  });

  test('where that look comes late, what was told of is told once more: somebody else may have changed it', async () => {
    const others = ['one', 'two', 'three', 'four', 'five', 'six'];
    world.kindOf = () => 'all alike';
    poller.watch([...others.slice(1), 'one']);
    await pass(1_000);
    expect(world.calls).toHaveLength(6);
    world.change('one');
    poller.renew('one');
    // The budget is spent.
    await pass(30_000);
    world.change('one');
    expect(world.looked('one')).toBe(1);
    await pass(MINUTE);
    expect(told).toEqual(['one']);
    await pass(5 * MINUTE);
    expect(told).toEqual(['one']);
  });

  test('a look that begins soon and ends late is late too', async () => {
    poller.watch(['one']);
    await pass(1_000);
    world.callMs = 20_000;
    world.change('one');
    poller.renew('one');
    await pass(5_000);
    expect(world.looked('one')).toBe(2);
    world.change('one');
    await pass(5 * MINUTE);
    expect(told).toEqual(['one']);
  });

  test('what was told of while nobody watched it, or before everybody left, is not told again', async () => {
    poller.renew('one');
    await pass(5_000);
    poller.watch(['one']);
    await pass(1_000);
    poller.renew('one');
    poller.watch([]);
    await pass(5_000);
    poller.watch(['one']);
    await pass(MINUTE);
    expect(told).toEqual([]);
  });

  test('a look that was under way when that happened is not believed', async () => {
    world.callMs = 1_000;
    poller.watch(['one']);
    // The second one is under way since the tenth second, and has read.
    await pass(10_700);
    expect(world.looked('one')).toBe(2);
    world.change('one');
    poller.renew('one');
    await pass(2 * MINUTE);
    expect(told).toEqual([]);
  });

  test('changes of our own, one after the other, do not keep the others from their turns', async () => {
    poller.watch(['busy', 'quiet']);
    await pass(1_000);
    const before = world.looked('quiet');
    for (let second = 0; second < 600; second += 1) {
      poller.renew('busy');
      await pass(1_000);
    }
    expect(world.looked('quiet') - before).toBeGreaterThanOrEqual(8);
    expect(mostInAMinute(world.calls)).toBeLessThanOrEqual(6);
  });

  test('stops with the last target, in the middle of a look too, and keeps no timer', async () => {
    poller.watch(['one']);
    await pass(50);
    expect(world.calls).toHaveLength(1);
    poller.watch([]);
    await pass(10 * MINUTE);
    expect(world.calls).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a look that is left makes no more calls, whatever its reader does, and what it read is forgotten', async () => {
    const seen: AbortSignal[] = [];
    world.look = async (target, calls, signal) => {
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
    world.look = async () => 'after';
    poller.watch(['one']);
    await pass(MINUTE);
    expect(told).toEqual([]);
  });

  test('what was read in part, for want of calls, is not compared', async () => {
    let wanted = 1;
    world.look = async (_, calls) => {
      const made = Array.from({ length: wanted }, () => calls.begin()).filter((mayBegin) => mayBegin);
      for (const _ of made) calls.end();
      return made.length === wanted ? 'all of it' : 'a part';
    };
    poller.watch(['one']);
    await pass(25_000);
    wanted = 6;
    await pass(5 * MINUTE);
    expect(told).toEqual([]);
  });

  test('coming and going costs no more than staying', async () => {
    for (let round = 0; round < 100; round += 1) {
      poller.watch(['one']);
      await pass(30);
      poller.watch([]);
      await pass(1_000);
    }
    expect(mostInAMinute(world.calls)).toBeLessThanOrEqual(6);
  });

  test('what was left under way with the last slots lets others go on when it has ended', async () => {
    world.costs.set('dear', 6);
    poller.watch(['dear']);
    await pass(10);
    poller.watch(['one']);
    await pass(MINUTE + 1_000);
    expect(world.looked('one')).toBeGreaterThan(0);
  });
});
