import * as z from 'zod';
import { markOwn } from '../../client/operations/fields.ts';

export type Cell = string | number | boolean | null | undefined | readonly (string | number | null)[];

/** Rows as arrays under their column names, which take fewer tokens than objects. */
export interface Table {
  columns: string[];
  rows: Cell[][];
}

/** A table of one row per item. A cell without a value is null. */
export function toTable<Item>(items: readonly Item[], columns: Record<string, (item: Item) => Cell>): Table {
  const cells = Object.values(columns);
  return { columns: Object.keys(columns), rows: items.map((item) => cells.map((cell) => cell(item) ?? null)) };
}

const cells = z.array(z.array(z.unknown()));

/** The fields of a table in an output schema. @param origin whose words its cells can hold. */
export function tableOutput(origin: 'own' | 'outside', description = 'cells in the order of columns') {
  return {
    columns: z.array(z.string()),
    rows: (origin === 'own' ? markOwn(z.array(z.array(z.unknown()))) : cells).describe(description),
  };
}
