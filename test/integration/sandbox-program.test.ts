import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { Truth } from '../../src/sandbox/index.ts';

const SANDBOX = fileURLToPath(new URL('../../dist/sandbox.js', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [SANDBOX, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

describe('the sandbox program', () => {
  it('accepts the switches for larger and richer data', async () => {
    const child = start('--port', '0', '--rich', '--senders', '7', '--people', '700', '--latency', '1');
    let printed = '';
    while (!printed.includes('\n')) printed += String((await once(child.stdout, 'data'))[0]);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)![0];
    const response = await fetch(`${url}/_sandbox/truth?only=inboxTotals,people,queues`);
    const truth = (await response.json()) as Pick<Truth, 'inboxTotals' | 'people' | 'queues'>;
    expect(Object.keys(truth)).toEqual(['inboxTotals', 'people', 'queues']);
    expect(truth.inboxTotals.waitingWithSeveralSenders).toBeGreaterThan(0);
    const inLists = Object.values(truth.people).flatMap(({ lists }) => lists);
    expect(inLists.filter((id) => id === inLists.at(-1)).length).toBe(700);
    expect(new Set(truth.queues.flatMap(({ linkedInAccountIds }) => linkedInAccountIds)).size).toBe(7);
  });

  it.each([
    [['--senders', '5'], '--senders must be a whole number from 6 to 200 (see --help)'],
    [['--people', '30000'], '--people must be a whole number from 600 to 25000 (see --help)'],
    [['--window-ms', '199'], '--window-ms must be a whole number from 200 to 60000 (see --help)'],
    [['--latency', 'slow'], '--latency must be a whole number from 0 to 60000 (see --help)'],
  ])('rejects %o', async (args, line) => {
    const child = start(...args);
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect([stderr.trim(), code]).toEqual([line, 2]);
  });

  it('explains every switch and control route', async () => {
    const help = await text(start('--help').stdout);
    for (const word of [
      '--rich',
      '--senders N',
      '--people N',
      '--latency MS',
      '--window-ms MS',
      '/_sandbox/truth',
      'changesSince',
    ]) {
      expect(help).toContain(word);
    }
  });
});
