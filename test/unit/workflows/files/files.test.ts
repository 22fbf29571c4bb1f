import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../../src/mcp/services/caller-files.ts';
import { toCsv } from '../../../../src/workflows/files/csv.ts';
import { filesOnDisk } from '../../../../src/workflows/files/disk-files.ts';
import { Files } from '../../../../src/workflows/files/files.ts';
import { linesOf, openFiles } from '../../../support/tools/caller-files.ts';
import { ADA, GRACE } from '../../../support/tools/job-calls.ts';

const TABLE = { kind: 'find_leads', columns: ['name', 'since', 'days'], rows: [['Ada Example', undefined, -3]] };
const JOB = '0123456789ab';

describe('the files of a key', () => {
  test('keep a table, its CSV, and the tool that made it', async () => {
    const files = openFiles().ofOwner(ADA);
    const file = await files.keep(TABLE);
    expect(file).toEqual({
      resultId: expect.stringMatching(/^[0-9a-f]{12}$/),
      uri: `heyreach://results/${file.resultId}.csv`,
      rows: 1,
      bytes: 35,
    });
    expect(await files.find(file.resultId)).toEqual(TABLE);
    expect(linesOf(await files.resultCsv(file.resultId))).toEqual(['name,since,days', 'Ada Example,,-3']);
  });

  test('keep the outcome of a job under its id, and only the latest', async () => {
    const files = openFiles().ofOwner(ADA);
    await files.keepOutcome(JOB, { ...TABLE, rows: [] });
    const file = await files.keepOutcome(JOB, TABLE);
    expect(file).toMatchObject({ resultId: JOB, uri: `heyreach://jobs/${JOB}/outcome.csv`, rows: 1 });
    expect(await files.find(JOB)).toEqual(TABLE);
    expect(linesOf(await files.outcomeCsv(JOB))).toHaveLength(2);
    expect(await files.resultCsv(JOB)).toBeUndefined();
  });

  test('keep uploads under the digest of their bytes', async () => {
    const files = openFiles().ofOwner(ADA);
    const sha = await files.upload(Buffer.from('a,b\n'));
    expect(sha).toBe('5be08c9684a1d25efcee09318204824278b08bbfb4aef973ffefd0b9d7478313');
    expect(Buffer.from((await files.uploaded(sha))!).toString()).toBe('a,b\n');
  });

  test('are not found by another key', async () => {
    const host = openFiles();
    const ada = host.ofOwner(ADA);
    const { resultId } = await ada.keep(TABLE);
    await ada.keepOutcome(JOB, TABLE);
    const sha = await ada.upload(Buffer.from('x'));
    const grace = host.ofOwner(GRACE);
    const reads = [
      ...[grace.find(resultId), grace.find(JOB), grace.uploaded(sha)],
      ...[grace.resultCsv(resultId), grace.outcomeCsv(JOB)],
    ];
    expect(await Promise.all(reads)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(await ada.find('unknown')).toBeUndefined();
  });

  test('contain the path of the CSV if callers are on this machine', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heyreach-files-'));
    const open = (showsPaths: boolean) => new Files({ store: filesOnDisk(folder), showsPaths }).ofOwner(ADA);
    const file = await open(true).keep(TABLE);
    expect(file.path).toBe(join(folder, 'files', ADA, `result-${file.resultId}.csv`));
    expect(await open(false).keep(TABLE)).not.toHaveProperty('path');
    await rm(folder, { recursive: true });
  });
});

describe('a CSV', () => {
  const csvOf = async (...cells: Cell[]) =>
    linesOf(await toCsv({ columns: ['cell', 'end'], rows: cells.map((cell) => [cell, 0]) })).slice(1);

  test.each(['=1+1', '+49 30 1', '-1', '@SUM(A1)', '\tx', '\rx', '＝1', '＋1', '－1', '＠x'])(
    'disables the formula in %j',
    async (cell) => {
      const [line, ...rest] = await csvOf(cell);
      expect(line!.replace(/^"|",0$|,0$/g, '')).toBe(`'${cell}`);
      expect(rest).toEqual([]);
    },
  );

  test('disables a formula behind hidden characters too, and in a column name', async () => {
    expect(await csvOf('\u200b=1', '\ufeff+1', '\u202e@x')).toEqual(["'=1,0", "'+1,0", "'@x,0"]);
    expect(linesOf(await toCsv({ columns: ['=x'], rows: [] }))).toEqual(["'=x"]);
  });

  test('keeps numbers, booleans and empty cells', async () => {
    expect(await csvOf(-1, 0, true, false, undefined, '')).toEqual(['-1,0', '0,0', 'true,0', 'false,0', ',0', ',0']);
  });

  test('quotes delimiters, quotation marks and line ends, and fills short rows', async () => {
    const csv = await toCsv({ columns: ['a', 'b'], rows: [['x, "y"\nz', 'ü'], ['1']] });
    expect(csv.toString()).toBe('\ufeffa,b\n"x, ""y""\nz",ü\n1,\n');
  });
});
