import { apiError } from '../../http/response.ts';
import type { NodeType, SequenceNode } from '../../model/index.ts';
import { conversionError, properties, readPayload } from './sequence-payloads.ts';
import { findSequenceIssue } from './sequence-rules.ts';

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
  const fields = properties(value, 'PublicSequenceNodeDto', path);
  const nodeType = NODE_TYPES.find((type) => type === fields.get('nodetype'));
  if (!nodeType) throw conversionError(fields.get('nodetype') ?? null, 'PublicSequenceNodeType', `${path}.nodeType`);
  const actionDelay = fields.get('actiondelay') ?? 0;
  if (typeof actionDelay !== 'number') throw conversionError(actionDelay, 'Int32', `${path}.actionDelay`);
  if (!Number.isInteger(actionDelay) || actionDelay < 0 || actionDelay > 100) {
    throw apiError(`Node at: ${path} has an action delay out of range: it must be between 0 and 100.`);
  }
  const unit = fields.get('actiondelayunit') ?? 'HOUR';
  if (unit !== 'HOUR' && unit !== 'DAY') {
    throw conversionError(unit, 'PublicActionDelayUnit', `${path}.actionDelayUnit`);
  }
  const node: SequenceNode = { nodeType, actionDelay, actionDelayUnit: unit };
  const payload = readPayload(nodeType, fields.get('payload') ?? undefined, path);
  if (payload) node.payload = payload;
  const reference = fields.get('externalreference') ?? undefined;
  if (reference !== undefined) {
    if (typeof reference !== 'string') throw conversionError(reference, 'String', `${path}.externalReference`);
    if (reference.length > 100)
      throw apiError(`Node at: ${path} has an external reference of more than 100 characters.`);
    node.externalReference = reference;
  }
  const conditional = fields.get('conditionalnode') ?? undefined;
  if (conditional !== undefined) node.conditionalNode = readNode(conditional, `${path}.conditionalNode`);
  const unconditional = fields.get('unconditionalnode') ?? undefined;
  if (unconditional !== undefined) node.unconditionalNode = readNode(unconditional, `${path}.unconditionalNode`);
  return node;
}

/** HeyReach adds a bare END to the "replied" side of every message, so the stored sequence differs from the request. */
function addReplyEnds(node: SequenceNode): SequenceNode {
  const { conditionalNode: conditional, unconditionalNode: unconditional } = node;
  if (conditional) node.conditionalNode = addReplyEnds(conditional);
  if (unconditional) node.unconditionalNode = addReplyEnds(unconditional);
  if (node.nodeType === 'MESSAGE' || node.nodeType === 'INMAIL') {
    node.conditionalNode ??= { nodeType: 'END', actionDelay: 0, actionDelayUnit: 'HOUR' };
  }
  return node;
}

/** Reads a sequence. @throws ApiError with HeyReach's message when the sequence cannot run. */
export function readSequence(value: unknown): SequenceNode {
  const root = readNode(value, '$.sequence');
  const issue = findSequenceIssue(root);
  if (issue !== undefined) throw apiError(issue);
  return addReplyEnds(root);
}
