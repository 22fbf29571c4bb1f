import type { SequenceNode } from '../../client/operations/sequence.ts';
import { inline } from '../preview.ts';

/** No message is longer: texts are shown whole, since they are what people will read. */
const LONGEST_TEXT = 8_000;

/**
 * The steps of a sequence as lines, in the order in which a lead meets them: after which delay, what, and with which text.
 * A branch names its side.
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

/** Nothing follows: no side has to be named for it. */
function isEnd(node: SequenceNode | null | undefined): boolean {
  return node == null || node.nodeType === 'END';
}

function describe({ nodeType, actionDelay, actionDelayUnit, payload }: SequenceNode): string {
  const delay = actionDelay ? ` after ${actionDelay} ${(actionDelayUnit ?? '').toLowerCase()}` : '';
  const texts = textsOf(payload);
  return `${nodeType}${delay}${texts === '' ? '' : `: ${texts}`}`;
}

/** The texts a person would read: one a variant, for an InMail with its subject. */
function textsOf(payload: SequenceNode['payload']): string {
  const { messages, message, fallbackMessage } = (payload ?? {}) as Record<string, unknown>;
  const variants = [...(Array.isArray(messages) ? messages : [message]), fallbackMessage].flatMap(readVariant);
  return [...new Set(variants)].map((text) => `"${inline(text, LONGEST_TEXT)}"`).join(' or ');
}

function readVariant(variant: unknown): string[] {
  const parts = typeof variant === 'object' && variant !== null ? Object.values(variant) : [variant];
  const said = parts.filter((part): part is string => typeof part === 'string' && part !== '');
  return said.length === 0 ? [] : [said.join(': ')];
}
