import type { SequenceNode } from '../client/operations/sequence.ts';
import { quoteText, showConstant } from '../lib/outside-text.ts';
import { countNoun } from '../lib/text-format.ts';
import { readTexts } from './sequence-texts.ts';

/** The longest message that HeyReach takes, so previews show every text whole. */
const MAX_TEXT_LENGTH = 8_000;

/**
 * The steps of a sequence as lines, in the order a lead meets them. Each line has the delay, the step and its text. A line of
 * a branch begins with its side.
 */
export function outlineSteps(root: SequenceNode | undefined): string[] {
  const lines: string[] = [];
  const walk = (node: SequenceNode | null | undefined, side: string) => {
    if (node == null || isEnd(node)) return;
    const { conditionalNode, unconditionalNode } = node;
    lines.push(`${side}${describe(node)}`);
    walk(conditionalNode, `${side}if yes: `);
    walk(unconditionalNode, isEnd(conditionalNode) ? side : `${side}if no: `);
  };
  walk(root, '');
  return lines;
}

/** An empty side is not named. */
function isEnd(node: SequenceNode | null | undefined): boolean {
  return node == null || node.nodeType === 'END';
}

function describe({ nodeType, actionDelay, actionDelayUnit, payload }: SequenceNode): string {
  const delay = actionDelay ? ` after ${countNoun(actionDelay, showConstant(actionDelayUnit).toLowerCase())}` : '';
  const texts = textsOf(payload);
  return `${showConstant(nodeType)}${delay}${texts === '' ? '' : `: ${texts}`}`;
}

/** The texts the lead would read: the variants, and the fallback. An InMail includes its subject. */
function textsOf(payload: SequenceNode['payload']): string {
  const { variants, fallback } = readTexts(payload);
  const shown = [...new Set(variants.map(joinParts))].map(quoteVariant);
  return [
    ...(shown.length === 0 ? [] : [shown.join(' or ')]),
    ...(fallback === undefined ? [] : [`fallback if a variable has no value: ${quoteVariant(joinParts(fallback))}`]),
  ].join('; ');
}

function joinParts(parts: readonly string[]): string {
  return parts.join(': ');
}

function quoteVariant(text: string): string {
  return quoteText(text, MAX_TEXT_LENGTH);
}
