import { refuse } from '../http/reply.ts';
import type { NodeType, SequenceNode } from '../model.ts';
import { readPayload } from './sequence-payloads.ts';
import { sequenceFault } from './sequence-rules.ts';
import { properties, unconvertible } from './sequence-values.ts';

const NODE_TYPES: readonly NodeType[] = [
  'CONNECTION_REQUEST',
  'CHECK_IS_CONNECTION',
  'CHECK_IS_OPEN_PROFILE',
  'FIND_EMAIL',
  'MESSAGE',
  'INMAIL',
  'LIKE_POST',
  'VIEW_PROFILE',
  'FOLLOW',
  'SEND_LEAD_TO_INSTANTLY',
  'SEND_LEAD_TO_SMARTLEAD',
  'SEND_LEAD_TO_BISON',
  'END',
];

function readNode(value: unknown, path: string): SequenceNode {
  const given = properties(value, 'PublicSequenceNodeDto', path);
  const nodeType = NODE_TYPES.find((type) => type === given.get('nodetype'));
  if (!nodeType) throw unconvertible(given.get('nodetype') ?? null, 'PublicSequenceNodeType', `${path}.nodeType`);
  const actionDelay = given.get('actiondelay') ?? 0;
  if (typeof actionDelay !== 'number') throw unconvertible(actionDelay, 'Int32', `${path}.actionDelay`);
  if (!Number.isInteger(actionDelay) || actionDelay < 0 || actionDelay > 100) {
    throw refuse(`Node at: ${path} has an action delay out of range: it must be between 0 and 100.`);
  }
  const unit = given.get('actiondelayunit') ?? 'HOUR';
  if (unit !== 'HOUR' && unit !== 'DAY') {
    throw unconvertible(unit, 'PublicActionDelayUnit', `${path}.actionDelayUnit`);
  }
  const node: SequenceNode = { nodeType, actionDelay, actionDelayUnit: unit };
  const payload = readPayload(nodeType, given.get('payload') ?? undefined, path);
  if (payload) node.payload = payload;
  const reference = given.get('externalreference') ?? undefined;
  if (reference !== undefined) {
    if (typeof reference !== 'string') throw unconvertible(reference, 'String', `${path}.externalReference`);
    if (reference.length > 100) throw refuse(`Node at: ${path} has an external reference of more than 100 characters.`);
    node.externalReference = reference;
  }
  const yes = given.get('conditionalnode') ?? undefined;
  if (yes !== undefined) node.conditionalNode = readNode(yes, `${path}.conditionalNode`);
  const then = given.get('unconditionalnode') ?? undefined;
  if (then !== undefined) node.unconditionalNode = readNode(then, `${path}.unconditionalNode`);
  return node;
}

/** The service hangs a bare END under the "replied" side of every message, so a read-back differs from what was sent. */
function addReplyEnds(node: SequenceNode): SequenceNode {
  const { conditionalNode: yes, unconditionalNode: then } = node;
  if (yes) node.conditionalNode = addReplyEnds(yes);
  if (then) node.unconditionalNode = addReplyEnds(then);
  if (node.nodeType === 'MESSAGE' || node.nodeType === 'INMAIL') {
    node.conditionalNode ??= { nodeType: 'END', actionDelay: 0, actionDelayUnit: 'HOUR' };
  }
  return node;
}

/** Reads a sequence and refuses one that cannot run, with the API's sentence. */
export function readSequence(value: unknown): SequenceNode {
  const root = readNode(value, '$.sequence');
  const fault = sequenceFault(root);
  if (fault !== undefined) throw refuse(fault);
  return addReplyEnds(root);
}
