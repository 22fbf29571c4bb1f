import type { HeyReachError } from '../client/index.ts';
import { cleanText } from './clean.ts';
import type { Tool, ToolAnswer, ToolResult } from './define.ts';
import { nextStepFor } from './next-steps.ts';
import { fitOutput } from './output.ts';
import { shapeAnswer } from './shape.ts';
import { untrustedFieldsOf } from './untrusted.ts';

/** The structured form of an error, equal for all tools. */
export interface ErrorTwin {
  kind: string;
  status?: number;
  message: string;
  nextStep: string;
  retryAfterSeconds?: number;
  outcome: 'not_sent' | 'refused' | 'unknown';
  /** Under which the log and the audit trail know the request. */
  requestId?: string;
}

/** Names that mean something in every result of ours: HeyReach's own fields of that name are shown under another. */
const OWN_NAMES = ['error', 'confirmation', 'declined', 'untrustedFields'];

/**
 * The result of what a tool answered.
 * @param oddFields gets the paths of fields that had to be made to fit the tool's output schema.
 */
export function toResult(tool: Tool, found: ToolAnswer, full: boolean, oddFields: string[]): ToolResult {
  // Only tools with a compact form leave anything out.
  const keepAll = full || !('detail' in tool.input);
  const { structured, text } = shapeAnswer(
    { ...found, data: setAside(found.data) },
    { full: keepAll, clipAt: tool.clipAt, annotate: (structured) => nameOutsideText(tool, structured) },
  );
  const changed = fitOutput(tool, structured);
  if (changed.length === 0) return { content: [{ type: 'text', text }], structuredContent: structured };
  oddFields.push(...changed);
  // What was named may have been left out.
  const { untrustedFields: _, ...fitting } = structured;
  return plainResult({ ...fitting, ...nameOutsideText(tool, fitting) });
}

/** Which of the texts came from outside: they are data, whatever they say. */
function nameOutsideText(tool: Tool, structured: Record<string, unknown>): Record<string, unknown> {
  const untrustedFields = untrustedFieldsOf(tool.output, structured);
  return untrustedFields.length === 0 ? {} : { untrustedFields };
}

/** A result's data under names that are free. */
export function setAside(data: Record<string, unknown>): Record<string, unknown> {
  if (!OWN_NAMES.some((name) => name in data)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [OWN_NAMES.includes(name) ? `heyreach_${name}` : name, value]),
  );
}

/** A result that is neither data nor an error: its structure, and the same as text. */
export function plainResult(structured: Record<string, unknown>): ToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(structured) }], structuredContent: structured };
}

/** A failure that comes with an account of how far the call got. */
export function failedResult(
  tool: Tool,
  error: HeyReachError,
  input: Record<string, unknown>,
  result: ToolResult,
): ToolResult {
  // The account knows more than a general rule about what is left to do.
  const { nextStep: own } = (result.structuredContent ?? {}) as { nextStep?: unknown };
  const nextStep = typeof own === 'string' ? own : nextStepFor(tool, error, input);
  return withAccount(
    errorResult(twinOf(error, nextStep), error),
    (result.structuredContent ?? {}) as Record<string, unknown>,
  );
}

/** An error result that carries more than the error. */
export function withAccount(failed: ToolResult, account: Record<string, unknown>): ToolResult {
  return {
    ...failed,
    content: [...failed.content, { type: 'text', text: JSON.stringify(account) }],
    structuredContent: Object.assign({}, account, failed.structuredContent),
  };
}

const OUTCOMES = {
  not_sent: 'not_sent: the request never left this machine.',
  refused: 'refused: HeyReach said no and nothing was done.',
  unknown: 'unknown: it may or may not have been done.',
};

/** The structured form of a failed call. */
export function twinOf(error: HeyReachError, nextStep: string): ErrorTwin {
  return {
    kind: error.kind,
    ...(error.status === undefined ? {} : { status: error.status }),
    message: cleanText(error.message),
    nextStep,
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    outcome: error.outcome,
  };
}

/** The text of an error: what was said, what it means, what to do, and whether anything left the machine. */
function errorText(twin: ErrorTwin, error?: HeyReachError): string {
  const isQuoted = twin.status !== undefined && !twin.message.startsWith(`HTTP ${twin.status}`);
  const said = isQuoted ? `HeyReach said (HTTP ${twin.status}): ${twin.message}` : twin.message;
  const flight = error?.inFlight ? ' The request is still in flight.' : '';
  const lines = [said, error?.meaning, `Next step: ${twin.nextStep}`, `Outcome: ${OUTCOMES[twin.outcome]}${flight}`];
  return lines.filter((line) => line !== undefined).join('\n');
}

export function errorResult(twin: ErrorTwin, error?: HeyReachError): ToolResult {
  return {
    isError: true,
    content: [{ type: 'text', text: errorText(twin, error) }],
    structuredContent: { error: twin },
  };
}

/** An error that says under which name it stands in the log. */
export function nameRequest(failed: ToolResult, requestId: string | undefined): ToolResult {
  const { error, ...rest } = failed.structuredContent as { error: ErrorTwin };
  const [said, ...more] = failed.content;
  if (requestId === undefined || said?.type !== 'text') return failed;
  return {
    ...failed,
    content: [{ ...said, text: `${said.text}\nRequest: ${requestId}` }, ...more],
    structuredContent: { error: { ...error, requestId }, ...rest },
  };
}

/** A call that this server does not make. */
export function refusal(kind: string, message: string, nextStep: string): ToolResult {
  return errorResult({ kind, message, nextStep, outcome: 'not_sent' });
}

export function refuseInput(tool: Tool, faults: string): ToolResult {
  return refusal(
    'invalid_input',
    `Invalid arguments for ${tool.name}: ${cleanText(faults)}.`,
    'Correct what is named and call again.',
  );
}

const NO_KEY: ErrorTwin = {
  kind: 'no_key',
  message: 'No HeyReach API key came with this request, and the server has none of its own.',
  nextStep:
    'Send the key in the X-API-KEY header (or Authorization: Bearer). Keys are made in HeyReach under Settings, Integrations, HeyReach API.',
  outcome: 'not_sent',
};

/** What is said to a caller without a key. */
export const NO_KEY_TEXT = errorText(NO_KEY);

export function noKey(): ToolResult {
  return errorResult(NO_KEY);
}

/** A defect of ours. @param outcome `not_sent` where the tool itself had not begun. */
export function internalFault(tool: Tool, error: unknown, outcome: ErrorTwin['outcome']): ToolResult {
  return errorResult({
    kind: 'internal',
    message: `${tool.name} failed inside this server: ${error instanceof Error ? error.message : String(error)}`,
    nextStep: `Report it as a defect of heyreach-mcp${outcome === 'unknown' ? '; read the state back before trying again' : ''}.`,
    outcome,
  });
}
