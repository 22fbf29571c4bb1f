import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LineWriter } from '../../../src/observability/line-writer.ts';

const MIB = 1024 * 1024;
const fault = (code: string) => Object.assign(new Error(code), { code });

/** A stream that accepts `room` bytes, and then fails. */
function stream() {
  const state = { room: Number.POSITIVE_INFINITY, code: 'EAGAIN', taken: '', tries: 0 };
  const put = (bytes: Buffer): number => {
    state.tries += 1;
    if (state.room === 0) throw fault(state.code);
    const written = Math.min(bytes.length, state.room);
    state.room -= written;
    state.taken += bytes.toString('utf8', 0, written);
    return written;
  };
  return Object.assign(state, { put });
}

const say = (writer: LineWriter, ...lines: string[]) => {
  for (const line of lines) writer.write(`${line}\n`);
  writer.flush();
};
const notice = (dropped: number) => ({
  level: 40,
  time: expect.any(Number),
  dropped,
  msg: `${dropped} log lines were dropped`,
});
const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => (line.startsWith('{') ? JSON.parse(line) : line));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a full pipe', () => {
  test('gets the lines in order once it is read, including a divided line', () => {
    const pipe = stream();
    const writer = new LineWriter(pipe.put);
    pipe.room = 4;
    say(writer, 'one', 'two');
    pipe.room = 2;
    vi.advanceTimersByTime(100);
    say(writer, 'three');
    pipe.room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(100);
    expect(pipe.taken).toBe('one\ntwo\nthree\n');
  });

  test('is not tried for every line', () => {
    const pipe = stream();
    const writer = new LineWriter(pipe.put);
    pipe.room = 0;
    for (let line = 0; line < 1_000; line += 1) say(writer, `line ${line}`);
    expect(pipe.tries).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(pipe.tries).toBe(11);
  });

  test('keeps 1 MiB, and reports the dropped lines even without a further line', () => {
    const pipe = stream();
    const writer = new LineWriter(pipe.put);
    pipe.room = 0;
    const line = 'x'.repeat(1_023);
    for (let count = 0; count < 1_034; count += 1) say(writer, line);
    pipe.room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(100);
    const lines = linesOf(pipe.taken);
    expect(lines).toHaveLength(1_025);
    expect(lines.slice(0, 1_024)).toEqual(Array(1_024).fill(line));
    expect(lines[1_024]).toEqual(notice(10));
    expect(Buffer.byteLength(pipe.taken)).toBeLessThan(MIB + 200);
    say(writer, 'later');
    expect(pipe.taken.endsWith('dropped"}\nlater\n')).toBe(true);
  });

  test('reports dropped lines before the lines after them', () => {
    const pipe = stream();
    const writer = new LineWriter(pipe.put);
    pipe.room = 0;
    const line = 'x'.repeat(MIB / 2 - 1);
    say(writer, line, line, 'dropped');
    pipe.room = line.length + 1;
    vi.advanceTimersByTime(100);
    say(writer, 'after');
    pipe.room = Number.POSITIVE_INFINITY;
    vi.advanceTimersByTime(100);
    expect(linesOf(pipe.taken)).toEqual([line, line, notice(1), 'after']);
  });
});

describe.each(['EPIPE', 'ENOSPC', 'EBADF', 'EIO', 'ECONNRESET'])('after %s', (code) => {
  test('lines are dropped without another attempt, and counted', () => {
    const broken = stream();
    const writer = new LineWriter(broken.put);
    Object.assign(broken, { room: 0, code });
    say(writer, 'one', 'two');
    say(writer, 'three');
    expect(broken.tries).toBe(2);
    vi.advanceTimersByTime(10_000);
    expect(broken.tries).toBe(2);
    broken.room = Number.POSITIVE_INFINITY;
    say(writer, 'four');
    expect(linesOf(broken.taken)).toEqual([notice(3), 'four']);
    say(writer, 'five');
    expect(linesOf(broken.taken)).toHaveLength(3);
  });

  test('the rest of a divided line does not run into the next line', () => {
    const broken = stream();
    const writer = new LineWriter(broken.put);
    Object.assign(broken, { room: 2, code });
    say(writer, 'one');
    say(writer, 'two');
    broken.room = Number.POSITIVE_INFINITY;
    say(writer, 'three');
    expect(linesOf(broken.taken)).toEqual(['on', notice(2), 'three']);
  });
});

describe('at the end', () => {
  test('a slow reader gets the last lines', () => {
    const pipe = stream();
    const writer = new LineWriter((bytes) => {
      if (pipe.tries++ % 2 === 0) throw fault('EAGAIN');
      pipe.taken += bytes.toString('utf8', 0, 3);
      return Math.min(bytes.length, 3);
    });
    say(writer, 'one', 'two', 'three');
    writer.end(60_000);
    expect(pipe.taken).toBe('one\ntwo\nthree\n');
  });

  test('the writer waits for a reader that never reads no longer than the bound', () => {
    const pipe = stream();
    const writer = new LineWriter(pipe.put);
    pipe.room = 0;
    say(writer, 'one');
    writer.end(50);
    expect(pipe.taken).toBe('');
  });

  test('a stream that accepts nothing without an error is not tried forever', () => {
    const writer = new LineWriter(() => 0);
    say(writer, 'one');
    writer.end(50);
  });

  test('without pending lines, nothing is opened', () => {
    const pipe = stream();
    new LineWriter(pipe.put).end(60_000);
    expect(pipe.tries).toBe(0);
  });
});
