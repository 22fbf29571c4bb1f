import type { SequenceNode } from '../../client/operations/sequence.ts';
import { MAX_TEXT_BYTES } from '../shape.ts';

/** What stands around a tree. */
const FRAME = 500;

/** A step by its path, with the size of the branch that begins with it. */
export interface OutlinedStep {
  /** `unconditionalNode.conditionalNode`; empty for the root. */
  node: string;
  nodeType: string;
  bytes: number;
}

/** A branch as a result can carry it: whole, or its first step alone and the outline of what is below. */
export type FittedBranch = { sequence: SequenceNode } | { sequence: SequenceNode; outline: OutlinedStep[] };

/** What is said beside an outline. */
export const OUTLINE_NOTE =
  'sequence holds one step without its children, and is not to be written back as it stands. Read the branches with node.';

/** A clipped tree could be written back by mistake, so one that is too large comes as an outline. */
export function fitBranch(branch: SequenceNode, path: string, maxBytes = MAX_TEXT_BYTES): FittedBranch {
  if (sizeOf(branch) < maxBytes - FRAME) return { sequence: branch };
  const { unconditionalNode, conditionalNode, ...alone } = branch;
  const outline: OutlinedStep[] = [];
  outlineInto(outline, unconditionalNode, join(path, 'unconditionalNode'));
  outlineInto(outline, conditionalNode, join(path, 'conditionalNode'));
  return { sequence: { ...alone, unconditionalNode: null, conditionalNode: null }, outline };
}

function sizeOf(branch: SequenceNode): number {
  return Buffer.byteLength(JSON.stringify(branch));
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function outlineInto(steps: OutlinedStep[], branch: SequenceNode | null | undefined, node: string): void {
  if (branch == null) return;
  steps.push({ node, nodeType: branch.nodeType, bytes: sizeOf(branch) });
  outlineInto(steps, branch.unconditionalNode, `${node}.unconditionalNode`);
  outlineInto(steps, branch.conditionalNode, `${node}.conditionalNode`);
}
