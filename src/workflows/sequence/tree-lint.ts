import { escapeName } from '../../lib/outside-text.ts';
import type { Finding } from '../shared/finding.ts';
import { checkPayload, misspeltFields } from './payload-rules.ts';
import { findingOf } from './rules.ts';
import { delayIssues, isKnownType, type Step } from './steps.ts';
import { MAX_DEPTH, treeIssues } from './tree-rules.ts';

const MAX_ISSUE_LENGTH = 300;

/** The rules of HeyReach that a tree breaks, one finding a step and kind. */
export function treeFindings(steps: readonly Step[]): Finding[] {
  return steps.flatMap((step) => [
    ...joined('invalidTree', step, issuesOf(step)),
    ...joined(
      'unknownField',
      step,
      isKnownType(step.type) ? misspeltFields(step.type, step.payload).map(inPayload) : [],
    ),
    ...(step.node === undefined || step.type === '' || isKnownType(step.type)
      ? []
      : [findingOf('unknownStep', step.place, 'The type of the step is unknown to this server')]),
  ]);
}

function joined(rule: 'invalidTree' | 'unknownField', { place }: Step, issues: readonly string[]): Finding[] {
  if (issues.length === 0) return [];
  return [findingOf(rule, place, escapeName(issues.join('; '), MAX_ISSUE_LENGTH))];
}

function issuesOf({ node, type, position, payload }: Step): string[] {
  if (node === undefined) return ['a step must be an object'];
  if (position.depth > MAX_DEPTH) return [`the sequence is deeper than ${MAX_DEPTH} steps`];
  if (type === '') return ['nodeType is required'];
  const delays = delayIssues(node);
  if (!isKnownType(type)) return delays;
  return [
    ...delays,
    ...(delays.length === 0 ? treeIssues({ ...node, nodeType: type }, position) : []),
    ...payloadIssues(type, node.payload, payload).map(inPayload),
  ];
}

/** An invitation without a note can have no list of texts at all. */
function payloadIssues(
  type: Parameters<typeof checkPayload>[0],
  rawPayload: unknown,
  payload: Record<string, unknown>,
) {
  if (rawPayload == null) return checkPayload(type, undefined);
  return checkPayload(type, type === 'CONNECTION_REQUEST' ? { messages: [], ...payload } : payload);
}

function inPayload(issue: string): string {
  return `payload${issue}`;
}
