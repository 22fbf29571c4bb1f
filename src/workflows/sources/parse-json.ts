import { isRecord } from '../../lib/json.ts';
import { ParseError } from './source-error.ts';

/** Names under which programs put their rows into a JSON object. */
const ROW_KEYS = ['rows', 'items', 'data', 'results', 'leads', 'people', 'profiles', 'contacts'];
/** Objects nested deeper become one cell with their JSON. */
const MAX_DEPTH = 3;

/** Records of cells by column name. Columns are in the order in which they first appear. */
export interface NamedRows {
  columns: string[];
  rows: string[][];
}

/** Reads a JSON list of objects, or an object that holds one. @throws ParseError */
export function parseJsonRows(text: string): NamedRows {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new ParseError('is not valid JSON', 'Export it again, or use CSV.');
  }
  const rows = Array.isArray(value) ? value : isRecord(value) ? rowsIn(value) : undefined;
  if (rows === undefined)
    throw new ParseError('has no list of rows', 'Use a JSON list with an object for each person.');
  return toRows(rows.map((row, index) => asRecord(row, `row ${index + 1}`)));
}

/** Reads JSON Lines: an object on each line. @throws ParseError */
export function parseJsonLines(text: string): NamedRows {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  return toRows(
    lines.flatMap((line, index) => {
      if (line.trim() === '') return [];
      try {
        return [asRecord(JSON.parse(line), `line ${index + 1}`)];
      } catch (error) {
        if (error instanceof ParseError) throw error;
        throw new ParseError(`has no valid JSON on line ${index + 1}`, 'Correct that line, or export the file again.');
      }
    }),
  );
}

function rowsIn(value: Record<string, unknown>): unknown[] | undefined {
  const named = ROW_KEYS.map((name) => value[name]).find(Array.isArray);
  return named ?? Object.values(value).find(Array.isArray);
}

function asRecord(row: unknown, place: string): Record<string, unknown> {
  if (isRecord(row)) return row;
  // A list of URLs is a table of one column.
  if (typeof row === 'string') return { profileUrl: row };
  throw new ParseError(`has no object in ${place}`, 'Use an object for each person.');
}

function toRows(records: readonly Record<string, unknown>[]): NamedRows {
  const places = new Map<string, number>();
  const rows = records.map((record) => {
    const cells: string[] = [];
    for (const [name, value] of flatten(record)) {
      const place = places.get(name) ?? places.size;
      places.set(name, place);
      cells[place] = value;
    }
    return cells;
  });
  const columns = [...places.keys()];
  return { columns, rows: rows.map((cells) => columns.map((_, index) => cells[index] ?? '')) };
}

/** The fields of an object, those of objects in it under names such as `company.name`. */
function flatten(record: Record<string, unknown>, prefix = '', depth = 1): [string, string][] {
  return Object.entries(record).flatMap(([key, value]): [string, string][] => {
    const name = `${prefix}${key}`;
    if (isRecord(value) && depth < MAX_DEPTH) return flatten(value, `${name}.`, depth + 1);
    return [[name, cellOf(value)]];
  });
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  const isPlain = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  return isPlain ? value.join(', ') : JSON.stringify(value);
}
