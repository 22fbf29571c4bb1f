import { isRecord } from '../../../lib/json.ts';
import { quoteName } from '../../../lib/outside-text.ts';
import { inline, SHOWN_ROWS } from '../../../lib/text-format.ts';
import { optionalRead } from '../../../mcp/reads.ts';
import type { ToolContext } from '../../../mcp/tool.ts';

const PAGE = 100;
const MAX_PAGES = 3;

/** Workspaces as a preview names them. */
export interface WorkspaceNames {
  /** `"Example agency" (workspace 1)`, or `workspace 1` when its name is unknown. */
  lines: string[];
  facts: { workspaceId: number; workspaceName?: string }[];
  warnings: string[];
}

/** Reads the names of some or all workspaces. Tolerates any response, because its shape is undocumented. */
export async function readWorkspaceNames(
  requested: readonly number[] | 'all',
  context: ToolContext,
): Promise<WorkspaceNames> {
  const { names, isAll } = await readWorkspaces(requested, context);
  const ids = requested === 'all' ? [...names.keys()] : requested;
  const missing = isAll && names.size > 0 ? ids.filter((id) => !names.has(id)) : [];
  return {
    lines: ids.map((id) => (names.get(id) ? `${quoteName(names.get(id))} (workspace ${id})` : `workspace ${id}`)),
    facts: ids.slice(0, SHOWN_ROWS).map((id) => {
      const workspaceName = names.get(id);
      return workspaceName ? { workspaceId: id, workspaceName } : { workspaceId: id };
    }),
    warnings: [
      ...(names.size === 0
        ? ["The organization's workspaces could not be read, so their names are missing here."]
        : []),
      ...(requested === 'all' && names.size > 0 && !isAll ? ['There may be more workspaces than could be read.'] : []),
      ...(missing.length === 0
        ? []
        : [`Not among the workspaces that could be read: workspace ${missing.slice(0, SHOWN_ROWS).join(', ')}.`]),
    ],
  };
}

async function readWorkspaces(requested: readonly number[] | 'all', { client, call }: ToolContext) {
  const names = new Map<number, string>();
  const isEnough = () => requested !== 'all' && requested.every((id) => names.has(id));
  let isAll = false;
  for (let page = 0; page < MAX_PAGES && !isAll && !isEnough(); page += 1) {
    const query = { Offset: page * PAGE, Limit: PAGE };
    const response = await optionalRead(client.organization.getWorkspaces(query, call));
    const rows = rowsOf(response);
    if (rows === undefined) break;
    for (const { id, name } of rows.map(readRow)) if (id !== undefined) names.set(id, name);
    const { totalCount } = isRecord(response) ? response : {};
    isAll = typeof totalCount === 'number' ? names.size >= totalCount : rows.length < PAGE;
  }
  return { names, isAll };
}

function rowsOf(response: unknown): unknown[] | undefined {
  if (Array.isArray(response)) return response;
  return isRecord(response) && Array.isArray(response.items) ? response.items : undefined;
}

function readRow(row: unknown): { id?: number; name: string } {
  if (!isRecord(row)) return { name: '' };
  const id = Number(row.id ?? row.workspaceId);
  const name = [row.workspaceName, row.name].find((value) => typeof value === 'string');
  return Number.isInteger(id) ? { id, name: inline(name) } : { name: '' };
}
