import { mapColumns } from '../sources/lead-columns.ts';
import type { TextTable } from '../sources/parse-table.ts';

/** The columns of a source with what it knows of people besides their URLs. */
export interface LeadCells {
  /** Fields of a lead, then custom fields of HeyReach. */
  columns: readonly { name: string; isCustom: boolean }[];
  /** The cells of these columns in a row of the source. */
  cellsOf(row: readonly string[]): string[];
}

/** Finds the columns of a source that an import of its people takes too. Other columns are left out. */
export function leadCells(source: TextTable & { name: string; customColumns: readonly string[] }): LeadCells {
  const NONE: LeadCells = { columns: [], cellsOf: () => [] };
  if (source.rows.length === 0) return NONE;
  const { fields, custom } = mapColumns(source, { customColumns: source.customColumns });
  const mapped = [
    ...[...fields].flatMap(([name, column]) => (name === 'profileUrl' ? [] : [{ name, column, isCustom: false }])),
    ...custom.map(({ name, column }) => ({ name, column, isCustom: true })),
  ];
  return {
    columns: mapped.map(({ name, isCustom }) => ({ name, isCustom })),
    cellsOf: (row) => mapped.map(({ column }) => row[column] ?? ''),
  };
}
