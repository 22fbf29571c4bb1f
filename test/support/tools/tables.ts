import type { ToolResult } from '../clients/clients.ts';

/** The rows of a result's table as objects. */
export function rowsOf({ structuredContent }: ToolResult, table = structuredContent): Record<string, unknown>[] {
  const { columns = [], rows = [] } = (table ?? {}) as { columns?: string[]; rows?: unknown[][] };
  return rows.map((cells) => Object.fromEntries(cells.map((cell, index) => [columns[index], cell])));
}
