import { trimInvisible } from '../../lib/blank-text.ts';
import { inline } from '../../lib/text-format.ts';
import { isListOfPeople, isTableOfPeople, peopleOfRecord } from './list-records.ts';
import { parseCsv } from './parse-csv.ts';
import { parseJsonLines, parseJsonRows } from './parse-json.ts';
import { holdsProfileUrl, isLikeNoWord, profileUrlOfCell, slugUrlOfCell } from './profile-cells.ts';
import { ParseError } from './source-error.ts';

/** The endings of files that can be read. */
export const FILE_ENDINGS = ['.csv', '.tsv', '.jsonl', '.json'] as const;
type Format = (typeof FILE_ENDINGS)[number];

const MAX_ROWS = 100_000;
const MAX_COLUMNS = 300;
const MAX_COLUMN_NAME = 100;
/** Exports can have notes above their header. LinkedIn writes three lines. */
const MAX_NOTE_RECORDS = 10;

/** A table of texts. An empty text is an empty cell. */
export interface TextTable {
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
export async function parseTable(text: string, format: Format = formatOf(text)): Promise<TextTable> {
  const table = await parseAs(format, text);
  if (table.rows.length > MAX_ROWS) throw new ParseError(`has more than ${MAX_ROWS} rows`, 'Split it.');
  if (table.columns.length > MAX_COLUMNS) {
    throw new ParseError(`has more than ${MAX_COLUMNS} columns`, 'Leave out columns that the import does not need.');
  }
  if (table.rows.length === 0) throw new ParseError('has no row with data', 'Check that it is the right file.');
  return { ...table, columns: uniqueNames(table.columns) };
}

async function parseAs(format: Format, text: string): Promise<TextTable> {
  if (format === '.json') return { ...parseJsonRows(text), tooLong: 0 };
  if (format === '.jsonl') return { ...parseJsonLines(text), tooLong: 0 };
  return fromRecords(await parseCsv(text, format === '.tsv' ? '\t' : undefined));
}

function formatOf(text: string): Format {
  const start = text.replace(/^\ufeff/, '').trimStart();
  // A markdown link begins with a bracket too.
  if (/^\[\s*(?:[[{"\]]|$)/.test(start) && !/^\[[^[\]]*\]\(/.test(start)) return '.json';
  if (!start.startsWith('{')) return '.csv';
  // An object on the first line alone begins JSON Lines.
  return /^\{.*\}[ \t]*(?:\r\n|\n|\r)\s*\{/.test(start) ? '.jsonl' : '.json';
}

function fromRecords(all: readonly (readonly string[])[]): TextTable {
  const records = all.slice(notesAbove(all));
  const first = records[0] ?? [];
  const isList = isListOfPeople(records);
  const hasHeader = !isList && !first.some(holdsProfileUrl);
  const rows = hasHeader ? records.slice(1) : records;
  const widest = rows.reduce((width, cells) => Math.max(width, lastFilled(cells)), 0);
  if (hasHeader && (lastFilled(first) > 1 || widest > 1)) return withHeader(first, rows);
  if (!hasHeader && !isList && isTableOfPeople(rows)) return tableOf(Array(widest).fill(''), rows);
  return tableOf(
    [hasHeader ? (first[0] ?? '') : ''],
    rows.flatMap((cells) => peopleOfRecord(cells, !hasHeader)),
  );
}

function withHeader(header: readonly string[], rows: readonly (readonly string[])[]): TextTable {
  const named = lastFilled(header);
  // A cell beyond the header is left out, but no person.
  const width = rows.reduce((most, cells) => Math.max(most, cells.findLastIndex(holdsProfileUrl) + 1), named);
  const columns = Array.from({ length: width }, (_, index) => header[index] ?? '');
  return { ...tableOf(columns, rows), tooLong: rows.filter((cells) => lastFilled(cells) > named).length };
}

/** A cell with nothing but a profile URL loses the markdown around it. */
function tableOf(columns: string[], rows: readonly (readonly string[])[]): TextTable {
  return {
    columns,
    rows: rows.map((cells) => columns.map((_, index) => profileUrlOfCell(cells[index] ?? '') ?? cells[index] ?? '')),
    tooLong: 0,
  };
}

/** How many records precede the header: those with a single cell, above a record with several. */
function notesAbove(records: readonly (readonly string[])[]): number {
  const header = records.slice(0, MAX_NOTE_RECORDS).findIndex((cells) => filled(cells) > 1);
  const notes = records.slice(0, Math.max(0, header)).flat();
  if (notes.some(holdsProfileUrl)) return 0;
  // A list has lines with a single person, as a URL or as a slug.
  const isList = records[header]?.some(holdsProfileUrl) === true;
  const isSlug = (cell: string) => isLikeNoWord(cell) && slugUrlOfCell(cell) !== undefined;
  return isList && notes.some(isSlug) ? 0 : Math.max(0, header);
}

function filled(cells: readonly string[]): number {
  return cells.filter((cell) => cell.trim() !== '').length;
}

/** The number of cells up to the last that is not empty. */
function lastFilled(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1;
}

/** Column names on one line, each once. Columns without a name are numbered. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((header, index) => {
    const name = inline(trimInvisible(header), MAX_COLUMN_NAME) || `column ${index + 1}`;
    let unique = name;
    for (let count = 2; taken.has(unique); count += 1) unique = `${name} (${count})`;
    taken.add(unique);
    return unique;
  });
}
