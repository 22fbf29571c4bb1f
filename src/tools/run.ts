import { act, read } from './act.ts';
import { isQuestion, type Question } from './asking.ts';
import { openAudit } from './audit-call.ts';
import { seekConsent } from './confirm.ts';
import { type Caller, openTrace, type ToolReport, type ToolRequest, type Trace } from './context.ts';
import type { Tool, ToolResult } from './define.ts';
import { readInput } from './input.ts';
import { type ErrorTwin, internalFault, nameRequest, noKey, refuseInput } from './results.ts';
import { withSource } from './source-meta.ts';

/** Key of a result's `_meta`: fields whose type was not the known one. */
const ODD_FIELDS_META = 'heyreach-mcp/unexpectedFields';

/**
 * The one way a tool is run: read the arguments, see that it is allowed, call, shape, map errors, log. Never rejects.
 * @returns a result, or a question that the client has to put to its person before the call can be made.
 */
export async function runTool(tool: Tool, request: ToolRequest, caller: Caller): Promise<ToolResult | Question> {
  const began = performance.now();
  const trace = openTrace();
  const answered = await answer(tool, request, caller, trace).catch((error: unknown) => {
    caller.log.error({ tool: tool.name, err: error }, 'tool broke');
    return internalFault(tool, error, 'not_sent');
  });
  const ms = performance.now() - began;
  const { error, confirmation, declined } = (
    isQuestion(answered) ? asking : (answered.structuredContent ?? {})
  ) as Record<string, unknown>;
  const failed = error as ErrorTwin | undefined;
  const outcome =
    failed?.outcome ?? (declined !== undefined ? 'declined' : confirmation !== undefined ? 'asked' : 'ok');
  caller.watch?.toolEnded({ tool: tool.name, outcome, ms });
  caller.log[failed === undefined ? 'info' : 'warn'](
    {
      tool: tool.name,
      ms: Math.round(ms),
      ...(failed === undefined ? {} : { error: failed.kind, outcome }),
      attempts: trace.attempts.map(({ path, ended, ms }) => `${path} ${ended} ${ms}ms`),
    },
    SAID[outcome],
  );
  if (isQuestion(answered)) return answered;
  const odd = trace.oddFields.length === 0 ? {} : { [ODD_FIELDS_META]: trace.oddFields };
  const result = failed === undefined ? answered : nameRequest(answered, caller.requestId);
  return withSource({ ...result, _meta: odd }, caller);
}

const FAILED = 'tool failed';
const SAID: Record<ToolReport['outcome'], string> = {
  ok: 'tool answered',
  asked: 'tool asks first',
  declined: 'tool was declined',
  not_sent: FAILED,
  refused: FAILED,
  unknown: FAILED,
};

const asking: Record<string, unknown> = { confirmation: {} };

async function answer(tool: Tool, request: ToolRequest, caller: Caller, trace: Trace): Promise<ToolResult | Question> {
  const given = readInput(tool, request.arguments);
  if (!given.ok) return refuseInput(tool, given.faults);
  const client = tool.toolset === 'organization' ? caller.organization : caller.client;
  if (client === undefined) return noKey();
  const { confirmToken, ...input } = given.input;
  const job = {
    tool,
    input,
    confirmToken: confirmToken as string | undefined,
    request,
    caller,
    client,
    trace,
    deadline: Date.now() + caller.toolMs,
  };
  if (tool.kind === 'read') return read(job);
  const unreadable = await openAudit(job);
  if (unreadable !== undefined) return unreadable;
  const consent = await seekConsent(job);
  return consent.type === 'answer' ? consent.result : act(job, consent);
}
