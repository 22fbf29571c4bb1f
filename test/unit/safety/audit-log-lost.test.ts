import { appendFileSync, renameSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { useAuditFile } from '../../support/audit.ts';
import { DONE, intent, KEY, named, startTrail } from '../../support/audit-files.ts';

const file = useAuditFile();
const start = (pid?: number, running?: number[]) => startTrail(file.path, pid, running);

describe('calls left without an outcome', () => {
  /** Starts a process that begins a call and ends at once. */
  const leave = async (pid: number, call = intent(), running: number[] = []) =>
    void (await start(pid, running).trail.begin(call));

  test('are reported once, with all recorded facts, and marked at the first write', async () => {
    const left = intent({ tool: 'send_message', kind: 'outreach', arguments: { message: 'Hello' }, confirmed: 'off' });
    await leave(99, left);
    const [before] = file.lines();
    const { trail, lost } = start(100);
    await trail.begin(intent());
    expect(lost).toEqual([expect.objectContaining({ ...left, time: before?.time })]);
    const { time, boot } = file.lines()[2]!;
    expect(file.lines()[1]).toEqual({
      time: expect.any(String),
      phase: 'lost',
      id: before?.id,
      pid: 100,
      boot,
      tool: 'send_message',
      kind: 'outreach',
      key: KEY,
    });
    expect(Date.parse(String(file.lines()[1]?.time))).toBeLessThanOrEqual(Date.parse(String(time)));
    await trail.begin(intent());
    expect(lost).toHaveLength(1);
    expect(file.phases()).toEqual(['intent', 'lost', 'intent', 'intent']);
  });

  test('are not reported again by the next process', async () => {
    await leave(99);
    const second = start(100);
    const end = await second.trail.begin(intent());
    await end(DONE);
    expect(second.lost).toHaveLength(1);
    const third = start(101);
    await third.trail.begin(intent());
    expect(third.lost).toEqual([]);
    expect(file.phases().filter((phase) => phase === 'lost')).toHaveLength(1);
  });

  test('are marked once when several calls begin at once', async () => {
    await leave(99);
    await leave(98, intent(), [99]);
    const { trail, lost } = start(100);
    await Promise.all(['a', 'b', 'c'].map((name) => trail.begin(named(name))));
    expect(lost).toHaveLength(2);
    expect(file.phases().slice(2)).toEqual(['lost', 'lost', 'intent', 'intent', 'intent']);
  });

  test('are marked once by two processes that both saw them', async () => {
    await leave(99);
    const [second, third] = [start(100, [101]), start(101, [100])];
    await second.trail.open();
    await third.trail.open();
    await second.trail.begin(intent());
    await third.trail.begin(intent());
    expect(file.phases()).toEqual(['intent', 'lost', 'intent', 'intent']);
  });

  test('calls of another container are not marked, whatever their pid, and count as possibly made until they are old', async () => {
    await startTrail(file.path, 1, [], 'container a').trail.begin(named('of a'));
    expect(file.lines()[0]).toMatchObject({ pid: 1, replica: 'container a' });
    const other = startTrail(file.path, 1, [], 'container b');
    await other.trail.begin(named('of b'));
    expect(other.lost).toEqual([]);
    expect(other.past).toEqual([expect.objectContaining({ arguments: { name: 'of a' }, outcome: 'unknown' })]);
    expect(file.phases()).toEqual(['intent', 'intent']);
    // The next start of the same container finds its own lost call.
    const again = startTrail(file.path, 1, [], 'container a');
    await again.trail.begin(intent());
    expect(again.lost.map(({ arguments: { name } }) => name)).toEqual(['of a']);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 });
    const later = startTrail(file.path, 1, [], 'container c');
    await later.trail.open();
    vi.useRealTimers();
    expect(later.lost.map(({ arguments: { name } }) => name)).toContain('of b');
  });

  test('are known before the first write, and reading them writes nothing', async () => {
    await leave(99);
    const before = file.text();
    const { trail, lost } = start(100);
    await trail.open();
    await trail.open();
    expect(lost).toHaveLength(1);
    expect(file.text()).toBe(before);
    await trail.begin(intent());
    expect(lost).toHaveLength(1);
    expect(file.phases()).toEqual(['intent', 'lost', 'intent']);
  });

  test('are marked by a later write when the first ones fail', async () => {
    await leave(99);
    const { trail, lost } = start(100);
    await trail.open();
    renameSync(file.path, `${file.path}.1`);
    await mkdir(file.path);
    const failed = await Promise.allSettled([trail.begin(intent()), trail.begin(intent())]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await rmdir(file.path);
    renameSync(`${file.path}.1`, file.path);
    await trail.begin(intent());
    expect(lost).toHaveLength(1);
    expect(file.phases()).toEqual(['intent', 'lost', 'intent']);
  });

  test('calls of a live process are not lost', async () => {
    await leave(99);
    const { trail, lost } = start(100, [99]);
    await trail.begin(intent());
    expect(lost).toEqual([]);
    expect(file.phases()).toEqual(['intent', 'intent']);
  });

  test('calls of an earlier start with the same pid are lost, as in a container', async () => {
    await leave(1);
    const { trail, lost } = start(1, [1]);
    await trail.begin(named('now'));
    expect(lost).toHaveLength(1);
    await trail.begin(named('later'));
    expect(file.phases()).toEqual(['intent', 'lost', 'intent', 'intent']);
  });

  test('are only those without an end', async () => {
    const first = start(99);
    const end = await first.trail.begin(named('ended'));
    await first.trail.begin(named('left'));
    await end(DONE);
    const { trail, lost } = start(100);
    await trail.begin(intent());
    expect(lost.map((call) => call.arguments)).toEqual([{ name: 'left' }]);
  });

  test('are found between broken lines', async () => {
    await leave(99, named('one'));
    const whole = file.lines()[0]!;
    const without = (name: string) => JSON.stringify({ ...whole, id: `without-${name}`, [name]: undefined });
    const broken = [
      ...['', 'no JSON', '{"phase":"inte', '[]', '[{"phase":"intent"}]', '{}', 'null', '7', '"intent"', '\u0000\u0000'],
      JSON.stringify({ ...whole, id: 7 }),
      JSON.stringify({ ...whole, id: 'numbers', pid: '99' }),
      JSON.stringify({ ...whole, id: 'phases', phase: 'begun' }),
      JSON.stringify({ ...whole, id: 'lists', arguments: ['left'] }),
      JSON.stringify({ ...whole, id: 'times', time: 'yesterday' }),
      ...['id', 'phase', 'pid', 'boot', 'tool', 'kind', 'key', 'arguments', 'time'].map(without),
    ];
    appendFileSync(file.path, `${broken.join('\n')}\r\n`);
    await leave(98, named('two'));
    appendFileSync(file.path, '{"phase":"outcome","id":');
    const { trail, lost } = start(100);
    await trail.begin(intent());
    expect(lost.map((call) => call.arguments)).toEqual([{ name: 'two' }]);
    expect((await trail.recent([KEY], 50)).map((call) => call.outcome)).toEqual(['in_flight', 'lost', 'lost']);
  });

  test('are found in any part of a long file', async () => {
    await leave(99, named('long ago'));
    const { trail: busy } = start(98, [99]);
    for (let at = 0; at < 25; at += 1) {
      const end = await busy.begin(named('x'.repeat(200_000)));
      await end(DONE);
    }
    const { trail, lost } = start(100);
    await trail.begin(intent());
    expect(lost.map((call) => call.arguments)).toEqual([{ name: 'long ago' }]);
  });

  test('are found if their text contains line ends of any kind', async () => {
    const message = 'one\ntwo\rthree\u2028four\u2029five\u0085six';
    await leave(99, intent({ arguments: { message } }));
    const { trail, lost } = start(100);
    await trail.begin(intent());
    expect(lost.map((call) => call.arguments)).toEqual([{ message }]);
  });
});
