import { trimInvisible } from '../../lib/blank-text.ts';
import { inline } from '../../lib/text-format.ts';
import { parseCsv } from './parse-csv.ts';
import { parseJson, parseJsonLines } from './parse-json.ts';
import { ParseError } from './source-error.ts';

/** The endings of files that can be read. */
export const FILE_ENDINGS = ['.csv', '.tsv', '.jsonl', '.json'] as const;
type Format = (typeof FILE_ENDINGS)[number];

const MAX_ROWS = 100_000;
const MAX_COLUMNS = 300;
const MAX_COLUMN_NAME = 100;
/** Exports can have notes above their header. LinkedIn writes three lines. */
const MAX_NOTE_RECORDS = 10;
const PROFILE_URL = /^\s*(?:https?:\/\/)?(?:[a-z0-9-]+\.)?linkedin\.com\/(?:in|sales|pub|company|school)\//i;

/** A table of texts. An empty text is an empty cell. */
export interface Table {
  columns: string[];
  /** As many cells as columns. */
  rows: string[][];
  /** Rows with more cells than there are columns. Their further cells are left out. */
  tooLong: number;
}

/**
 * Parses the text of a file.
 * @param format the ending of the file. undefined to find out from the text.
 * @throws ParseError
 */
export async function parseTable(text: string, format: Format = formatOf(text)): Promise<Table> {
  const table = await parseAs(format, text);
  if (table.rows.length > MAX_ROWS) throw new ParseError(`has more than ${MAX_ROWS} rows`, 'Split it.');
  if (table.columns.length > MAX_COLUMNS) {
    throw new ParseError(`has more than ${MAX_COLUMNS} columns`, 'Leave out columns that the import does not need.');
  }
  if (table.rows.length === 0) throw new ParseError('has no row with data', 'Check that it is the right file.');
  return { ...table, columns: uniqueNames(table.columns) };
}

async function parseAs(format: Format, text: string): Promise<Table> {
  if (format === '.json') return { ...parseJson(text), tooLong: 0 };
  if (format === '.jsonl') return { ...parseJsonLines(text), tooLong: 0 };
  return fromRecords(await parseCsv(text, format === '.tsv' ? '\t' : undefined));
}

function formatOf(text: string): Format {
  const start = text.trimStart().charAt(0);
  if (start === '[') return '.json';
  if (start !== '{') return '.csv';
  // An object on the first line alone begins JSON Lines.
  return /^\s*\{.*\}[ \t]*(?:\r\n|\n|\r)\s*\{/.test(text) ? '.jsonl' : '.json';
}

function fromRecords(all: readonly (readonly string[])[]): Table {
  const records = all.slice(notesAbove(all));
  const first = records[0] ?? [];
  const hasHeader = !first.some(isProfileUrl);
  const width = hasHeader ? lastFilled(first) : Math.max(0, ...records.map(lastFilled));
  const rows = hasHeader ? records.slice(1) : records;
  const columns = Array.from({ length: width }, (_, index) => (hasHeader ? (first[index] ?? '') : ''));
  return {
    columns,
    rows: rows.map((cells) => columns.map((_, index) => cells[index] ?? '')),
    tooLong: rows.filter((cells) => lastFilled(cells) > width).length,
  };
}

/** How many records precede the header: those with a single cell, above a record with several. */
function notesAbove(records: readonly (readonly string[])[]): number {
  const header = records.slice(0, MAX_NOTE_RECORDS).findIndex((cells) => filled(cells) > 1);
  // A list of URLs has rows with a single cell.
  return records.slice(0, Math.max(0, header)).some((cells) => cells.some(isProfileUrl)) ? 0 : Math.max(0, header);
}

function filled(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}

/** The number of cells up to the last that is not empty. */
function lastFilled(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1;
}

/** A cell of a row, and not of a header. The notes of LinkedIn link to other pages of it. */
function isProfileUrl(cell: string): boolean {
  return PROFILE_URL.test(cell);
}

/** Column names on one line, each once. Columns without a name are numbered. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((given, index) => {
    const name = inline(trimInvisible(given), MAX_COLUMN_NAME) || `column ${index + 1}`;
    let unique = name;
    for (let count = 2; taken.has(unique); count += 1) unique = `${name} (${count})`;
    taken.add(unique);
    return unique;
  });
}
