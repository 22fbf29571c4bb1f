import { unlessUnreadable } from '../decoration.ts';
import type { ToolContext } from '../define.ts';
import { isRecord } from '../is-record.ts';
import { inline, SHOWN_ROWS } from '../preview.ts';

const PAGE = 100;
const MOST_PAGES = 3;

/** What could be found out about workspaces that a preview only has to name. */
export interface WorkspaceNames {
  /** `"Example agency" (workspace 1)`, or what there is without a read. */
  lines: string[];
  /** The first of them. */
  facts: { workspaceId: number; workspaceName?: string }[];
  warnings: string[];
}

/** Names workspaces, or all that there are, as far as the answers, whose shape is not published, let it. */
export async function readWorkspaceNames(
  wanted: readonly number[] | 'all',
  context: ToolContext,
): Promise<WorkspaceNames> {
  const { found, isAll } = await readWorkspaces(wanted, context);
  const ids = wanted === 'all' ? [...found.keys()] : wanted;
  const missing = isAll && found.size > 0 ? ids.filter((id) => !found.has(id)) : [];
  return {
    lines: ids.map((id) => (found.get(id) ? `"${found.get(id)}" (workspace ${id})` : `workspace ${id}`)),
    facts: ids.slice(0, SHOWN_ROWS).map((id) => {
      const workspaceName = found.get(id);
      return workspaceName ? { workspaceId: id, workspaceName } : { workspaceId: id };
    }),
    warnings: [
      ...(found.size === 0 ? ["The organization's workspaces could not be read: their names are missing here."] : []),
      ...(wanted === 'all' && found.size > 0 && !isAll ? ['There may be more workspaces than could be read.'] : []),
      ...(missing.length === 0
        ? []
        : [`Not among the workspaces that could be read: workspace ${missing.slice(0, SHOWN_ROWS).join(', ')}.`]),
    ],
  };
}

async function readWorkspaces(wanted: readonly number[] | 'all', { client, call }: ToolContext) {
  const found = new Map<number, string>();
  const isEnough = () => wanted !== 'all' && wanted.every((id) => found.has(id));
  let isAll = false;
  for (let page = 0; page < MOST_PAGES && !isAll && !isEnough(); page += 1) {
    const asked = { Offset: page * PAGE, Limit: PAGE };
    const answer = await unlessUnreadable(client.organization.getWorkspaces(asked, call));
    const rows = rowsOf(answer);
    if (rows === undefined) break;
    for (const { id, name } of rows.map(readRow)) if (id !== undefined) found.set(id, name);
    const { totalCount } = isRecord(answer) ? answer : {};
    isAll = typeof totalCount === 'number' ? found.size >= totalCount : rows.length < PAGE;
  }
  return { found, isAll };
}

function rowsOf(answer: unknown): unknown[] | undefined {
  if (Array.isArray(answer)) return answer;
  return isRecord(answer) && Array.isArray(answer.items) ? answer.items : undefined;
}

function readRow(row: unknown): { id?: number; name: string } {
  if (!isRecord(row)) return { name: '' };
  const id = Number(row.id ?? row.workspaceId);
  const name = [row.workspaceName, row.name].find((one) => typeof one === 'string');
  return Number.isInteger(id) ? { id, name: inline(name) } : { name: '' };
}
