import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { EditError, lineBreakOf } from './edit-error.ts';

export type { Node } from 'jsonc-parser';

/** The root of a text, which may have comments and trailing commas. undefined for a text without a value. */
export function parseJsonc(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [first] = errors;
  if (first !== undefined) {
    const line = text.slice(0, first.offset).split(/\r\n|\n|\r/).length;
    throw new EditError(`is not valid JSON: ${printParseErrorCode(first.error)} in line ${line}. Repair it first`);
  }
  return root;
}

/** The property of an object. undefined where it has none, or where there is no object. */
export function propertyOf(object: Node | undefined, name: string): Node | undefined {
  if (object === undefined) return undefined;
  if (object.type !== 'object') throw new EditError('has another structure than this program knows');
  const properties = (object.children ?? []).filter(({ children }) => children?.[0]?.value === name);
  if (properties.length > 1) throw new EditError(`has ${JSON.stringify(name)} twice. Remove one of them first`);
  return properties[0];
}

/** The value of a property. */
export const memberValue = (property: Node | undefined): Node | undefined => property?.children?.[1];

/** The position behind the comma that follows `from`. undefined where none follows. */
export function afterComma(text: string, from: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  return text[scanner.getTokenOffset()] === ',' ? scanner.getPosition() : undefined;
}

/** The end of the comments that follow `from` on the same line. `from` if there are none. */
export function afterCommentsOnLine(text: string, from: number): number {
  const scanner = createScanner(text, false);
  scanner.setPosition(from);
  let end = from;
  for (;;) {
    scanner.scan();
    const token = text.slice(scanner.getTokenOffset(), scanner.getPosition());
    if (/^\/[/*]/.test(token)) end = scanner.getPosition();
    else if (!/^[ \t]/.test(token)) return end;
  }
}

/** The blanks that begin the line of a position. */
export function indentAt(text: string, position: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, position)))?.[0] ?? '';
}

/** Whether only blanks stand before a position on its line. */
export function beginsLine(text: string, position: number): boolean {
  const start = lineStart(text, position);
  return start > 0 && /^[ \t]*$/.test(text.slice(start, position));
}

function lineStart(text: string, position: number): number {
  let start = position;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  return start;
}

/** One level of indentation, as the first indented member has it. */
export function indentUnit(text: string, root: Node): string {
  const [first] = root.children ?? [];
  const inner = first !== undefined && beginsLine(text, first.offset) ? indentAt(text, first.offset) : '';
  const outer = indentAt(text, root.offset);
  return (inner.startsWith(outer) ? inner.slice(outer.length) : inner) || '  ';
}

/** A value as JSON whose further lines have an indentation. */
export function render(value: unknown, text: string, unit: string, indent: string): string {
  return JSON.stringify(value, null, unit).replaceAll('\n', `${lineBreakOf(text)}${indent}`);
}
