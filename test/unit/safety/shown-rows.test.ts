import { describe, expect, test } from 'vitest';
import { ShownRows } from '../../../src/safety/shown-rows.ts';

const OWNER = { key: 'one key', tool: 'add_leads_to_list' };
const ROWS = [{ profileUrl: 'https://www.linkedin.com/in/ada-example', firstName: 'Ada', lastName: 'Example' }];

describe('the rows of a confirmation', () => {
  test('are found by their caller and tool, unchanged, until they are dropped', async () => {
    const rows = new ShownRows();
    const input = structuredClone(ROWS);
    await rows.keep('handle', OWNER, input);
    input[0]!.firstName = 'Changed later';
    expect(rows.find('handle', OWNER)).toEqual(ROWS);
    expect(rows.find('handle', { ...OWNER, key: 'another key' })).toBeUndefined();
    expect(rows.find('handle', { ...OWNER, tool: 'add_leads_to_list_v1' })).toBeUndefined();
    expect(rows.find('another handle', OWNER)).toBeUndefined();
    rows.drop('handle');
    expect(rows.find('handle', OWNER)).toBeUndefined();
  });

  test('use bounded memory: the oldest are dropped, and too many rows are not kept', async () => {
    const rows = new ShownRows(10_000);
    const kilobyte = ['x'.repeat(1_000)];
    for (let count = 0; count < 20; count += 1) await rows.keep(`handle ${count}`, OWNER, kilobyte);
    const areKept = Array.from({ length: 20 }, (_, count) => rows.find(`handle ${count}`, OWNER) !== undefined);
    expect(areKept.filter(Boolean)).toHaveLength(8);
    expect(areKept.slice(-8)).toEqual(Array.from({ length: 8 }, () => true));
    await rows.keep('huge', OWNER, ['x'.repeat(20_000)]);
    expect(rows.find('huge', OWNER)).toBeUndefined();
    expect(rows.find('handle 19', OWNER)).toEqual(kilobyte);
  });

  test('are measured in bytes of UTF-8, not in characters', async () => {
    const rows = new ShownRows(10_000);
    await rows.keep('wide', OWNER, ['\u6f22'.repeat(4_000)]);
    expect(rows.find('wide', OWNER)).toBeUndefined();
    await rows.keep('narrow', OWNER, ['x'.repeat(4_000)]);
    expect(rows.find('narrow', OWNER)).toEqual(['x'.repeat(4_000)]);
  });
});
