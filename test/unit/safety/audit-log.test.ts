import { existsSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { useAuditFile } from '../../support/tools/audit.ts';
import { DONE, intent, KEY, named, OTHER_KEY, startAuditLog } from '../../support/tools/audit-files.ts';

const file = useAuditFile();
const start = (pid?: number, running?: number[]) => startAuditLog(file.path, pid, running);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the audit log', () => {
  test('writes a line before and a line after a call, with the same id and the process', async () => {
    const { auditLog } = start(4711);
    const end = await auditLog.begin(intent({ confirmed: 'token' }));
    expect(file.lines()).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        phase: 'intent',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        pid: 4711,
        boot: expect.stringMatching(/^[0-9a-f-]{36}$/),
        tool: 'pause_campaign',
        kind: 'stop',
        key: KEY,
        arguments: { campaignId: 600001 },
        confirmed: 'token',
      },
    ]);
    await end({ outcome: 'refused', http: ['/campaign/Pause 400'], error: 'No such campaign.' });
    const [before, after] = file.lines();
    expect(after).toEqual({
      time: expect.any(String),
      phase: 'outcome',
      id: before?.id,
      pid: 4711,
      boot: before?.boot,
      tool: 'pause_campaign',
      kind: 'stop',
      key: KEY,
      outcome: 'refused',
      http: ['/campaign/Pause 400'],
      error: 'No such campaign.',
    });
  });

  test('has a different boot id for each start of the program', async () => {
    await start().auditLog.begin(intent());
    await start().auditLog.begin(intent());
    const boots = file.lines().filter(({ phase }) => phase === 'intent');
    expect(new Set(boots.map(({ boot }) => boot)).size).toBe(2);
  });

  test('keeps a text complete and on one line, whatever it contains', async () => {
    const message = 'Hi Ada,\r\n"quotes" \\ שלום 👩‍💻 \u2028{"phase":"outcome"}\u2029\u0085\u0000 end';
    const { auditLog } = start();
    await auditLog.begin(intent({ arguments: { message } }));
    // The characters that other readers accept as the end of a line.
    expect(file.text().split(/\r\n|[\n\r\u0085\u2028\u2029]/)).toHaveLength(2);
    expect(file.lines()[0]?.arguments).toEqual({ message });
  });

  test('waits until the line of begin is on the disk, and fails if it cannot be written', async () => {
    await writeFile(file.path, '');
    const probe = await open(file.path, 'r');
    const prototype = Object.getPrototypeOf(probe) as { datasync(): Promise<void> };
    await probe.close();
    let flushed = () => {};
    const flushing = new Promise<void>((resolve) => {
      flushed = resolve;
    });
    const flush = vi.spyOn(prototype, 'datasync').mockImplementation(() => flushing);
    const { auditLog } = start();
    let begun = false;
    const beginning = auditLog.begin(intent()).then((end) => {
      begun = true;
      return end;
    });
    await expect.poll(() => flush.mock.calls.length).toBe(1);
    expect(file.phases()).toEqual(['intent']);
    expect(begun).toBe(false);
    flushed();
    const end = await beginning;
    await end(DONE);
    expect(flush).toHaveBeenCalledTimes(2);

    flush.mockRejectedValueOnce(new Error('EIO: made up'));
    await expect(auditLog.begin(intent())).rejects.toThrow('EIO');
  });

  test('writes whole lines in order for calls that begin at once', async () => {
    const { auditLog } = start();
    const names = Array.from({ length: 40 }, (_, at) => `call ${at} ${'x'.repeat(at * 500)}`);
    const ends = await Promise.all(names.map((name) => auditLog.begin(named(name))));
    expect(file.lines().map((line) => (line.arguments as { name: string }).name)).toEqual(names);
    await Promise.all(ends.map((end) => end(DONE)));
    const written = file.lines();
    expect(written).toHaveLength(80);
    expect(written.slice(40).map(({ id }) => id)).toEqual(written.slice(0, 40).map(({ id }) => id));
  });
});

describe('recent', () => {
  test('is empty without a file', async () => {
    expect(await start().auditLog.recent([KEY], 50)).toEqual([]);
    expect(existsSync(file.path)).toBe(false);
  });

  test('holds the calls of the given keys only', async () => {
    const { auditLog } = start();
    await auditLog.begin(named('mine'));
    await auditLog.begin(named('theirs', OTHER_KEY));
    const namesFor = async (...keys: string[]) => (await auditLog.recent(keys, 50)).map((call) => call.arguments.name);
    expect(await namesFor(KEY)).toEqual(['mine']);
    expect(await namesFor(OTHER_KEY)).toEqual(['theirs']);
    expect(await namesFor(KEY, OTHER_KEY)).toEqual(['theirs', 'mine']);
    expect(await namesFor()).toEqual([]);
    expect(await namesFor('fingerprint')).toEqual([]);
  });

  test('returns the newest first, and no more than requested', async () => {
    const { auditLog } = start();
    const ends = [];
    for (const name of ['a', 'b', 'c', 'd']) ends.push(await auditLog.begin(named(name)));
    // The order is by the begin of a call, however long it took.
    await ends[0]!(DONE);
    const recent = await auditLog.recent([KEY], 3);
    expect(recent.map((call) => call.arguments.name)).toEqual(['d', 'c', 'b']);
    expect(await auditLog.recent([KEY], 50)).toHaveLength(4);
  });

  test('returns the outcome of each call', async () => {
    await start(99).auditLog.begin(named('lost'));
    const { auditLog } = start();
    const endDone = await auditLog.begin(named('done'));
    const endRefused = await auditLog.begin(named('refused'));
    await auditLog.begin(named('in flight'));
    await endDone(DONE);
    await endRefused({ outcome: 'refused', http: ['/campaign/Pause 400'], error: 'No such campaign.' });
    const common = {
      time: expect.any(String),
      tool: 'pause_campaign',
      kind: 'stop',
      key: KEY,
      confirmed: 'not_needed',
    };
    const ended = { ...common, endedAt: expect.any(String) };
    expect(await auditLog.recent([KEY], 50)).toEqual([
      { ...common, arguments: { name: 'in flight' }, outcome: 'in_flight' },
      {
        ...ended,
        arguments: { name: 'refused' },
        outcome: 'refused',
        http: ['/campaign/Pause 400'],
        error: 'No such campaign.',
      },
      { ...ended, arguments: { name: 'done' }, ...DONE },
      { ...ended, arguments: { name: 'lost' }, outcome: 'lost' },
    ]);
  });

  test('prefers an outcome to an entry that the call was lost', async () => {
    const first = start(99);
    const end = await first.auditLog.begin(named('slow'));
    const { auditLog } = start(100);
    await auditLog.begin(named('now'));
    await end(DONE);
    expect(file.phases()).toEqual(['intent', 'lost', 'intent', 'outcome']);
    expect((await auditLog.recent([KEY], 50))[1]).toMatchObject({ arguments: { name: 'slow' }, ...DONE });
    // The two lines may come in either order.
    const [slow, lost, now, outcome] = file.text().split('\n');
    await writeFile(file.path, `${[slow, outcome, lost, now].join('\n')}\n`);
    expect((await auditLog.recent([KEY], 50))[1]).toMatchObject({ arguments: { name: 'slow' }, ...DONE });
  });

  test('reads the end of a long file, where the first line may be incomplete', async () => {
    const { auditLog } = start();
    for (let at = 0; at < 5; at += 1) await auditLog.begin(named(`${at} ${'é'.repeat(500_001)}`));
    const recent = await auditLog.recent([KEY], 50);
    expect(recent.map((call) => String(call.arguments.name).slice(0, 1))).toEqual(['4', '3', '2', '1']);
  });
});
