import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

/** A block of a rendered text. */
interface Block {
  type: string;
  text: string;
}

interface Rendered {
  /** The paragraphs, headings and list items, in order. */
  blocks: Block[];
  /** Every type of node below the root. */
  types: Set<string>;
}

interface MarkdownNode {
  type: string;
  value?: string;
  children?: MarkdownNode[];
}

/** Parses a text as a client does that renders GitHub's Markdown. */
export function render(text: string): Rendered {
  const types = new Set<string>();
  const blocks: Block[] = [];
  const walk = (node: MarkdownNode, parent: string) => {
    types.add(node.type);
    if (node.type === 'paragraph' || node.type === 'heading') blocks.push({ type: parent, text: textOf(node) });
    else for (const child of node.children ?? []) walk(child, node.type);
    if (node.type === 'paragraph' || node.type === 'heading') for (const child of node.children ?? []) note(child);
  };
  const note = (node: MarkdownNode) => {
    types.add(node.type);
    for (const child of node.children ?? []) note(child);
  };
  const root: MarkdownNode = fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
  for (const child of root.children ?? []) walk(child, 'root');
  return { blocks, types };
}

function textOf({ type, value, children = [] }: MarkdownNode): string {
  if (type === 'break') return '\n';
  return value ?? children.map(textOf).join('');
}
