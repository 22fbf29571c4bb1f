import { appendFileSync, renameSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { describe, expect, test, vi } from 'vitest';
import { useAuditFile } from '../../support/tools/audit.ts';
import { DONE, intent, KEY, named, startAuditLog } from '../../support/tools/audit-files.ts';

const file = useAuditFile();
const start = (pid?: number, running?: number[]) => startAuditLog(file.path, pid, running);

describe('calls left without an outcome', () => {
  /** Starts a process that begins a call and ends at once. */
  const leave = async (pid: number, call = intent(), running: number[] = []) =>
    void (await start(pid, running).auditLog.begin(call));

  test('are reported once, with all recorded facts, and marked at the first write', async () => {
    const left = intent({ tool: 'send_message', kind: 'outreach', arguments: { message: 'Hello' }, confirmed: 'off' });
    await leave(99, left);
    const [before] = file.lines();
    const { auditLog, lost } = start(100);
    await auditLog.begin(intent());
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
    await auditLog.begin(intent());
    expect(lost).toHaveLength(1);
    expect(file.phases()).toEqual(['intent', 'lost', 'intent', 'intent']);
  });

  test('are not reported again by the next process', async () => {
    await leave(99);
    const second = start(100);
    const end = await second.auditLog.begin(intent());
    await end(DONE);
    expect(second.lost).toHaveLength(1);
    const third = start(101);
    await third.auditLog.begin(intent());
    expect(third.lost).toEqual([]);
    expect(file.phases().filter((phase) => phase === 'lost')).toHaveLength(1);
  });

  test('are marked once when several calls begin at once', async () => {
    await leave(99);
    await leave(98, intent(), [99]);
    const { auditLog, lost } = start(100);
    await Promise.all(['a', 'b', 'c'].map((name) => auditLog.begin(named(name))));
    expect(lost).toHaveLength(2);
    expect(file.phases().slice(2)).toEqual(['lost', 'lost', 'intent', 'intent', 'intent']);
  });

  test('are marked once by two processes that both saw them', async () => {
    await leave(99);
    const [second, third] = [start(100, [101]), start(101, [100])];
    await second.auditLog.open();
    await third.auditLog.open();
    await second.auditLog.begin(intent());
    await third.auditLog.begin(intent());
    expect(file.phases()).toEqual(['intent', 'lost', 'intent', 'intent']);
  });

  test('calls of another container are not marked, whatever their pid, and count as possibly made until they are old', async () => {
    await startAuditLog(file.path, 1, [], 'container a').auditLog.begin(named('of a'));
    expect(file.lines()[0]).toMatchObject({ pid: 1, replica: 'container a' });
    const other = startAuditLog(file.path, 1, [], 'container b');
    await other.auditLog.begin(named('of b'));
    expect(other.lost).toEqual([]);
    expect(other.past).toEqual([expect.objectContaining({ arguments: { name: 'of a' }, outcome: 'unknown' })]);
    expect(file.phases()).toEqual(['intent', 'intent']);
    // The next start of the same container finds its own lost call.
    const again = startAuditLog(file.path, 1, [], 'container a');
    await again.auditLog.begin(intent());
    expect(again.lost.map(({ arguments: { name } }) => name)).toEqual(['of a']);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * 60_000 });
    const later = startAuditLog(file.path, 1, [], 'container c');
    await later.auditLog.open();
    vi.useRealTimers();
    expect(later.lost.map(({ arguments: { name } }) => name)).toContain('of b');
  });

  test('are known before the first write, and reading them writes nothing', async () => {
    await leave(99);
    const before = file.text();
    const { auditLog, lost } = start(100);
    await auditLog.open();
    await auditLog.open();
    expect(lost).toHaveLength(1);
    expect(file.text()).toBe(before);
    await auditLog.begin(intent());
    expect(lost).toHaveLength(1);
    expect(file.phases()).toEqual(['intent', 'lost', 'intent']);
  });

  test('are marked by a later write when the first ones fail', async () => {
    await leave(99);
    const { auditLog, lost } = start(100);
    await auditLog.open();
    renameSync(file.path, `${file.path}.1`);
    await mkdir(file.path);
    const failed = await Promise.allSettled([auditLog.begin(intent()), auditLog.begin(intent())]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await rmdir(file.path);
    renameSync(`${file.path}.1`, file.path);
    await auditLog.begin(intent());
    expect(lost).toHaveLength(1);
    expect(file.phases()).toEqual(['intent', 'lost', 'intent']);
  });

  test('calls of a live process are not lost', async () => {
    await leave(99);
    const { auditLog, lost } = start(100, [99]);
    await auditLog.begin(intent());
    expect(lost).toEqual([]);
    expect(file.phases()).toEqual(['intent', 'intent']);
  });

  test('calls of an earlier start with the same pid are lost, as in a container', async () => {
    await leave(1);
    const { auditLog, lost } = start(1, [1]);
    await auditLog.begin(named('now'));
    expect(lost).toHaveLength(1);
    await auditLog.begin(named('later'));
    expect(file.phases()).toEqual(['intent', 'lost', 'intent', 'intent']);
  });

  test('are only those without an end', async () => {
    const first = start(99);
    const end = await first.auditLog.begin(named('ended'));
    await first.auditLog.begin(named('left'));
    await end(DONE);
    const { auditLog, lost } = start(100);
    await auditLog.begin(intent());
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
    const { auditLog, lost } = start(100);
    await auditLog.begin(intent());
    expect(lost.map((call) => call.arguments)).toEqual([{ name: 'two' }]);
    expect((await auditLog.recent([KEY], 50)).map((call) => call.outcome)).toEqual(['in_flight', 'lost', 'lost']);
  });

  test('are found in any part of a long file', async () => {
    await leave(99, named('long ago'));
    const { auditLog: busy } = start(98, [99]);
    for (let at = 0; at < 25; at += 1) {
      const end = await busy.begin(named('x'.repeat(200_000)));
      await end(DONE);
    }
    const { auditLog, lost } = start(100);
    await auditLog.begin(intent());
    expect(lost.map((call) => call.arguments)).toEqual([{ name: 'long ago' }]);
  });

  test('are found if their text contains line ends of any kind', async () => {
    const message = 'one\ntwo\rthree\u2028four\u2029five\u0085six';
    await leave(99, intent({ arguments: { message } }));
    const { auditLog, lost } = start(100);
    await auditLog.begin(intent());
    expect(lost.map((call) => call.arguments)).toEqual([{ message }]);
  });
});
