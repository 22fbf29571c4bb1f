import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cleanEnvironment } from '../../support/programs/program.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';
import { mostInWindow } from '../../unit/client/rate-limit/permit-takers.ts';
import type { TakerOptions } from './programs/permit-taker.ts';

const CAP = 300;
/** The window of HeyReach in these tests. */
const WINDOW_MS = 2_000;
/** Waiting calls ask again after 2.5 s. In a shorter window, a store that forgot its starts would have no effect. */
const LONG_WINDOW_MS = 5_000;
/** The pad of the rate limiter. */
const PAD_MS = 1_000;
/** A start is at most a quarter of a second older in Redis than in the process. */
const TOLERANCE_MS = 500;
const program = fileURLToPath(new URL('programs/permit-taker.ts', import.meta.url));

interface Start {
  at: number;
  replica: string;
  isForeground: boolean;
}
interface Callers {
  foreground: number;
  background?: number;
}

let server: RedisServer;
let folder: string;
let children: ChildProcess[] = [];

beforeEach(async () => {
  server = await startRedis();
  folder = mkdtempSync(join(tmpdir(), 'permits-'));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts three processes, and returns when all are connected. */
async function startTakers(callers: Callers[], windowMs = WINDOW_MS): Promise<void> {
  children = callers.map(({ foreground, background = 0 }, index) => {
    const replica = `replica-${index + 1}`;
    const options: TakerOptions = {
      ...{ url: server.url, replica, cap: CAP, windowMs },
      ...{ foreground, background, file: join(folder, replica) },
    };
    const execArgv = ['--import', 'tsx'];
    return fork(program, [JSON.stringify(options)], { execArgv, env: cleanEnvironment() });
  });
  await Promise.all(children.map((child) => once(child, 'message')));
}

/** The starts of all processes so far, in order, in milliseconds. */
function readStarts(): Start[] {
  return children
    .flatMap((_, index) => {
      const replica = `replica-${index + 1}`;
      const file = join(folder, replica);
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
      return lines.map((line) => {
        const [at, kind] = line.split(' ');
        return { at: Number(at) / 1_000, replica, isForeground: kind === 'foreground' };
      });
    })
    .sort((a, b) => a.at - b.at);
}

/** Waits until the processes have started so many more requests. */
async function waitForStarts(more: number): Promise<void> {
  const target = readStarts().length + more;
  while (readStarts().length < target) await sleep(100);
}

function expectWindowsKept(starts: readonly Start[], windowMs = WINDOW_MS): void {
  const times = starts.map(({ at }) => at);
  expect(mostInWindow(times, windowMs + PAD_MS - TOLERANCE_MS)).toBeLessThanOrEqual(CAP);
}

const EVEN = [{ foreground: 150 }, { foreground: 150 }, { foreground: 150 }];

describe('three processes with one Redis together start at most the requests of one window', {
  timeout: 120_000,
}, () => {
  test('the processes use nearly all of the window', async () => {
    await startTakers(EVEN);
    await waitForStarts(6 * CAP + 1);
    const starts = readStarts();
    expectWindowsKept(starts);
    const used = [0, 1, 2, 3, 4, 5].map(
      (window) => (WINDOW_MS + PAD_MS) / (starts[(window + 1) * CAP]!.at - starts[window * CAP]!.at),
    );
    // On an idle machine the share is 0.98 and more.
    expect(used.toSorted((a, b) => a - b)[3]).toBeGreaterThan(0.8);
  });

  test('the limit holds with uneven load', async () => {
    await startTakers([{ foreground: 300 }, { foreground: 150 }, { foreground: 30 }]);
    await waitForStarts(4 * CAP);
    const starts = readStarts();
    expectWindowsKept(starts);
    for (const replica of ['replica-1', 'replica-2', 'replica-3']) {
      expect(starts.filter((start) => start.replica === replica).length, replica).toBeGreaterThan(CAP / 10);
    }
  });

  test('the limit holds with background work in one process, which starts after the other calls', async () => {
    await startTakers([{ foreground: 150 }, { foreground: 150 }, { foreground: 0, background: 150 }]);
    await waitForStarts(5 * CAP);
    const starts = readStarts();
    expectWindowsKept(starts);
    expect(starts.filter(({ isForeground }) => isForeground).length).toBeGreaterThan(3 * CAP);
  });

  test('the limit holds when one process is killed', async () => {
    await startTakers(EVEN);
    await waitForStarts(CAP);
    children[0]?.kill('SIGKILL');
    await waitForStarts(3 * CAP);
    expectWindowsKept(readStarts());
  });

  test('the limit holds when Redis loses everything', async () => {
    await startTakers(EVEN, LONG_WINDOW_MS);
    await waitForStarts(CAP);
    for (let time = 0; time < 3; time += 1) {
      server.command('FLUSHALL');
      await sleep(2_700);
    }
    await waitForStarts(2 * CAP);
    expectWindowsKept(readStarts(), LONG_WINDOW_MS);
  });

  test('the limit holds when Redis is killed and comes back empty', async () => {
    await startTakers(EVEN, LONG_WINDOW_MS);
    await waitForStarts(CAP);
    await server.kill();
    await sleep(1_000);
    const before = readStarts().length;
    await sleep(500);
    expect(readStarts().length).toBe(before);
    await server.restart();
    await waitForStarts(2 * CAP);
    expectWindowsKept(readStarts(), LONG_WINDOW_MS);
  });

  test('the limit holds when Redis stops for three seconds', async () => {
    await startTakers(EVEN, LONG_WINDOW_MS);
    await waitForStarts(CAP);
    server.pause();
    await sleep(3_000);
    server.resume();
    await waitForStarts(2 * CAP);
    expectWindowsKept(readStarts(), LONG_WINDOW_MS);
  });
});
