import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import type { Tool } from '../tool.ts';
import { describeIssues, joinIssues } from './describe-issues.ts';
import { detail, publishRequired } from './fields.ts';
import { fromEntries, normalizeInput } from './normalize-input.ts';
import { type Issue, parseRowByRow } from './row-by-row.ts';

/** Typed arguments, or one text with all issues. */
export type ParsedArguments = { ok: true; input: Record<string, unknown> } | { ok: false; issues: string };

interface Schemas {
  /** The parameters that the tool publishes. */
  published: z.ZodObject;
  /** The same, and `detail`, which every tool accepts. */
  accepted: z.ZodObject;
}

const schemas = new WeakMap<Tool, Schemas>();

/** Parameters that hosts add to every call. No tool knows them, so they are dropped. */
export const HOST_PARAMETERS: ReadonlySet<string> = new Set([
  // n8n's MCP client sends these four.
  'sessionId',
  'action',
  'chatInput',
  'toolCallId',
  // Gemini CLI adds this one to the schema of every tool, and sends it.
  'wait_for_previous',
]);
/** The additional parameter of tools with a confirmation. */
const confirmToken = lazy(() => z.string().min(1).max(2_000).describe('From the confirmation').optional());
const ignoredDetail = lazy(() => ({ detail: detail().detail.optional() }));

/** The strict schemas of a tool's arguments, created once per tool. */
function schemasOf(tool: Tool): Schemas {
  let made = schemas.get(tool);
  if (made === undefined) {
    const published = z.strictObject(
      tool.confirmation === 'never' ? tool.input : { ...tool.input, confirmToken: confirmToken() },
    );
    const { bulkParameter, bulkAlternatives } = tool;
    if (bulkParameter !== undefined && bulkAlternatives === undefined) {
      publishRequired(published, requiredBesides(bulkParameter, published));
    }
    made = { published, accepted: 'detail' in tool.input ? published : published.extend(ignoredDetail()) };
    schemas.set(tool, made);
  }
  return made;
}

/** The rows of a confirmed call are filled in before validation, so they are published as optional. */
function requiredBesides(rows: string, { shape }: z.ZodObject): string[] {
  return Object.entries(shape)
    .filter(([name, field]) => name !== rows && !(field as z.ZodType).safeParse(undefined).success)
    .map(([name]) => name);
}

/** The strict schema of the arguments that a tool publishes. */
export function inputObject(tool: Tool): z.ZodObject {
  return schemasOf(tool).published;
}

/**
 * Parses the arguments of a call. Before validation it drops the parameters that hosts add, and reads the forms in which
 * hosts and models write values.
 * @returns the typed arguments, or one text that names each invalid parameter and its correction.
 */
export function parseArguments(tool: Tool, args: unknown): ParsedArguments {
  const raw = args ?? {};
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    const kind = Array.isArray(raw) ? 'a list' : typeof raw === 'string' ? `the text "${raw.slice(0, 60)}"` : raw;
    return { ok: false, issues: `the arguments must be an object, got ${kind}` };
  }
  const { published, accepted } = schemasOf(tool);
  const isOmittedBulk = (name: string, value: unknown) =>
    name === tool.bulkParameter && (value === null || value === '');
  const entries = Object.entries(raw).filter(
    ([name, value]) =>
      !isOmittedBulk(name, value) && (Object.hasOwn(published.shape, name) || !HOST_PARAMETERS.has(name)),
  );
  const input = normalizeInput(accepted, fromEntries(entries));
  const parsed = accepted.safeParse(input, { reportInput: true });
  const describe = (issues: readonly Issue[], input: unknown) =>
    joinIssues(describeIssues(issues, { input, schema: published, missing: tool.missingParameters }));
  const data = parsed.success
    ? parsed.data
    : parseRowByRow(accepted, input as Record<string, unknown>, parsed.error.issues, describe);
  if (data === undefined) return { ok: false, issues: describe(parsed.error?.issues ?? [], input) };
  const toolInput = 'detail' in tool.input ? data : withoutDetail(data);
  const issue = tool.check?.(toolInput);
  return issue === undefined ? { ok: true, input: toolInput } : { ok: false, issues: issue };
}

function withoutDetail({ detail: _, ...input }: Record<string, unknown>): Record<string, unknown> {
  return input;
}
