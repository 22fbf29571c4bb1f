import { parseAst } from 'vitest/node';

/** A text for people, and the line on which it starts. */
export interface Prose {
  line: number;
  text: string;
}

interface Node {
  type: string;
  start: number;
  end: number;
  value?: unknown;
}

/** Returns the comments of a TypeScript file, and those of its string literals that contain a space. */
export function proseOfCode(source: string): Prose[] {
  const { literals, comments } = textsIn(source);
  return [...literals.filter(({ text }) => /\s/.test(text)), ...comments];
}

interface Texts {
  literals: Prose[];
  comments: Prose[];
}

/** Each source is parsed once, for its literals and for its comments. */
const parsed = new Map<string, Texts>();

/** The string literals and the comments of a TypeScript file. */
function textsIn(source: string): Texts {
  const texts = parsed.get(source) ?? parseTexts(source);
  parsed.set(source, texts);
  return texts;
}

function parseTexts(source: string): Texts {
  const literals: { start: number; end: number; text: string }[] = [];
  visit(parseAst(source, { lang: 'ts' }), ({ type, start, end, value }) => {
    if (type === 'Literal' && (typeof value === 'string' || source[start] === '/')) {
      literals.push({ start, end, text: typeof value === 'string' ? value : '' });
    }
    if (type === 'TemplateElement') literals.push({ start, end, text: (value as { raw: string }).raw });
  });
  // A comment mark within a literal is not a comment.
  literals.sort((a, b) => a.start - b.start);
  let blanked = '';
  for (const { start, end } of literals) {
    blanked += source.slice(blanked.length, Math.max(start, blanked.length));
    blanked += ' '.repeat(Math.max(0, end - blanked.length));
  }
  blanked += source.slice(blanked.length);
  const comments = [...blanked.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)].map(({ 0: text, index }) => ({
    start: index,
    text,
  }));
  return { literals: withLines(source, literals), comments: withLines(source, comments) };
}

/** The texts with their lines. They are in the order of the source, whose lines are counted once. */
function withLines(source: string, texts: { start: number; text: string }[]): Prose[] {
  let line = 1;
  let at = 0;
  return texts.map(({ start, text }) => {
    for (let end = source.indexOf('\n', at); end >= 0 && end < start; end = source.indexOf('\n', at)) {
      line += 1;
      at = end + 1;
    }
    return { line, text };
  });
}

/** Returns the paragraphs, list items and tags of the comments of a TypeScript file. Line comments below each other are one text. */
export function proseOfComments(source: string): Prose[] {
  const joined: (Prose & { end: number })[] = [];
  for (const { line, text } of textsIn(source).comments) {
    const last = joined.at(-1);
    const isNext = text.startsWith('//') && last?.text.startsWith('//') === true && last.end + 1 === line;
    if (isNext) Object.assign(last, { text: `${last.text}\n${text}`, end: line });
    else joined.push({ line, text, end: line + text.split('\n').length - 1 });
  }
  return joined
    .flatMap(({ line, text }) =>
      text
        .replaceAll(/^\s*(?:\/\*\*?|\*\/|\*|\/\/)|\*\/$/gm, '')
        .split(/\n(?=\s*(?:- |@|\n))/)
        .map((part) => ({ line, text: part.replaceAll(/\s+/g, ' ').trim() })),
    )
    .filter(({ text }) => text !== '');
}

/** Returns the lines of a markdown document, a table cell each, without code blocks and generated tables. */
export function proseOfDocument(source: string): Prose[] {
  let isSkipped = false;
  return source.split('\n').flatMap((text, index) => {
    if (/^\s*```/.test(text)) isSkipped = !isSkipped;
    else if (text.startsWith('<!-- generated:')) isSkipped = true;
    else if (text.startsWith('<!-- end:')) isSkipped = false;
    else if (!isSkipped) return text.split(/ \| |^\| | \|$/).map((cell) => ({ line: index + 1, text: cell }));
    return [];
  });
}

function visit(value: unknown, onNode: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && 'start' in value) onNode(value as Node);
  for (const child of Object.values(value)) visit(child, onNode);
}
