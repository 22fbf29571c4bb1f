import { isRecord } from '../../lib/json.ts';
import { namesOfSameThing } from '../arguments/aliases.ts';
import { callerOf, clientOf, type RequestContext, type ToolCall } from '../request-context.ts';
import type { Tool } from '../tool.ts';

/** The arguments of a call, with the rows that it left out. */
export interface RestoredArguments {
  arguments: unknown;
  /** The confirmToken of rows that were left out and that this process does not have. */
  rowsMissingFor?: string;
}

/** Fills in the rows of a call that brings a confirmToken in their place. The published schema of such a tool allows it. */
export function restoreRows(tool: Tool, args: unknown, requestContext: RequestContext): RestoredArguments {
  const { bulkParameter, bulkAlternatives = [] } = tool;
  const { safety } = requestContext;
  const client = clientOf(tool, requestContext);
  if (bulkParameter === undefined || safety.confirm === 'off' || client === undefined || !isRecord(args)) {
    return { arguments: args };
  }
  const { confirmToken } = args;
  const hasRows = [...namesOfSameThing(bulkParameter), ...bulkAlternatives].some((name) => !isLeftOut(args[name]));
  if (typeof confirmToken !== 'string' || confirmToken === '' || hasRows) return { arguments: args };
  const owner = { key: callerOf(client, requestContext), tool: tool.name };
  const shown = safety.confirmations.rows.find(confirmToken, owner);
  if (shown === undefined) return { arguments: args, rowsMissingFor: confirmToken };
  return { arguments: { ...args, [bulkParameter]: shown } };
}

/** Strict hosts send null, an empty text or an empty list for a parameter that the model leaves out. */
function isLeftOut(rows: unknown): boolean {
  return rows === undefined || rows === null || rows === '' || (Array.isArray(rows) && rows.length === 0);
}

/** Keeps the rows that a preview showed, as the client sent them. */
export function keepRows({ tool, input, client, request, requestContext }: ToolCall, handle: string): void {
  const { bulkParameter } = tool;
  if (bulkParameter === undefined) return;
  const sent = isRecord(request.arguments) ? request.arguments[bulkParameter] : undefined;
  const rows = sent ?? input[bulkParameter];
  if (rows === undefined) return;
  const owner = { key: callerOf(client, requestContext), tool: tool.name };
  requestContext.safety.confirmations.rows.keep(handle, owner, rows);
}
