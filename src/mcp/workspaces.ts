import type { HeyReachClient } from '../client/index.ts';
import { closestMatch } from '../lib/closest-match.ts';
import { isRecord } from '../lib/json.ts';
import type { Tool } from './tool.ts';

/** The value of the parameter `workspace` that means every workspace. */
export const ALL_WORKSPACES = 'all';
/** Longer lists of names cost more tokens in each tool than a rejected call. */
const MAX_ENUM = 6;

/** The workspaces of a server that has several keys. */
export interface Workspaces {
  /** In the order of the file. It can change between calls. */
  names(): readonly string[];
  /** The workspace of a read that names none. undefined for the one of HEYREACH_API_KEY, which has no name. */
  byDefault(): string | undefined;
  /** Whether calls choose, because there is more than one. */
  isChoice(): boolean;
  /** undefined for an unknown name. */
  clientOf(name: string): HeyReachClient | undefined;
}

interface WorkspaceScope {
  client: HeyReachClient | undefined;
  workspaces?: Workspaces | undefined;
}

/** The scope of the workspace that arguments of a prompt name. Without a known name, the scope itself. */
export function inNamedWorkspace<Scope extends WorkspaceScope>(
  scope: Scope,
  { workspace }: { workspace?: string },
): Scope {
  const client = workspace === undefined ? undefined : scope.workspaces?.clientOf(workspace);
  return client === undefined ? scope : { ...scope, client };
}

/** The arguments of a call without `workspace`, and the workspaces that it is for. */
export type WorkspaceChoice =
  | { arguments: unknown; name: string | undefined }
  | { arguments: Record<string, unknown>; all: readonly string[] }
  | { issue: string };

/** The parameter in `tools/list`. undefined for a tool without a choice. */
export function workspaceParameter(
  tool: Tool,
  workspaces: Workspaces,
): { schema: object; isRequired: boolean } | undefined {
  if (!takesWorkspace(tool) || !workspaces.isChoice()) return undefined;
  const names = workspaces.names();
  const values = tool.allWorkspaces === undefined ? names : [...names, ALL_WORKSPACES];
  const isRequired = tool.risk !== 'read';
  const byDefault = isRequired ? undefined : workspaces.byDefault();
  return {
    schema: {
      type: 'string',
      ...(values.length > MAX_ENUM ? {} : { enum: values }),
      ...(byDefault === undefined ? {} : { description: `Default ${byDefault}` }),
    },
    isRequired,
  };
}

/** Tools of an organization have a key of their own. */
function takesWorkspace({ toolset }: Tool): boolean {
  return toolset !== 'organization';
}

/** Strict hosts send null or an empty text for a parameter that the model leaves out. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** Takes the parameter `workspace` out of the arguments of a call. A write must name one, so that it cannot hit another. */
export function chooseWorkspace(tool: Tool, args: unknown, workspaces: Workspaces): WorkspaceChoice {
  if (!takesWorkspace(tool) || (args !== undefined && args !== null && !isRecord(args))) {
    return { arguments: args, name: undefined };
  }
  const { workspace, ...rest } = args ?? {};
  const names = workspaces.names();
  const known = `one of ${names.join(', ')}`;
  if (!isGiven(workspace)) {
    if (tool.risk !== 'read' && workspaces.isChoice()) return { issue: `workspace is required: ${known}` };
    return { arguments: rest, name: workspaces.byDefault() };
  }
  if (workspace === ALL_WORKSPACES) {
    if (tool.allWorkspaces !== undefined) {
      if (isGiven(rest.cursor)) return { issue: `cursor goes on in one workspace: ${known}, not all` };
      return { arguments: { ...rest, ...tool.allWorkspaces }, all: names };
    }
    const kind = tool.risk === 'read' ? 'this tool reads' : 'a write takes';
    return { issue: `workspace cannot be all: ${kind} one workspace, ${known}` };
  }
  if (typeof workspace === 'string' && names.includes(workspace)) return { arguments: rest, name: workspace };
  const closest = closestMatch(String(workspace), names);
  const hint = closest === undefined ? '' : `; did you mean ${closest}?`;
  return { issue: `workspace must be ${known} (got ${JSON.stringify(workspace)?.slice(0, 60)}${hint})` };
}
