import type { SequenceNode } from '../client/operations/sequence.ts';
import { MAX_TEXT_BYTES } from '../mcp/results/fit-result.ts';

/** Bytes reserved for the rest of the result. */
const RESULT_OVERHEAD = 500;

/** A step and the size of the branch below it, itself included. */
export interface OutlinedStep {
  /** Path, such as `unconditionalNode.conditionalNode`. Empty for the root. */
  node: string;
  nodeType: string;
  bytes: number;
}

/** A branch that fits into a result: whole, or its first step with an outline of the steps below. */
export type FittedBranch = { sequence: SequenceNode } | { sequence: SequenceNode; outline: OutlinedStep[] };

/** The note of a result with an outline. */
export const OUTLINE_NOTE =
  'sequence holds one step without its children. Do not write it back. Read the branches with node.';

/** Returns an outline for a tree that is too large, because a clipped tree could be written back by mistake. */
export function fitBranch(branch: SequenceNode, path: string, maxBytes = MAX_TEXT_BYTES): FittedBranch {
  if (sizeOf(branch) < maxBytes - RESULT_OVERHEAD) return { sequence: branch };
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
