import { z } from 'zod';
import { NODE_TYPES, type NodeType, type SequenceNode } from '../../client/operations/sequence.ts';
import { explain, normaliseInput } from '../input.ts';
import { checkPayload } from './sequence-payload.ts';

const child = z.looseObject({}).optional();

/** One node; its children are checked one by one, and published as "of the same shape" since hosts refuse references. */
const node = z.strictObject({
  nodeType: z.enum(NODE_TYPES).describe('The step'),
  actionDelay: z
    .number()
    .int()
    .min(0)
    .max(100)
    .describe('Wait before this step; under an action at least 3 HOUR')
    .optional(),
  actionDelayUnit: z.enum(['HOUR', 'DAY']).describe('Unit of actionDelay').optional(),
  payload: z
    .looseObject({})
    .describe(
      'MESSAGE, CONNECTION_REQUEST: {messages: [text], fallbackMessage} (+ toBeWithdrawnAfterDays); INMAIL: {messages: [{subject, message}]}; LIKE_POST: {reactionType, reactBefore}; SEND_LEAD_TO_*: ids',
    )
    .optional(),
  externalReference: z.string().max(100).describe('Your tracking id').optional(),
  unconditionalNode: child.describe('Next step, or the "no" branch: a node of the same shape; required but on END'),
  conditionalNode: child.describe(
    'The "yes" branch of CONNECTION_REQUEST, CHECK_* and FIND_EMAIL: a node of the same shape',
  ),
});

/** A whole sequence as a parameter. */
export const sequenceField = node.describe('Root node of the tree of steps; every path ends in END');
/** The same, published in short. */
export const sequenceFieldShort = z
  .looseObject({})
  .describe('Root node, as get_campaign_sequence answers it and create_campaign describes it');

const BRANCHING = new Set<NodeType>([
  'CONNECTION_REQUEST',
  'CHECK_IS_CONNECTION',
  'CHECK_IS_OPEN_PROFILE',
  'FIND_EMAIL',
]);
/** After these LinkedIn needs time: every child waits. */
const ACTIONS = new Set<NodeType>(['CONNECTION_REQUEST', 'MESSAGE', 'INMAIL', 'VIEW_PROFILE', 'FOLLOW', 'LIKE_POST']);
const MAX_DEPTH = 200;
const MAX_HOURS = 500 * 24;
const MAX_FAULTS = 5;

interface Way {
  parent: NodeType | undefined;
  isConditional: boolean;
  hours: number;
  depth: number;
  requested: boolean;
  notConnected: boolean;
}

/** @returns the tree, typed, or one text that names the path of every fault. */
function readSequence(given: unknown): { ok: true; sequence: SequenceNode } | { ok: false; faults: string } {
  const faults: string[] = [];
  const start: Way = {
    parent: undefined,
    isConditional: false,
    hours: 0,
    depth: 0,
    requested: false,
    notConnected: false,
  };
  const sequence = checkNode(given, 'sequence', start, faults);
  if (faults.length === 0 && sequence !== undefined) return { ok: true, sequence };
  const more = faults.length > MAX_FAULTS ? `; and ${faults.length - MAX_FAULTS} more` : '';
  return { ok: false, faults: faults.slice(0, MAX_FAULTS).join('; ') + more };
}

/** The tree of arguments that were checked before. */
export function sequenceOf(given: unknown): SequenceNode {
  const read = readSequence(given);
  if (!read.ok) throw new TypeError(read.faults);
  return read.sequence;
}

/** For the `check` of a tool: the faults of its sequence, if there is one. */
export function checkSequence(input: { sequence?: unknown }): string | undefined {
  if (input.sequence === undefined) return undefined;
  const read = readSequence(input.sequence);
  return read.ok ? undefined : read.faults;
}

function checkNode(given: unknown, path: string, way: Way, faults: string[]): SequenceNode | undefined {
  if (way.depth > MAX_DEPTH) {
    faults.push(`${path} is deeper than ${MAX_DEPTH} steps`);
    return undefined;
  }
  const value = normaliseInput(node, given);
  const parsed = node.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    faults.push(...explain(parsed.error.issues, value, node, path));
    return undefined;
  }
  const step = parsed.data;
  const say = (fault: string) => faults.push(`${path}: ${fault}`);
  const delay = (step.actionDelay ?? 0) * (step.actionDelayUnit === 'DAY' ? 24 : 1);
  const hours = way.hours + delay;
  checkPlace(step.nodeType, delay, way, say);
  if (hours > MAX_HOURS) say('the delays up to here add up to more than 500 days');
  for (const fault of checkPayload(step.nodeType, step.payload)) say(`payload${fault}`);
  checkChildren(step, say);

  const below = (isConditional: boolean): Way => ({
    parent: step.nodeType,
    isConditional,
    hours,
    depth: way.depth + 1,
    requested: way.requested || step.nodeType === 'CONNECTION_REQUEST',
    notConnected:
      step.nodeType === 'CHECK_IS_CONNECTION'
        ? !isConditional
        : way.notConnected && !(step.nodeType === 'CONNECTION_REQUEST' && isConditional),
  });
  for (const name of ['unconditionalNode', 'conditionalNode'] as const) {
    const under = step[name];
    // What was checked is what is sent.
    if (under != null)
      step[name] = { ...checkNode(under, `${path}.${name}`, below(name === 'conditionalNode'), faults) };
  }
  return step as SequenceNode;
}

function checkPlace(type: NodeType, delay: number, way: Way, say: (fault: string) => void): void {
  const isAddedByHeyReach =
    type === 'END' && way.isConditional && (way.parent === 'MESSAGE' || way.parent === 'INMAIL');
  if (way.parent !== undefined && ACTIONS.has(way.parent) && delay < 3 && !isAddedByHeyReach) {
    say(`actionDelay must be at least 3 HOUR after a ${way.parent}`);
  }
  if (way.depth === 0 && type === 'END') say('a sequence cannot begin with END');
  if (type === 'FOLLOW' && way.requested)
    say('FOLLOW cannot come after a CONNECTION_REQUEST, which follows the lead already');
  if (type === 'CONNECTION_REQUEST' && way.requested)
    say('a second CONNECTION_REQUEST on the same path is not allowed');
  if (type === 'MESSAGE' && way.notConnected) {
    say('MESSAGE cannot stand on the not connected side of a CHECK_IS_CONNECTION');
  }
}

type Step = z.output<typeof node>;

function checkChildren(step: Step, say: (fault: string) => void): void {
  const type = step.nodeType;
  if (type === 'END') {
    if (step.unconditionalNode != null || step.conditionalNode != null) say('END has no children');
    return;
  }
  if (step.unconditionalNode == null) say(`unconditionalNode is required after ${type}; every path ends in END`);
  if (BRANCHING.has(type) && step.conditionalNode == null) {
    say(`conditionalNode is required after ${type}: it is the "yes" branch`);
  }
  if (BRANCHING.has(type) || step.conditionalNode == null) return;
  const mayHaveEnd = type === 'MESSAGE' || type === 'INMAIL';
  if (!mayHaveEnd) say(`${type} does not branch: leave conditionalNode out`);
  else if (step.conditionalNode.nodeType !== 'END')
    say(`the conditionalNode of a ${type} may only be an END ("replied")`);
}

/** Equal for trees that HeyReach treats alike: what it adds by itself, and nulls, do not count. */
export function canonicalSequence(tree: unknown): unknown {
  if (typeof tree !== 'object' || tree === null) return null;
  const given = tree as SequenceNode;
  const isAdded =
    (given.nodeType === 'MESSAGE' || given.nodeType === 'INMAIL') && given.conditionalNode?.nodeType === 'END';
  return [
    given.nodeType,
    (given.actionDelay ?? 0) * (given.actionDelayUnit === 'DAY' ? 24 : 1),
    Object.entries(given.payload ?? {})
      .filter(([, value]) => value !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    given.externalReference ?? null,
    given.unconditionalNode == null ? null : canonicalSequence(given.unconditionalNode),
    given.conditionalNode == null || isAdded ? null : canonicalSequence(given.conditionalNode),
  ];
}
