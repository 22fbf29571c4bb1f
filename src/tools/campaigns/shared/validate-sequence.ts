import * as z from 'zod';
import { NODE_TYPES, type SequenceNode } from '../../../client/operations/sequence.ts';
import { lazy } from '../../../lib/lazy.ts';
import { describeIssues } from '../../../mcp/arguments/describe-issues.ts';
import { publishFields } from '../../../mcp/arguments/fields.ts';
import { normalizeInput } from '../../../mcp/arguments/normalize-input.ts';
import { checkPayload, misspeltFields } from '../../../workflows/sequence/payload-rules.ts';
import {
  hoursOf,
  MAX_DELAY,
  MAX_DEPTH,
  positionBelow,
  type SequencePosition,
  START,
  treeIssues,
} from '../../../workflows/sequence/tree-rules.ts';
import { payloadFields, readPayload } from './step-payload.ts';

const payloadField = lazy(() => publishFields(z.looseObject({}).describe('What the step sends'), payloadFields()));

const child = (description: string) =>
  publishFields(z.looseObject({}).describe(description), { nodeType: z.string().describe('The step') }).optional();

/** One node. Its children are validated one by one, because hosts reject schemas with references. */
const nodeSchema = lazy(() =>
  z.strictObject({
    nodeType: z.enum(NODE_TYPES).describe('The step'),
    actionDelay: z
      .number()
      .int()
      .min(0)
      .max(MAX_DELAY)
      .describe('Wait before this step; under an action at least 3 HOUR')
      .optional(),
    actionDelayUnit: z.enum(['HOUR', 'DAY']).describe('Unit of actionDelay').optional(),
    payload: payloadField().optional(),
    externalReference: z.string().max(100).describe('Tracking id').optional(),
    unconditionalNode: child('Next step, or "no" branch, same shape; required except on END'),
    conditionalNode: child('"yes" branch of CONNECTION_REQUEST, CHECK_* and FIND_EMAIL, same shape'),
  }),
);

/** A whole sequence as a parameter. */
export const sequenceField = lazy(() =>
  nodeSchema().describe('Root node of the tree of steps; every path ends in END'),
);
/** The same with a shorter published schema. */
export const sequenceFieldShort = lazy(() =>
  publishFields(z.looseObject({}).describe('Root node; see create_campaign'), {
    nodeType: z.string().describe('The step'),
    actionDelay: z.number().int().describe('Wait before it').optional(),
    actionDelayUnit: z.string().describe('HOUR or DAY').optional(),
    payload: payloadField().optional(),
    externalReference: z.string().describe('Tracking id').optional(),
    unconditionalNode: child('Next, or the "no" branch'),
    conditionalNode: child('The "yes" branch'),
  }),
);

/** The same as `sequenceField`, published as little more than a reference to create_campaign. */
export const draftSequenceField = lazy(() =>
  publishFields(nodeSchema().describe('Draft to check instead; see create_campaign'), {
    nodeType: z.string().describe('The step'),
  }),
);

const MAX_ISSUES = 5;

/** @returns the typed tree, or one text with the path of every issue. */
function readSequence(tree: unknown): { ok: true; sequence: SequenceNode } | { ok: false; issues: string } {
  const issues: string[] = [];
  const sequence = checkNode(tree, 'sequence', START, issues);
  if (issues.length === 0 && sequence !== undefined) return { ok: true, sequence };
  const more = issues.length > MAX_ISSUES ? `; and ${issues.length - MAX_ISSUES} more` : '';
  return { ok: false, issues: issues.slice(0, MAX_ISSUES).join('; ') + more };
}

/** The typed tree of arguments that passed `checkSequence`. */
export function sequenceOf(tree: unknown): SequenceNode {
  const result = readSequence(tree);
  if (!result.ok) throw new TypeError(result.issues);
  return result.sequence;
}

/** For the `check` of a tool: the issues of its sequence, if it has one. */
export function checkSequence(input: { sequence?: unknown }): string | undefined {
  if (input.sequence === undefined) return undefined;
  const result = readSequence(input.sequence);
  return result.ok ? undefined : result.issues;
}

function checkNode(
  tree: unknown,
  path: string,
  position: SequencePosition,
  issues: string[],
): SequenceNode | undefined {
  if (position.depth > MAX_DEPTH) {
    issues.push(`${path} is deeper than ${MAX_DEPTH} steps`);
    return undefined;
  }
  const value = normalizeInput(nodeSchema(), tree);
  const parsed = nodeSchema().safeParse(value, { reportInput: true });
  if (!parsed.success) {
    issues.push(...describeIssues(parsed.error.issues, { input: value, schema: nodeSchema(), at: path }).sentences);
    return undefined;
  }
  const step = parsed.data;
  const report = (issue: string) => issues.push(`${path}: ${issue}`);
  const type = step.nodeType;
  for (const issue of treeIssues(step, position)) report(issue);
  if (step.payload !== undefined) step.payload = readPayload(type, step.payload);
  for (const issue of [...misspeltFields(type, step.payload), ...checkPayload(type, step.payload)]) {
    report(`payload${issue}`);
  }
  for (const name of ['unconditionalNode', 'conditionalNode'] as const) {
    const child = step[name];
    if (child == null) continue;
    // The validated copy is sent, not the argument.
    step[name] = { ...checkNode(child, `${path}.${name}`, positionBelow(step, position, name), issues) };
  }
  return step as SequenceNode;
}

/** Equal for trees that HeyReach treats alike. Nulls and the END nodes that HeyReach adds are ignored. */
export function canonicalSequence(tree: unknown): unknown {
  if (typeof tree !== 'object' || tree === null) return null;
  const node = tree as SequenceNode;
  const isAdded =
    (node.nodeType === 'MESSAGE' || node.nodeType === 'INMAIL') && node.conditionalNode?.nodeType === 'END';
  return [
    node.nodeType,
    hoursOf(node),
    Object.entries(node.payload ?? {})
      .filter(([, value]) => value !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    node.externalReference ?? null,
    node.unconditionalNode == null ? null : canonicalSequence(node.unconditionalNode),
    node.conditionalNode == null || isAdded ? null : canonicalSequence(node.conditionalNode),
  ];
}
