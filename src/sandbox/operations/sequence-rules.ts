import type { NodeType, SequenceNode } from '../model.ts';
import { DAY, HOUR, timeSpan } from '../time.ts';

const BRANCHING: ReadonlySet<NodeType> = new Set([
  'CONNECTION_REQUEST',
  'CHECK_IS_CONNECTION',
  'CHECK_IS_OPEN_PROFILE',
  'FIND_EMAIL',
]);
/** After these LinkedIn needs a rest: every child must wait for three hours. */
const TIRING: ReadonlySet<NodeType> = new Set([
  'CONNECTION_REQUEST',
  'MESSAGE',
  'INMAIL',
  'VIEW_PROFILE',
  'FOLLOW',
  'LIKE_POST',
]);

interface Way {
  path: string;
  days: number;
  invited: boolean;
  /** On the "not connected" side of a check, with no accepted invitation since. */
  stranger: boolean;
}

const delay = (node: SequenceNode): number => node.actionDelay * (node.actionDelayUnit === 'DAY' ? DAY : HOUR);

function isBareEnd(node: SequenceNode): boolean {
  return node.nodeType === 'END' && !node.payload;
}

/** What is wrong with a sequence, in the API's words; undefined when it can run. */
export function sequenceFault(root: SequenceNode): string | undefined {
  if (root.nodeType === 'END') return 'The sequence must start with an action or a check.';
  return faultAt(root, { path: '$.sequence', days: 0, invited: false, stranger: false });
}

function faultAt(node: SequenceNode, way: Way): string | undefined {
  const { nodeType, conditionalNode: yes, unconditionalNode: then } = node;
  const days = way.days + delay(node);
  if (days > 500 * DAY) return `Node at: ${way.path} exceeds the maximum total delay of 500 days.`;
  if (nodeType === 'END') {
    return yes || then ? `Node at: ${way.path} is END and cannot have child nodes.` : undefined;
  }
  if (nodeType === 'FOLLOW' && way.invited) {
    return 'Cannot have a FOLLOW node after a CONNECTION_REQUEST node, because CONNECTION_REQUEST already follows the lead.';
  }
  if (nodeType === 'CONNECTION_REQUEST' && way.invited) return 'Cannot have 2 CONNECTION_REQUEST nodes in sequence.';
  if (nodeType === 'MESSAGE' && way.stranger) {
    return "Cannot have MESSAGE node on the 'Not Connected' side of IS_CONNECTION node.";
  }
  if (!then) return `Node at: ${way.path} has no unconditionalNode: every path must end with an END node.`;
  if (BRANCHING.has(nodeType) && !yes) return `Node at: ${way.path} must have a conditionalNode.`;
  const isLetter = nodeType === 'MESSAGE' || nodeType === 'INMAIL';
  if (yes && isLetter && !isBareEnd(yes)) return `Node at: ${way.path}.conditionalNode must be END.`;
  if (yes && !isLetter && !BRANCHING.has(nodeType)) return `Node at: ${way.path} cannot have a conditionalNode.`;
  return childrenFault(node, { ...way, days });
}

function childrenFault(node: SequenceNode, way: Way): string | undefined {
  const { nodeType } = node;
  for (const side of ['conditionalNode', 'unconditionalNode'] as const) {
    const child = node[side];
    if (!child) continue;
    const path = `${way.path}.${side}`;
    // The END that the service itself puts under messages waits for nothing.
    const exempt = side === 'conditionalNode' && (nodeType === 'MESSAGE' || nodeType === 'INMAIL');
    if (TIRING.has(nodeType) && !exempt && delay(child) < 3 * HOUR) {
      return `Node at: ${path} has invalid delay: ${timeSpan(delay(child))}`;
    }
    const accepted = nodeType === 'CONNECTION_REQUEST' && side === 'conditionalNode';
    const fault = faultAt(child, {
      path,
      days: way.days,
      invited: way.invited || nodeType === 'CONNECTION_REQUEST',
      stranger: (way.stranger && !accepted) || (nodeType === 'CHECK_IS_CONNECTION' && side === 'unconditionalNode'),
    });
    if (fault !== undefined) return fault;
  }
  return undefined;
}
