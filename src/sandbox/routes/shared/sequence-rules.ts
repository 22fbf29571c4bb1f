import type { NodeType, SequenceNode } from '../../model/index.ts';
import { DAY, HOUR, timeSpan } from '../../time.ts';

const BRANCHING: ReadonlySet<NodeType> = new Set([
  'CONNECTION_REQUEST',
  'CHECK_IS_CONNECTION',
  'CHECK_IS_OPEN_PROFILE',
  'FIND_EMAIL',
]);
/** After these actions, every child node must wait at least three hours. */
const NEEDS_REST: ReadonlySet<NodeType> = new Set([
  'CONNECTION_REQUEST',
  'MESSAGE',
  'INMAIL',
  'VIEW_PROFILE',
  'FOLLOW',
  'LIKE_POST',
]);

interface PathState {
  path: string;
  days: number;
  isInvited: boolean;
  /** On the "not connected" side of a check, without an accepted invitation since. */
  isStranger: boolean;
}

const delay = (node: SequenceNode): number => node.actionDelay * (node.actionDelayUnit === 'DAY' ? DAY : HOUR);

function isBareEnd(node: SequenceNode): boolean {
  return node.nodeType === 'END' && !node.payload;
}

/** The first problem of a sequence, in HeyReach's words. undefined when the sequence can run. */
export function findSequenceIssue(root: SequenceNode): string | undefined {
  if (root.nodeType === 'END') return 'The sequence must start with an action or a check.';
  return findNodeIssue(root, { path: '$.sequence', days: 0, isInvited: false, isStranger: false });
}

function findNodeIssue(node: SequenceNode, state: PathState): string | undefined {
  const { nodeType, conditionalNode: conditional, unconditionalNode: unconditional } = node;
  const days = state.days + delay(node);
  if (days > 500 * DAY) return `Node at: ${state.path} exceeds the maximum total delay of 500 days.`;
  if (nodeType === 'END') {
    return conditional || unconditional ? `Node at: ${state.path} is END and cannot have child nodes.` : undefined;
  }
  if (nodeType === 'FOLLOW' && state.isInvited) {
    return 'Cannot have a FOLLOW node after a CONNECTION_REQUEST node, because CONNECTION_REQUEST already follows the lead.';
  }
  if (nodeType === 'CONNECTION_REQUEST' && state.isInvited)
    return 'Cannot have 2 CONNECTION_REQUEST nodes in sequence.';
  if (nodeType === 'MESSAGE' && state.isStranger) {
    return "Cannot have MESSAGE node on the 'Not Connected' side of IS_CONNECTION node.";
  }
  if (!unconditional) return `Node at: ${state.path} has no unconditionalNode: every path must end with an END node.`;
  if (BRANCHING.has(nodeType) && !conditional) return `Node at: ${state.path} must have a conditionalNode.`;
  const isLetter = nodeType === 'MESSAGE' || nodeType === 'INMAIL';
  if (conditional && isLetter && !isBareEnd(conditional)) return `Node at: ${state.path}.conditionalNode must be END.`;
  if (conditional && !isLetter && !BRANCHING.has(nodeType))
    return `Node at: ${state.path} cannot have a conditionalNode.`;
  return findChildIssue(node, { ...state, days });
}

function findChildIssue(node: SequenceNode, state: PathState): string | undefined {
  const { nodeType } = node;
  for (const side of ['conditionalNode', 'unconditionalNode'] as const) {
    const child = node[side];
    if (!child) continue;
    const path = `${state.path}.${side}`;
    // The END that HeyReach adds to messages needs no delay.
    const exempt = side === 'conditionalNode' && (nodeType === 'MESSAGE' || nodeType === 'INMAIL');
    if (NEEDS_REST.has(nodeType) && !exempt && delay(child) < 3 * HOUR) {
      return `Node at: ${path} has invalid delay: ${timeSpan(delay(child))}`;
    }
    const accepted = nodeType === 'CONNECTION_REQUEST' && side === 'conditionalNode';
    const issue = findNodeIssue(child, {
      path,
      days: state.days,
      isInvited: state.isInvited || nodeType === 'CONNECTION_REQUEST',
      isStranger:
        (state.isStranger && !accepted) || (nodeType === 'CHECK_IS_CONNECTION' && side === 'unconditionalNode'),
    });
    if (issue !== undefined) return issue;
  }
  return undefined;
}
