import { markOf, type Owner, strangersIn } from './owners.ts';
import type { Wanted } from './wanted.ts';

/** The ways in which a call may end. */
export const ENDS = ['result', 'tool error', 'protocol error', 'refused', 'left'] as const;
export type End = (typeof ENDS)[number];

/** The end of a call, and its faults. */
export interface Outcome {
  /** Undefined if a client could not understand the end of the call. */
  end: End | undefined;
  /** The outcome in the error of a tool: `not_sent`, `refused` or `unknown`. */
  told?: string;
  /** The kind of the error, or the code of a protocol error. */
  kind?: string;
  faults: string[];
}

/** A JSON-RPC response, as far as it is valid. */
export interface Response {
  result?: Record<string, unknown>;
  error?: { code?: unknown; message?: unknown };
}

interface ErrorFields {
  kind?: unknown;
  message?: unknown;
  nextStep?: unknown;
  outcome?: unknown;
}

const TOLD = ['not_sent', 'refused', 'unknown'];
const isText = (value: unknown) => typeof value === 'string' && value.trim() !== '';

/** Judges a response: it must be complete, clear, for this caller, and as expected. */
export function judgeResponse(response: Response, request: Wanted, owner: Owner | undefined): Outcome {
  const { result, error } = response;
  if ((result === undefined) === (error === undefined)) return unusable('neither a result nor an error');
  const outcome = error === undefined ? judgeResult(result!, request, owner) : judgeError(error);
  const text = JSON.stringify(response);
  for (const stranger of strangersIn(text, owner)) outcome.faults.push(`holds a text of ${stranger}`);
  if (!isExpected(outcome, request)) outcome.faults.push(`is no ${request.expected}: ${text.slice(0, 300)}`);
  return outcome;
}

function judgeResult(result: Record<string, unknown>, request: Wanted, owner: Owner | undefined): Outcome {
  if (result.isError === true) return judgeToolError(result);
  const text = JSON.stringify(result);
  const faults: string[] = [];
  if (request.isEchoed && !text.includes(request.nonce!)) faults.push('is the answer to another call');
  const isWhole = request.isMarked && request.expected === undefined && owner !== undefined;
  if (isWhole && /"id":|"name":/.test(text) && !text.includes(markOf(owner))) faults.push('holds no name of its owner');
  return { end: 'result', faults };
}

function judgeToolError({ structuredContent, content }: Record<string, unknown>): Outcome {
  const { kind, message, nextStep, outcome } = (structuredContent as { error?: ErrorFields } | undefined)?.error ?? {};
  const isClear = isText(kind) && isText(message) && isText(nextStep) && TOLD.includes(outcome as string);
  const faults: string[] = [];
  if (!isClear) faults.push(`is an unclear error: ${JSON.stringify(structuredContent).slice(0, 300)}`);
  if (!Array.isArray(content) || content.length === 0) faults.push('is an error without a text');
  if (kind === 'internal') faults.push(`is a defect: ${String(message)}`);
  return { end: 'tool error', told: String(outcome), kind: String(kind), faults };
}

function judgeError({ code, message }: NonNullable<Response['error']>): Outcome {
  const faults: string[] = [];
  if (!Number.isInteger(code) || !isText(message)) faults.push('is an error without code or message');
  if (/^internal( server)? error$/i.test(String(message))) faults.push('is an error that says nothing');
  return { end: 'protocol error', kind: String(code), faults };
}

function isExpected({ end, kind }: Outcome, { expected }: Wanted): boolean {
  if (expected === undefined) return true;
  if (expected === 'invalid_input') return kind === 'invalid_input';
  return expected === 'result' ? end === 'result' : end === 'protocol error';
}

/** Judges a rejection by the HTTP transport: it must say when to retry. */
export function judgeRejection(status: number, retryAfter: unknown): Outcome {
  const isClear = /^[1-9]\d*$/.test(String(retryAfter));
  return { end: 'refused', kind: String(status), faults: isClear ? [] : ['is a rejection without Retry-After'] };
}

/** A call whose end a client could not understand. */
export function unusable(fault: string): Outcome {
  return { end: undefined, faults: [fault] };
}
