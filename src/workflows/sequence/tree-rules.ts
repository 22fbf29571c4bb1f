import type { NodeType } from '../../client/operations/sequence.ts';
import { isRecord } from '../../lib/json.ts';

const BRANCHING: ReadonlySet<string> = new Set<NodeType>([
  'CONNECTION_REQUEST',
  'CHECK_IS_CONNECTION',
  'CHECK_IS_OPEN_PROFILE',
  'FIND_EMAIL',
]);
/** Steps that act on LinkedIn. HeyReach requires a delay of 3 hours after them. */
const ACTIONS: ReadonlySet<string> = new Set<NodeType>([
  'CONNECTION_REQUEST',
  'MESSAGE',
  'INMAIL',
  'VIEW_PROFILE',
  'FOLLOW',
  'LIKE_POST',
]);
const MAX_HOURS = 500 * 24;
/** HeyReach names no limit. Deeper trees would overflow the stack. */
export const MAX_DEPTH = 200;
/** The largest `actionDelay`, in its own unit. */
export const MAX_DELAY = 100;

/** The fields of a node that the rules read. */
interface NodeShape {
  nodeType: string;
  actionDelay?: number | null | undefined;
  actionDelayUnit?: string | null | undefined;
  unconditionalNode?: unknown;
  conditionalNode?: unknown;
}

/** The place of a node: what came before it on its path. */
export interface SequencePosition {
  parent: string | undefined;
  isConditional: boolean;
  /** Delays before the node. */
  hours: number;
  depth: number;
  isRequested: boolean;
  notConnected: boolean;
}

/** The place of the root. */
export const START: SequencePosition = {
  parent: undefined,
  isConditional: false,
  hours: 0,
  depth: 0,
  isRequested: false,
  notConnected: false,
};

/** The wait before a node, in hours. */
export function hoursOf({ actionDelay, actionDelayUnit }: Omit<NodeShape, 'nodeType'>): number {
  return (actionDelay ?? 0) * (actionDelayUnit === 'DAY' ? 24 : 1);
}

/** The place of a child of a node. */
export function positionBelow(
  node: NodeShape,
  position: SequencePosition,
  side: 'conditionalNode' | 'unconditionalNode',
): SequencePosition {
  const isConditional = side === 'conditionalNode';
  const { nodeType } = node;
  return {
    parent: nodeType,
    isConditional,
    hours: position.hours + hoursOf(node),
    depth: position.depth + 1,
    isRequested: position.isRequested || nodeType === 'CONNECTION_REQUEST',
    notConnected:
      nodeType === 'CHECK_IS_CONNECTION'
        ? !isConditional
        : position.notConnected && !(nodeType === 'CONNECTION_REQUEST' && isConditional),
  };
}

/** The rules of HeyReach that a node breaks by its place, its delay and its children. Payloads have their own rules. */
export function treeIssues(node: NodeShape, position: SequencePosition): string[] {
  const issues: string[] = [];
  const report = (issue: string) => issues.push(issue);
  const delay = hoursOf(node);
  checkPosition(node.nodeType, delay, position, report);
  if (position.hours + delay > MAX_HOURS) report('the delays up to here add up to more than 500 days');
  checkChildren(node, report);
  return issues;
}

function checkPosition(type: string, delay: number, position: SequencePosition, report: (issue: string) => void): void {
  const isAddedByHeyReach =
    type === 'END' && position.isConditional && (position.parent === 'MESSAGE' || position.parent === 'INMAIL');
  if (position.parent !== undefined && ACTIONS.has(position.parent) && delay < 3 && !isAddedByHeyReach) {
    report(`actionDelay must be at least 3 HOUR after a ${position.parent}`);
  }
  if (position.depth === 0 && type === 'END') report('a sequence cannot begin with END');
  if (type === 'FOLLOW' && position.isRequested)
    report('FOLLOW cannot come after a CONNECTION_REQUEST, which already follows the lead');
  if (type === 'CONNECTION_REQUEST' && position.isRequested)
    report('a second CONNECTION_REQUEST on the same path is not allowed');
  if (type === 'MESSAGE' && position.notConnected) {
    report('MESSAGE cannot be on the not connected side of a CHECK_IS_CONNECTION');
  }
}

function checkChildren({ nodeType: type, ...node }: NodeShape, report: (issue: string) => void): void {
  const { unconditionalNode, conditionalNode } = node;
  if (type === 'END') {
    if (unconditionalNode != null || conditionalNode != null) report('END has no children');
    return;
  }
  if (unconditionalNode == null) report(`unconditionalNode is required after ${type}; every path ends in END`);
  if (BRANCHING.has(type) && conditionalNode == null) {
    report(`conditionalNode is required after ${type}: it is the "yes" branch`);
  }
  if (BRANCHING.has(type) || conditionalNode == null) return;
  const mayHaveEnd = type === 'MESSAGE' || type === 'INMAIL';
  if (!mayHaveEnd) report(`${type} does not branch: leave conditionalNode out`);
  else if (!isRecord(conditionalNode) || conditionalNode.nodeType !== 'END')
    report(`the conditionalNode of a ${type} may only be an END ("replied")`);
}
