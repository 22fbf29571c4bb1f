import type { Params } from './protocol.ts';

/** A row by the names of its columns. */
export type Row = Record<string, unknown>;

/** The result of one workspace. `workspace` is undefined where there is one. */
export interface Part extends Row {
  workspace?: string;
}

/** The data of a tool result: its structure, or its text where the server leaves the structure out. */
export function dataOf(result: Params): Row {
  if (isRecord(result.structuredContent)) return result.structuredContent;
  const text =
    (result.content as { text?: string }[] | undefined)?.find((block) => block.text !== undefined)?.text ?? '';
  try {
    const data: unknown = JSON.parse(text);
    if (isRecord(data)) return data;
  } catch {
    // A host can answer with a sentence of its own.
  }
  return { text };
}

/** The parts of a result. A call for all workspaces has one table and one set of counts per workspace. */
export function partsOf(data: Row): Part[] {
  if (!Array.isArray(data.workspaces)) return [data];
  const tables = (data.tables ?? []) as Part[];
  return (data.workspaces as Part[]).map((counts) => ({
    ...counts,
    ...tables.find(({ workspace }) => workspace === counts.workspace),
  }));
}

/** The rows of a table that has its column names apart. */
export function rowsOf(table: unknown): Row[] {
  const { columns, rows } = (isRecord(table) ? table : {}) as { columns?: string[]; rows?: unknown[][] };
  if (!Array.isArray(columns) || !Array.isArray(rows)) return [];
  return rows.map((cells) => Object.fromEntries(columns.map((name, index) => [name, cells[index]])));
}

/** The text of a cell, without spaces at its ends. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

export function isRecord(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
