import { HeyReachError } from '../client/index.ts';
import type { ToolReport } from '../observability/events.ts';
import { parseArguments } from './arguments/parse-arguments.ts';
import { rejectMissingRows, requireConfirmation } from './confirmation/confirm.ts';
import { restoreRows } from './confirmation/restore-rows.ts';
import { type InputRequest, isInputRequest } from './confirmation/types.ts';
import { checkDraft } from './draft-check.ts';
import { executeWrite, invoke } from './execute-tool.ts';
import { openAudit } from './logging/audit-recorder.ts';
import {
  type CallTrace,
  clientOf,
  createCallTrace,
  createToolContext,
  type RequestContext,
  type ToolCall,
  type ToolRequest,
  withSource,
} from './request-context.ts';
import { joinResults } from './results/all-workspaces.ts';
import {
  addRequestId,
  type ErrorBody,
  internalError,
  noKey,
  rejectInput,
  unsentResult,
} from './results/tool-result.ts';
import type { Tool, ToolResult } from './tool.ts';
import { ALL_WORKSPACES, chooseWorkspace } from './workspaces.ts';

/** Key of a result's `_meta`: fields with an unexpected type. */
const UNEXPECTED_FIELDS_META = 'heyreach-mcp/unexpectedFields';

/**
 * Runs a tool: validate the arguments, confirm, call, shape, map errors, log. Never rejects.
 * @returns a result, or an input request that the client must answer before the call can be made.
 */
export async function runTool(
  tool: Tool,
  request: ToolRequest,
  requestContext: RequestContext,
): Promise<ToolResult | InputRequest> {
  const startedAt = performance.now();
  const trace = createCallTrace();
  let result: ToolResult | InputRequest;
  try {
    result = await runInWorkspace(tool, request, requestContext, trace);
  } catch (error) {
    requestContext.log.error({ tool: tool.name, err: error }, 'tool broke');
    result = internalError(tool, error, 'not_sent');
  }
  const error = reportEnd(tool, result, requestContext, trace, performance.now() - startedAt);
  if (isInputRequest(result)) return result;
  const answer = error === undefined ? result : addRequestId(result, requestContext.requestId);
  const hasUnexpected = trace.unexpectedFields.length > 0;
  const _meta = hasUnexpected ? { [UNEXPECTED_FIELDS_META]: trace.unexpectedFields } : {};
  return withSource(Object.assign({}, answer, { _meta }), requestContext);
}

/** Runs the tool in the workspace that the call names, or in all. */
async function runInWorkspace(
  tool: Tool,
  request: ToolRequest,
  requestContext: RequestContext,
  trace: CallTrace,
): Promise<ToolResult | InputRequest> {
  const { workspaces } = requestContext;
  if (workspaces === undefined) return runParsed(tool, request, requestContext, trace);
  const choice = chooseWorkspace(tool, request.arguments, workspaces);
  if ('issue' in choice) return rejectInput(tool, choice.issue);
  const runIn = (workspace: string, notify: ToolRequest['notify']) => {
    const context = { ...requestContext, client: workspaces.clientOf(workspace), workspace };
    return runParsed(tool, { ...request, arguments: choice.arguments, notify }, context, trace);
  };
  trace.workspace = 'all' in choice ? ALL_WORKSPACES : choice.name;
  if (!('all' in choice)) {
    if (choice.name !== undefined) return runIn(choice.name, request.notify);
    return runParsed(tool, { ...request, arguments: choice.arguments }, requestContext, trace);
  }
  const results = await Promise.all(
    // The progress of several reads would not grow.
    choice.all.map(async (workspace) => ({ workspace, result: (await runIn(workspace, undefined)) as ToolResult })),
  );
  return joinResults(results);
}

async function runParsed(
  tool: Tool,
  rawRequest: ToolRequest,
  requestContext: RequestContext,
  trace: CallTrace,
): Promise<ToolResult | InputRequest> {
  const client = clientOf(tool, requestContext);
  const restored = restoreRows(tool, rawRequest.arguments, requestContext);
  const isUnchanged = restored.arguments === rawRequest.arguments;
  const request = isUnchanged ? rawRequest : { ...rawRequest, arguments: restored.arguments };
  const deadline = Date.now() + requestContext.toolMs;
  if (client !== undefined && restored.rowsMissingFor !== undefined) {
    const call = { tool, input: {}, confirmToken: undefined, request, requestContext, client, trace, deadline };
    return rejectMissingRows(call, restored.rowsMissingFor);
  }
  const parsed = parseArguments(tool, restored.arguments);
  if (!parsed.ok) return rejectInput(tool, parsed.issues);
  if (client === undefined) return noKey();
  const { confirmToken, ...input } = parsed.input as { confirmToken?: string };
  const call = { tool, input, confirmToken, request, requestContext, client, trace, deadline };
  return tool.risk === 'read' ? (await invoke(call, createToolContext(call))).result : runWrite(call);
}

async function runWrite(call: ToolCall): Promise<ToolResult | InputRequest> {
  const audit = await openAudit(call);
  if (!audit.ok) return audit.result;
  const draft = await checkDraft(call);
  if (!draft.ok) return draft.result;
  try {
    const decision = await requireConfirmation(call);
    return decision.ok ? await executeWrite(call, decision.approval) : decision.result;
  } catch (error) {
    // Neither a confirmation nor a lock can be had. Nothing was sent: a call that was made never rejects.
    if (error instanceof HeyReachError && error.kind === 'store_unavailable')
      return unsentResult(call.tool, error, call.input);
    throw error;
  }
}

const FAILED = 'tool failed';
const LOG_MESSAGES: Record<ToolReport['outcome'], string> = {
  ok: 'tool answered',
  asked: 'tool asks first',
  declined: 'tool was declined',
  not_sent: FAILED,
  refused: FAILED,
  unknown: FAILED,
};

/** Logs and measures the end of a call. @returns the error in its result. */
function reportEnd(
  tool: Tool,
  result: ToolResult | InputRequest,
  { instrumentation, log }: RequestContext,
  { attempts, workspace }: CallTrace,
  ms: number,
): ErrorBody | undefined {
  const { error, confirmation, declined } = (
    isInputRequest(result) ? { confirmation: {} } : (result.structuredContent ?? {})
  ) as { error?: ErrorBody; confirmation?: unknown; declined?: unknown };
  const outcome = error?.outcome ?? (declined !== undefined ? 'declined' : confirmation !== undefined ? 'asked' : 'ok');
  instrumentation?.toolEnded({ tool: tool.name, outcome, ms });
  log[error === undefined ? 'info' : 'warn'](
    {
      tool: tool.name,
      ...(workspace === undefined ? {} : { workspace }),
      ms: Math.round(ms),
      ...(error === undefined ? {} : { error: error.kind, outcome }),
      attempts: attempts.map(({ path, ended, ms }) => `${path} ${ended} ${ms}ms`),
    },
    LOG_MESSAGES[outcome],
  );
  return error;
}
