import { describe, expect, test } from 'vitest';
import type { RequestContext } from '../../../src/mcp/request-context.ts';
import type { Cell } from '../../../src/mcp/services/caller-files.ts';
import { parseFileUri, readCsvFile } from '../../../src/resources/csv-files.ts';
import { openFiles } from '../../support/tools/caller-files.ts';
import { ADA, GRACE } from '../../support/tools/job-calls.ts';

const JOB = '0123456789ab';
const tableOf = (rows: Cell[][]) => ({ kind: 'find_leads', columns: ['name', 'note'], rows });

function setUp(owner: string | undefined = ADA) {
  const files = openFiles();
  const lines: object[] = [];
  const log = {
    debug() {},
    info: (fields: object) => void lines.push(fields),
    warn: (fields: object) => void lines.push(fields),
    error() {},
  };
  const contextOf = (fingerprint: string | undefined) =>
    ({ client: fingerprint === undefined ? undefined : { fingerprint }, files, log }) as unknown as RequestContext;
  const read = async (uri: string, fingerprint = owner as string | undefined) => {
    const { contents } = await readCsvFile(parseFileUri(uri)!, contextOf(fingerprint));
    return contents as { uri: string; mimeType: string; text: string; _meta?: object }[];
  };
  return { own: files.ofOwner(ADA), read, lines };
}

describe('the CSV of a result or a job', () => {
  test('is read by its URI, without the byte order mark, and marked as outside text', async () => {
    const { own, read, lines } = setUp();
    const { uri } = await own.keep(tableOf([['Łukasz', '=1']]));
    expect(await read(uri)).toEqual([
      { uri, mimeType: 'text/csv', text: "name,note\nŁukasz,'=1\n", _meta: { untrustedFields: ['text'] } },
    ]);
    const outcome = await own.keepOutcome(JOB, tableOf([]));
    expect(await read(outcome.uri)).toMatchObject([{ text: 'name,note\n' }]);
    expect(lines).toMatchObject([
      { resource: 'heyreach://results/{resultId}.csv' },
      { resource: 'heyreach://jobs/{jobId}/outcome.csv' },
    ]);
  });

  test('comes in parts of at most 100 kB with whole lines, which together are the file', async () => {
    const { own, read } = setUp();
    const { uri, bytes } = await own.keep(
      tableOf(Array.from({ length: 3_000 }, (_, index) => [`Łukasz ${index}`, 'x'.repeat(60)])),
    );
    expect(bytes).toBeGreaterThan(200_000);
    const parts: string[] = [];
    for (let next: string | undefined = uri; next !== undefined; ) {
      const [part, rest] = await read(next);
      expect(part!.uri).toBe(next);
      expect(Buffer.byteLength(part!.text)).toBeLessThanOrEqual(100_000);
      expect(part!.text.endsWith('\n')).toBe(true);
      parts.push(part!.text);
      if (rest !== undefined) expect(rest.text).toContain(`of ${bytes}. Read ${rest.uri} for the rest.`);
      next = rest?.uri;
    }
    expect(parts).toHaveLength(3);
    expect(`\ufeff${parts.join('')}`).toBe(
      Buffer.from((await own.resultCsv(parseFileUri(uri)!.resultId!))!).toString(),
    );
  });

  test('is cut between two characters if a line is longer than a part', async () => {
    const { own, read } = setUp();
    const { uri } = await own.keep(tableOf([['🚀'.repeat(60_000), '']]));
    const texts = [];
    for (let next: string | undefined = uri; next !== undefined; ) {
      const [part, rest] = await read(next);
      texts.push(part!.text);
      next = rest?.uri;
    }
    expect(texts.join('')).toBe(`name,note\n${'🚀'.repeat(60_000)},\n`);
    expect((await read(`${uri}?offset=14`))[0]!.text.startsWith('🚀')).toBe(true);
  });

  test('is not found with another key, another id, or no key', async () => {
    const { own, read } = setUp();
    const { uri } = await own.keep(tableOf([]));
    const unknown = 'heyreach://results/ffffffffffff.csv';
    const asJob = `heyreach://jobs/${parseFileUri(uri)!.resultId}/outcome.csv`;
    await expect(read(uri, GRACE)).rejects.toMatchObject({ code: -32_602, message: /^No such file\./ });
    await expect(read(unknown)).rejects.toMatchObject({ code: -32_602 });
    await expect(read(asJob)).rejects.toMatchObject({ code: -32_602 });
  });

  test('has nothing after its end', async () => {
    const { own, read } = setUp();
    const { uri } = await own.keep(tableOf([]));
    await expect(read(`${uri}?offset=999`)).rejects.toThrow('The file has 13 bytes, so nothing is at offset 999.');
  });

  test.each([
    'heyreach://results/ABC.csv',
    'heyreach://results/0123456789ab',
    'heyreach://results/0123456789ab.csv?offset=-1',
    'heyreach://results/0123456789ab.csv?offset=1&x=1',
    'heyreach://jobs/../outcome.csv',
    'heyreach://jobs/0123456789ab/outcome.csv#a',
    'https://example.com/results/0123456789ab.csv',
  ])('has no URI such as %s', (uri) => {
    expect(parseFileUri(uri)).toBeUndefined();
  });
});

test('a caller without a key reads that a key is required', async () => {
  const context = { client: undefined, files: openFiles(), log: { info() {}, warn() {} } } as unknown as RequestContext;
  const reading = readCsvFile(parseFileUri(`heyreach://jobs/${JOB}/outcome.csv`)!, context);
  await expect(reading).rejects.toThrow('Send the key in the X-API-KEY header');
});
