import { isRecord } from '../../lib/json.ts';
import type { ToolResult } from '../tool.ts';
import { fitResult } from './fit-result.ts';
import { isLink } from './table-links.ts';
import type { ErrorBody } from './tool-result.ts';

/** How many rows each workspace has in the result of all. */
export const ROWS_EACH = 10;
const CURSORS = ['nextCursor', 'nextOffset'];

/** The result of a tool in one workspace. */
export interface WorkspaceResult {
  workspace: string;
  result: ToolResult;
}

/**
 * One result of several workspaces: first the counts of each, then ten rows of each.
 * @returns the first error where no workspace has a result.
 */
export function joinResults(results: readonly WorkspaceResult[]): ToolResult {
  const ended = results.filter(({ result }) => result.isError !== true);
  const failed = results.filter(({ result }) => result.isError === true);
  if (ended.length === 0) return failed[0]!.result;
  const parts = ended.map(({ workspace, result }) =>
    split(workspace, result.structuredContent as Record<string, unknown>),
  );
  const paths = new Set(parts.flatMap(({ untrusted }) => untrusted));
  const data = {
    workspaces: parts.map(({ counts }) => counts),
    tables: parts.flatMap(({ table }) => table ?? []),
    ...(failed.length === 0 ? {} : { incomplete: failed.map(toGap) }),
  };
  const { structured, text } = fitResult({ data, untrustedFields: [...paths] }, { full: true });
  const links = ended.flatMap(({ result }) => result.content.filter(isLink));
  return { content: [{ type: 'text', text }, ...links], structuredContent: structured };
}

function split(workspace: string, structure: Record<string, unknown>) {
  const { untrustedFields = [], ...fields } = structure as { untrustedFields?: string[] };
  const isTable = (name: string) => ['columns', 'rows'].includes(name) || isRowsObject(fields[name as never]);
  const entries = Object.entries(fields).filter(([name]) => !CURSORS.includes(name));
  const tables = entries.filter(([name]) => isTable(name));
  const rows = (fields as { rows?: unknown }).rows;
  const left = Array.isArray(rows) ? Math.max(0, rows.length - ROWS_EACH) : 0;
  const hasMore = left > 0 || CURSORS.some((name) => name in fields);
  return {
    counts: { workspace, ...Object.fromEntries(entries.filter(([name]) => !isTable(name))) },
    table:
      tables.length === 0
        ? undefined
        : {
            workspace,
            ...Object.fromEntries(tables.map(([name, value]) => [name, name === 'rows' ? firstRows(value) : value])),
            ...(hasMore ? { more: `Call with workspace=${workspace} for further rows.` } : {}),
          },
    untrusted: untrustedFields.map((path) => {
      const [name = ''] = /^\w+/.exec(path) ?? [];
      return `${isTable(name) ? 'tables' : 'workspaces'}[].${path}`;
    }),
  };
}

function isRowsObject(value: unknown): boolean {
  return isRecord(value) && Array.isArray(value.rows);
}

function firstRows(rows: unknown): unknown {
  return Array.isArray(rows) ? rows.slice(0, ROWS_EACH) : rows;
}

function toGap({ workspace, result }: WorkspaceResult) {
  const { error } = result.structuredContent as { error: ErrorBody };
  return { workspace, reason: error.message, nextStep: error.nextStep };
}
