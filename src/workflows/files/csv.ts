import { sanitizeText } from '../../lib/sanitize-text.ts';
import type { Cell, ResultTable } from '../../mcp/services/caller-files.ts';

/**
 * A table as CSV in UTF-8, with a byte order mark, because spreadsheets read other alphabets only with one. A text that a
 * spreadsheet would take for a formula gets an apostrophe.
 */
export async function toCsv({ columns, rows }: Pick<ResultTable, 'columns' | 'rows'>): Promise<Buffer> {
  // Loaded with the first table, not at the start of a stdio server.
  const { stringify } = await import('csv-stringify/sync');
  const text = stringify([columns.map(toCell), ...rows.map((row) => columns.map((_, index) => toCell(row[index])))], {
    // After hidden characters are gone, because one of them could stand before the sign of a formula.
    escape_formulas: true,
    bom: true,
  });
  return Buffer.from(text);
}

function toCell(cell: Cell): string | number {
  if (cell === undefined) return '';
  return typeof cell === 'number' ? cell : sanitizeText(String(cell));
}
