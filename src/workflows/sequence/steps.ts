import { NODE_TYPES } from '../../client/operations/sequence.ts';
import { isRecord } from '../../lib/json.ts';
import { showConstant } from '../../lib/outside-text.ts';
import { readTexts, type StepTexts } from '../../views/sequence-texts.ts';
import { hoursOf, MAX_DELAY, MAX_DEPTH, positionBelow, type SequencePosition, START } from './tree-rules.ts';

/** A node of a sequence that can be of any shape: a draft of an agent, or what HeyReach returned. */
export interface Step extends StepTexts {
  /** As in previews, from 1, the yes branch first. Undefined for END. */
  number: number | undefined;
  type: string;
  /** `sequence.conditionalNode`. */
  path: string;
  /** The path for people: `step 2 MESSAGE at sequence.conditionalNode`. */
  place: string;
  /** Undefined where the tree has no node at this path. */
  node: Record<string, unknown> | undefined;
  payload: Record<string, unknown>;
  position: SequencePosition;
  /** Wait from the begin of the sequence until the step, in hours. */
  hours: number;
  parent: Step | undefined;
}

/** The nodes of a sequence in the order a lead meets them, the yes branch first. Deeper than MAX_DEPTH nothing is read. */
export function readSteps(root: unknown): Step[] {
  const steps: Step[] = [];
  let number = 0;
  const walk = (value: unknown, path: string, position: SequencePosition, parent: Step | undefined) => {
    const node = isRecord(value) ? value : undefined;
    const type = typeof node?.nodeType === 'string' ? node.nodeType : '';
    const isNumbered = type !== 'END';
    if (isNumbered) number += 1;
    const name = showConstant(type) || 'without a type';
    const delay = readDelay(node);
    const step: Step = {
      number: isNumbered ? number : undefined,
      type,
      path,
      place: `${isNumbered ? `step ${number} ` : ''}${name} at ${path}`,
      node,
      payload: readPayload(node?.payload),
      position,
      hours: position.hours + hoursOf(delay),
      parent,
      ...readTexts(node?.payload),
    };
    steps.push(step);
    if (node === undefined || position.depth > MAX_DEPTH) return;
    for (const side of ['conditionalNode', 'unconditionalNode'] as const) {
      if (node[side] == null) continue;
      walk(node[side], `${path}.${side}`, positionBelow({ nodeType: type, ...delay }, position, side), step);
    }
  };
  walk(root, 'sequence', START, undefined);
  return steps;
}

/** Whether this server knows the type of a step. */
export function isKnownType(type: string): type is (typeof NODE_TYPES)[number] {
  return (NODE_TYPES as readonly string[]).includes(type);
}

/** What is wrong with the delay of a node. */
export function delayIssues(node: Record<string, unknown>): string[] {
  const { actionDelay, actionDelayUnit } = node;
  return [
    ...(actionDelay == null || isDelay(actionDelay)
      ? []
      : [`actionDelay must be a whole number from 0 to ${MAX_DELAY}`]),
    ...(actionDelayUnit == null || actionDelayUnit === 'HOUR' || actionDelayUnit === 'DAY'
      ? []
      : ['actionDelayUnit must be HOUR or DAY']),
  ];
}

/** A delay that HeyReach would reject counts as none. */
function readDelay(node: Record<string, unknown> | undefined) {
  const { actionDelay, actionDelayUnit } = node ?? {};
  return {
    actionDelay: isDelay(actionDelay) ? actionDelay : 0,
    actionDelayUnit: actionDelayUnit === 'DAY' ? 'DAY' : 'HOUR',
  };
}

function isDelay(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_DELAY;
}

/** HeyReach returns null for fields that are not set. */
function readPayload(payload: unknown): Record<string, unknown> {
  return isRecord(payload) ? Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null)) : {};
}
