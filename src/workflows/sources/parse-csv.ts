import type { CsvError, Options } from 'csv-parse/sync';
import { ParseError } from './source-error.ts';

/** The delimiters to try. If two fit equally well, the earlier one is used. */
const DELIMITERS = [',', ';', '\t'] as const;
/** How many records decide which delimiter fits. */
const SNIFFED_RECORDS = 20;
/** Excel writes it into the first line to name its delimiter. */
const SEP_LINE = /^sep=(.)(?:\r\n|\n|\r)/i;

const OPTIONS = {
  bom: true,
  // A quotation mark inside an unquoted cell is text.
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
  record_delimiter: ['\r\n', '\n', '\r'],
} satisfies Options;

/**
 * Splits a CSV or TSV text into records of cells, without blank lines.
 * @param delimiter undefined to find out.
 * @throws ParseError for a quotation that is never closed.
 */
export async function parseCsv(text: string, delimiter?: string): Promise<string[][]> {
  const { parse } = await import('csv-parse/sync');
  const named = SEP_LINE.exec(text);
  const body = named === null ? text : text.slice(named[0].length);
  const read = (options: Options): string[][] => parse(body, { ...OPTIONS, ...options }) as unknown as string[][];
  try {
    const sniff = (candidate: string) => {
      try {
        return scoreOf(read({ delimiter: candidate, to: SNIFFED_RECORDS }));
      } catch {
        // Read with a wrong delimiter, a cell can look like a quotation that is never closed.
        return 0;
      }
    };
    return read({ delimiter: named?.[1] ?? delimiter ?? best(DELIMITERS, sniff) });
  } catch (error) {
    const { code, lines } = error as CsvError & { lines?: number };
    if (code === undefined) throw error;
    const place = lines === undefined ? '' : ` near line ${lines}`;
    throw new ParseError(
      `is not valid CSV${place}: ${code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quotation mark is never closed' : code}`,
      'Correct that line, or export the file again.',
    );
  }
}

/** How well a delimiter fits: the cells of the usual record, if most records have as many. */
function scoreOf(records: readonly (readonly string[])[]): number {
  const widths = records.map(({ length }) => length);
  const cellsIn = (width: number) => width * widths.filter((other) => other === width).length;
  const most = Math.max(...widths.map(cellsIn), 0);
  const usualWidth = widths.find((width) => cellsIn(width) === most) ?? 0;
  return usualWidth > 1 ? most : 0;
}

function best<Candidate>(candidates: readonly Candidate[], score: (candidate: Candidate) => number): Candidate {
  const scores = candidates.map(score);
  return candidates[scores.indexOf(Math.max(...scores))]!;
}
