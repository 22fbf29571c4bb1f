import { HeyReachError } from '../../client/index.ts';
import { sanitizeText } from '../../lib/sanitize-text.ts';
import type { JobFailure, JobResult } from '../services/job.ts';
import type { Tool, ToolOutput, ToolResult } from '../tool.ts';
import { type FittedResult, fitResult, MAX_TEXT_BYTES } from './fit-result.ts';
import { nextStepFor } from './next-steps.ts';
import { isLink, toLink } from './table-links.ts';

/** The structured form of an error, the same for all tools. */
export interface ErrorBody extends JobFailure {
  /** The request id in the log and the audit log. */
  requestId?: string;
}

/** Names with a meaning in every result of this server. HeyReach's own fields of these names are renamed. */
const RESERVED_NAMES = ['error', 'confirmation', 'declined', 'untrustedFields'];

/** The result of a tool's output. */
export function toResult(tool: Tool, output: ToolOutput, full: boolean): ToolResult {
  const { structured, text } = fitOutput(tool, output, full);
  return { content: [{ type: 'text', text }, ...(output.links ?? []).map(toLink)], structuredContent: structured };
}

function fitOutput(tool: Tool, output: ToolOutput, full: boolean, maxBytes?: number): FittedResult {
  // Only tools with a compact form leave anything out.
  const keepAll = full || !('detail' in tool.input);
  const data = renameReservedFields(output.data);
  const fitted = data === output.data ? output : { ...output, data };
  return fitResult(fitted, { full: keepAll, clipAt: tool.clipAt, schema: tool.output, maxBytes });
}

/** Room for the job's own fields in the result of get_job. */
const JOB_BYTES = 2_000;

/** The result of a tool's output as a job keeps it. */
export function jobResultOf(tool: Tool, output: ToolOutput, full: boolean): JobResult {
  const { untrustedFields = [], ...structured } = fitOutput(tool, output, full, MAX_TEXT_BYTES - JOB_BYTES).structured;
  const links = output.links === undefined ? {} : { links: [...output.links] };
  return { structured, untrustedFields: untrustedFields as string[], ...links };
}

/** Renames HeyReach's fields that would be read as the server's own. */
export function renameReservedFields(data: Record<string, unknown>): Record<string, unknown> {
  const isForeign = (name: string) =>
    RESERVED_NAMES.includes(name) || (name === 'truncated' && typeof data[name] !== 'boolean');
  if (![...RESERVED_NAMES, 'truncated'].some((name) => name in data && isForeign(name))) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [isForeign(name) ? `heyreach_${name}` : name, value]),
  );
}

/** A result of small structured content and the same as text. */
export function plainResult(structured: Record<string, unknown>): ToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(structured) }], structuredContent: structured };
}

/** A call that failed before anything was sent. */
export function unsentResult(tool: Tool, error: HeyReachError, input: Record<string, unknown>): ToolResult {
  const unsent = error.asNotSent();
  return failedCall(tool, unsent, input);
}

/** The result of a failed call. */
export function failedCall(tool: Tool, error: HeyReachError, input: Record<string, unknown>): ToolResult {
  return errorResult(errorBodyOf(error, nextStepFor(tool, error, input)), error);
}

/** A failed call that reports how far it got. */
export function failedResult(
  tool: Tool,
  error: HeyReachError,
  input: Record<string, unknown>,
  result: ToolResult,
): ToolResult {
  // The report knows better than a general rule what is left to do.
  const { nextStep: reported } = (result.structuredContent ?? {}) as { nextStep?: unknown };
  const nextStep = typeof reported === 'string' ? reported : nextStepFor(tool, error, input);
  const { content, ...failed } = withDetails(
    errorResult(errorBodyOf(error, nextStep), error),
    (result.structuredContent ?? {}) as Record<string, unknown>,
  );
  return { ...failed, content: [...content, ...result.content.filter(isLink)] };
}

/** An error result that carries more than the error. */
export function withDetails(failed: ToolResult, details: Record<string, unknown>): ToolResult {
  return {
    ...failed,
    content: [...failed.content, { type: 'text', text: JSON.stringify(details) }],
    structuredContent: Object.assign({}, details, failed.structuredContent),
  };
}

const OUTCOMES = {
  not_sent: 'the request never left this machine.',
  refused: 'HeyReach said no and nothing was done.',
  unknown: 'it may or may not have been done.',
};
/** The words of `not_sent` where requests of the same call were answered. */
const READ_ONLY = 'this server changed nothing at HeyReach: the requests of this call only read.';
const IN_FLIGHT = 'The request is still in flight.';

/** An error's own meaning and its outcome in words, each sentence once. */
function meaningOf(
  outcome: ErrorBody['outcome'],
  own = '',
  { inFlight = false, afterReads = false }: { inFlight?: boolean; afterReads?: boolean } = {},
): string {
  const outcomeWords = (afterReads ? READ_ONLY : OUTCOMES[outcome]).replace(/^./, (first) => first.toUpperCase());
  const words = [outcomeWords, ...(inFlight ? [IN_FLIGHT] : [])].filter((sentence) => !own.includes(sentence));
  return [own, ...words].filter((part) => part !== '').join(' ');
}

/** The structured form of a failed call. */
export function errorBodyOf(error: HeyReachError, nextStep: string): ErrorBody {
  return {
    kind: error.kind,
    ...(error.status === undefined ? {} : { status: error.status }),
    message: sanitizeText(error.message),
    meaning: meaningOf(error.outcome, error.meaning, error),
    nextStep,
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    outcome: error.outcome,
  };
}

/** Why a job failed: the error that its call would have had. */
export function jobFailureOf(tool: Tool, error: unknown, input: Record<string, unknown>): JobFailure {
  return error instanceof HeyReachError
    ? errorBodyOf(error, nextStepFor(tool, error, input))
    : internalErrorBody(tool, error, 'unknown');
}

/** The text of an error: message, meaning, next step, and whether anything was sent. */
function errorText(body: ErrorBody, error?: HeyReachError): string {
  const isQuoted = body.status !== undefined && !body.message.startsWith(`HTTP ${body.status}`);
  const message = isQuoted ? `HeyReach said (HTTP ${body.status}): ${body.message}` : body.message;
  const inFlight = error?.inFlight ? ` ${IN_FLIGHT}` : '';
  const lines = [
    message,
    error?.meaning,
    `Next step: ${body.nextStep}`,
    `Outcome: ${body.outcome}: ${error?.afterReads ? READ_ONLY : OUTCOMES[body.outcome]}${inFlight}`,
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

/** A failed call. @param error adds to the text what the body does not say. */
export function errorResult(body: ErrorBody, error?: HeyReachError): ToolResult {
  return {
    isError: true,
    content: [{ type: 'text', text: errorText(body, error) }],
    structuredContent: { error: body },
  };
}

/**
 * The result for clients that pass both text and structure to the model: the text alone. It is the whole structure as JSON,
 * also of an error, so that workflows without a model can branch on it.
 */
export function asTextOnly({ structuredContent, ...result }: ToolResult): ToolResult {
  if (structuredContent === undefined || result.isError !== true) return result;
  const { error, ...details } = structuredContent as { error: ErrorBody };
  const text = JSON.stringify({ error, ...details });
  return { ...result, content: [{ type: 'text', text }, ...result.content.filter(isLink)] };
}

/** Adds the request id, by which the log can be searched. */
export function addRequestId(failed: ToolResult, requestId: string | undefined): ToolResult {
  const { error, ...rest } = failed.structuredContent as { error: ErrorBody };
  const [first, ...more] = failed.content;
  if (requestId === undefined || first?.type !== 'text') return failed;
  return {
    ...failed,
    content: [{ ...first, text: `${first.text}\nRequest: ${requestId}` }, ...more],
    structuredContent: { error: { ...error, requestId }, ...rest },
  };
}

/** The result of a call that this server does not make. */
export function rejection(kind: string, message: string, nextStep: string): ToolResult {
  return errorResult({ kind, message, meaning: meaningOf('not_sent'), nextStep, outcome: 'not_sent' });
}

/** A call with invalid arguments. @param issues without a full stop. */
export function rejectInput(tool: Tool, issues: string): ToolResult {
  return rejection(
    'invalid_input',
    `Invalid arguments for ${tool.name}: ${sanitizeText(issues)}.`,
    'Correct what is named and call again.',
  );
}

const NO_KEY: ErrorBody = {
  kind: 'no_key',
  message: 'No HeyReach API key came with this request, and the server has none of its own.',
  meaning: meaningOf('not_sent'),
  nextStep:
    'Send the key in the X-API-KEY header (or Authorization: Bearer). Keys are made in HeyReach under Settings, Integrations, HeyReach API.',
  outcome: 'not_sent',
};

/** The error text for a caller without a key. */
export const NO_KEY_TEXT = errorText(NO_KEY);

/** A call without a HeyReach key. */
export function noKey(): ToolResult {
  return errorResult(NO_KEY);
}

/** A defect of this server. @param outcome `not_sent` where the tool itself had not started. */
export function internalError(tool: Tool, error: unknown, outcome: ErrorBody['outcome']): ToolResult {
  return errorResult(internalErrorBody(tool, error, outcome));
}

function internalErrorBody(tool: Tool, error: unknown, outcome: ErrorBody['outcome']): ErrorBody {
  return {
    kind: 'internal',
    message: `${tool.name} failed inside this server: ${error instanceof Error ? error.message : String(error)}`,
    meaning: meaningOf(outcome),
    nextStep: `Report it as a defect of heyreach-mcp${outcome === 'unknown' ? '; read the state back before trying again' : ''}.`,
    outcome,
  };
}
