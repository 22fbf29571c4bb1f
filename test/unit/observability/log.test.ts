import { expect, test } from 'vitest';
import { LineWriter } from '../../../src/observability/line-writer.ts';
import { createLog } from '../../../src/observability/log.ts';

function collect() {
  let text = '';
  const writer = new LineWriter((bytes) => {
    text += bytes;
    return bytes.length;
  });
  return {
    writer,
    lines: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
  };
}

test('drops only a line that cannot be written as JSON', async () => {
  const { writer, lines } = collect();
  const log = createLog('info', writer);
  const unreadable = {
    get field() {
      throw new Error('no value');
    },
  };
  log.info({ at: 1 }, 'before');
  log.info(unreadable, 'unreadable');
  log.info({ at: 2 }, 'after');
  await expect.poll(lines).toHaveLength(3);
  expect(lines()).toMatchObject([{ at: 1 }, { dropped: 1 }, { at: 2 }]);
});

test('does not write lines below the level', async () => {
  const { writer, lines } = collect();
  const log = createLog('warn', writer);
  log.info({}, 'quiet');
  log.warn({ key: 'secret', at: 1 }, 'loud');
  await expect.poll(lines).toHaveLength(1);
  expect(lines()).toMatchObject([{ level: 40, at: 1, msg: 'loud', key: '[Redacted]' }]);
});
