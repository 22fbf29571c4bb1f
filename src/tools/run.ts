import type { CallToolResult } from '@modelcontextprotocol/server';
import { type AttemptReport, type HeyReachClient, HeyReachError, waitFor } from '../client/index.ts';
import type { Log } from '../log.ts';
import { cleanText } from './clean.ts';
import type { Tool, ToolAnswer, ToolContext } from './define.ts';
import { readInput } from './input.ts';
import { nextStepFor } from './next-steps.ts';
import { fitOutput } from './output.ts';
import { shapeAnswer } from './shape.ts';

/** Hosts give up after 60 s; every tool answers before that, follow-up reads included. */
const DEADLINE_MS = 54_000;
/** A progress notification that arrives together with the result is lost by some clients. */
const PROGRESS_GAP_MS = 25;

/** On whose behalf tools run. */
export interface Caller {
  /** undefined when nobody gave a key. */
  client: HeyReachClient | undefined;
  /** The organization's own client, with its own key. */
  organization: HeyReachClient | undefined;
  source: 'live' | 'sandbox';
  log: Log;
}

/** The MCP request that a tool answers. */
export interface ToolRequest {
  arguments: unknown;
  signal: AbortSignal;
  /** Sends a progress notification, if the client asked for them. */
  notify?: ((progress: { progress: number; total: number; message: string }) => Promise<void>) | undefined;
  deadlineMs?: number;
}

/** Keys of a result's `_meta`: where its data came from, and fields whose type was not the known one. */
const SOURCE_META = 'heyreach-mcp/source';
const ODD_FIELDS_META = 'heyreach-mcp/unexpectedFields';
const MAX_ODD_FIELDS = 20;

/** What a call left behind for the log and the result's `_meta`. */
interface Trace {
  attempts: AttemptReport[];
  oddFields: string[];
}

/** The one way a tool is run: read the arguments, call, shape, map errors, log. Never rejects. */
export async function runTool(tool: Tool, request: ToolRequest, caller: Caller): Promise<CallToolResult> {
  const began = performance.now();
  const trace: Trace = { attempts: [], oddFields: [] };
  const result = await answer(tool, request, caller, trace);
  const { error } = (result.structuredContent ?? {}) as { error?: { kind: string; outcome: string } };
  caller.log[error === undefined ? 'info' : 'warn'](
    {
      tool: tool.name,
      ms: Math.round(performance.now() - began),
      ...(error === undefined ? {} : { error: error.kind, outcome: error.outcome }),
      attempts: trace.attempts.map(({ path, ended, ms }) => `${path} ${ended} ${ms}ms`),
    },
    error === undefined ? 'tool answered' : 'tool failed',
  );
  const odd = trace.oddFields.length === 0 ? {} : { [ODD_FIELDS_META]: trace.oddFields };
  return { ...result, _meta: { [SOURCE_META]: caller.source, ...odd } };
}

async function answer(tool: Tool, request: ToolRequest, caller: Caller, trace: Trace): Promise<CallToolResult> {
  const read = readInput(tool, request.arguments);
  if (!read.ok) return refuseInput(tool, read.faults);
  const client = tool.toolset === 'organization' ? caller.organization : caller.client;
  if (client === undefined) return errorResult(noKey());
  const context = openContext(tool, request, caller, client, read.input.detail === 'full', trace);
  try {
    const found = await tool.run(read.input, context);
    const result = toResult(tool, found, context.full, trace);
    return found.error === undefined ? result : failedResult(tool, found.error, read.input, result);
  } catch (error) {
    if (!(error instanceof HeyReachError)) return internalFault(tool, error, caller);
    const settled = isEcho(tool, error) ? await readBack(tool, error, read.input, context) : error;
    if (!(settled instanceof HeyReachError)) return toResult(tool, settled, context.full, trace);
    return errorResult(twinOf(settled, nextStepFor(tool, settled, read.input)), settled);
  }
}

/** A refusal of a retried call may be the echo of its success, whatever its status. */
function isEcho(tool: Tool, error: HeyReachError): boolean {
  return tool.repeat === 'same' && error.afterUnclearAttempt && error.outcome === 'refused';
}

/** The state decides what an echo meant: done, not done, or, where it cannot be read, unknown. */
async function readBack(
  tool: Tool,
  error: HeyReachError,
  input: Record<string, unknown>,
  context: ToolContext,
): Promise<ToolAnswer | HeyReachError> {
  if (tool.readBack == null) return error.asUnknown();
  try {
    return (await tool.readBack(input as never, context)) ?? error;
  } catch {
    return error.asUnknown();
  }
}

/** A failure that comes with an account of how far the call got. */
function failedResult(
  tool: Tool,
  error: HeyReachError,
  input: Record<string, unknown>,
  result: CallToolResult,
): CallToolResult {
  // The account knows more than a general rule about what is left to do.
  const { nextStep: own } = (result.structuredContent ?? {}) as { nextStep?: unknown };
  const nextStep = typeof own === 'string' ? own : nextStepFor(tool, error, input);
  const failed = errorResult(twinOf(error, nextStep), error);
  const account = JSON.stringify(result.structuredContent);
  return {
    ...failed,
    content: [...failed.content, { type: 'text', text: account }],
    structuredContent: Object.assign({}, result.structuredContent, failed.structuredContent),
  };
}

function openContext(
  tool: Tool,
  request: ToolRequest,
  caller: Caller,
  client: HeyReachClient,
  full: boolean,
  trace: Trace,
): ToolContext {
  const deadline = Date.now() + (request.deadlineMs ?? DEADLINE_MS);
  const { signal, notify } = request;
  return {
    client,
    source: caller.source,
    full,
    call: {
      signal,
      deadline,
      observe: (report) => trace.attempts.push(report),
      onLate: (ended) =>
        caller.log.warn(
          { tool: tool.name, ended: ended.type === 'answer' ? ended.status : ended.reason },
          'a request ended after its caller had left',
        ),
      onOddFields: (paths) => trace.oddFields.push(...paths.slice(0, MAX_ODD_FIELDS)),
    },
    async progress(done, total, message) {
      if (notify === undefined) return;
      // Whoever listened may have gone: that must not decide a call.
      await notify({ progress: done, total, message }).catch(() => {});
      await waitFor(PROGRESS_GAP_MS, signal);
    },
    wait: (ms) => waitFor(Math.min(ms, deadline - Date.now()), signal),
  };
}

function toResult(tool: Tool, found: ToolAnswer, full: boolean, trace: Trace): CallToolResult {
  // Only tools with a compact form leave anything out.
  const keepAll = full || !('detail' in tool.input);
  const { structured, text } = shapeAnswer(
    { ...found, data: setAside(found.data) },
    { full: keepAll, clipAt: tool.clipAt },
  );
  const changed = fitOutput(tool, structured);
  trace.oddFields.push(...changed);
  return {
    content: [{ type: 'text', text: changed.length === 0 ? text : JSON.stringify(structured) }],
    structuredContent: structured,
  };
}

/** Names that mean something in every result of ours: HeyReach's own fields of that name are shown under another. */
const OWN_NAMES = ['error', 'confirmation', 'declined'];

function setAside(data: Record<string, unknown>): Record<string, unknown> {
  if (!OWN_NAMES.some((name) => name in data)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [OWN_NAMES.includes(name) ? `heyreach_${name}` : name, value]),
  );
}

/** The structured form of an error, equal for all tools. */
export interface ErrorTwin {
  kind: string;
  status?: number;
  message: string;
  nextStep: string;
  retryAfterSeconds?: number;
  outcome: 'not_sent' | 'refused' | 'unknown';
}

const OUTCOMES = {
  not_sent: 'not_sent: nothing left this machine.',
  refused: 'refused: HeyReach said no and nothing was done.',
  unknown: 'unknown: it may or may not have been done.',
};

function twinOf(error: HeyReachError, nextStep: string): ErrorTwin {
  return {
    kind: error.kind,
    ...(error.status === undefined ? {} : { status: error.status }),
    message: cleanText(error.message),
    nextStep,
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    outcome: error.outcome,
  };
}

function errorResult(twin: ErrorTwin, error?: HeyReachError): CallToolResult {
  const said = twin.status === undefined ? twin.message : `HeyReach said (HTTP ${twin.status}): ${twin.message}`;
  const flight = error?.inFlight ? ' The request is still in flight.' : '';
  const lines = [said, error?.meaning, `Next step: ${twin.nextStep}`, `Outcome: ${OUTCOMES[twin.outcome]}${flight}`];
  return {
    isError: true,
    content: [{ type: 'text', text: lines.filter((line) => line !== undefined).join('\n') }],
    structuredContent: { error: twin },
  };
}

function refuseInput(tool: Tool, faults: string): CallToolResult {
  return errorResult({
    kind: 'invalid_input',
    message: `Invalid arguments for ${tool.name}: ${cleanText(faults)}.`,
    nextStep: 'Correct what is named and call again.',
    outcome: 'not_sent',
  });
}

function noKey(): ErrorTwin {
  return {
    kind: 'no_key',
    message: 'No HeyReach API key came with this request, and the server has none of its own.',
    nextStep:
      'Send the key in the X-API-KEY header (or Authorization: Bearer). Keys are made in HeyReach under Settings, Integrations, HeyReach API.',
    outcome: 'not_sent',
  };
}

function internalFault(tool: Tool, error: unknown, caller: Caller): CallToolResult {
  caller.log.error({ tool: tool.name, err: error }, 'tool broke');
  return errorResult({
    kind: 'internal',
    message: `${tool.name} failed inside this server: ${error instanceof Error ? error.message : String(error)}`,
    nextStep: 'Report it as a defect of heyreach-mcp; read the state back before trying again.',
    outcome: 'unknown',
  });
}
