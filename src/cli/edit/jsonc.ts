import { getNodeValue } from 'jsonc-parser';
import { EditError, lineBreakOf } from './edit-error.ts';
import {
  afterComma,
  afterCommentsOnLine,
  beginsLine,
  indentAt,
  indentUnit,
  memberValue,
  type Node,
  parseJsonc,
  propertyOf,
  render,
} from './jsonc-tree.ts';

/*
 * jsonc-parser reads the text and gives positions. Its own `modify` formats whole lines, and these can hold other entries.
 * The edits here only insert or remove a member with one comma, so that every other byte stays.
 */

/** The value at a path of names. undefined where there is none. */
export function readJsonc(text: string, path: readonly string[]): unknown {
  const node = path.reduce<Node | undefined>((at, name) => memberValue(propertyOf(at, name)), parseJsonc(text));
  return node === undefined ? undefined : getNodeValue(node);
}

/** Adds or replaces the member `name` in the object `section`. Creates the object where there is none. */
export function setMember(text: string, section: string, name: string, value: unknown): string {
  const root = parseJsonc(text);
  if (root === undefined) return appendDocument(text, { [section]: { [name]: value } });
  const unit = indentUnit(text, root);
  const object = memberValue(propertyOf(root, section));
  if (object === undefined) return insertMember(text, root, unit, section, { [name]: value });
  const property = propertyOf(object, name);
  const existing = memberValue(property);
  if (property === undefined || existing === undefined) return insertMember(text, object, unit, name, value);
  const { offset, length } = existing;
  const isOnOwnLine = beginsLine(text, property.offset);
  const replacement = isOnOwnLine ? render(value, text, unit, indentAt(text, offset)) : JSON.stringify(value);
  return text.slice(0, offset) + replacement + text.slice(offset + length);
}

/** Removes the member `name` of the object `section`. */
export function removeMember(text: string, section: string, name: string): string {
  const object = memberValue(propertyOf(parseJsonc(text), section));
  const property = propertyOf(object, name);
  return object === undefined || property === undefined ? text : removeChild(text, object, property);
}

/** Adds an element to the array `section` unless one has the same id. Creates the array where there is none. */
export function addElement(text: string, section: string, element: { id: string }): string {
  const root = parseJsonc(text);
  if (root === undefined) return appendDocument(text, { [section]: [element] });
  const unit = indentUnit(text, root);
  const array = memberValue(propertyOf(root, section));
  if (array === undefined) return insertMember(text, root, unit, section, [element]);
  if (elementOf(array, element.id) !== undefined) return text;
  return insert(text, array, unit, (indent) =>
    indent === undefined ? JSON.stringify(element) : render(element, text, unit, indent),
  );
}

/** Removes the element with an id from the array `section`. */
export function removeElement(text: string, section: string, id: string): string {
  const array = memberValue(propertyOf(parseJsonc(text), section));
  const element = array === undefined ? undefined : elementOf(array, id);
  return array === undefined || element === undefined ? text : removeChild(text, array, element);
}

function elementOf(array: Node, id: string): Node | undefined {
  if (array.type !== 'array') throw new EditError('has another structure than this program knows');
  return array.children?.find(
    (element) => element.type === 'object' && memberValue(propertyOf(element, 'id'))?.value === id,
  );
}

/** A text of blanks and comments alone gets its first value. */
function appendDocument(text: string, value: object): string {
  const lineBreak = lineBreakOf(text);
  const separator = text === '' || /[\r\n]$/.test(text) ? '' : lineBreak;
  return `${text}${separator}${render(value, text, '  ', '')}${lineBreak}`;
}

function insertMember(text: string, object: Node, unit: string, name: string, value: unknown): string {
  if (object.type !== 'object') throw new EditError('has another structure than this program knows');
  const key = JSON.stringify(name);
  return insert(text, object, unit, (indent) =>
    indent === undefined ? `${key}:${JSON.stringify(value)}` : `${key}: ${render(value, text, unit, indent)}`,
  );
}

/**
 * Inserts a member at the end of an object or array, behind the comments on the line of the last member.
 * @param member renders it with the indentation of its line, or for a line that holds the whole object.
 */
function insert(text: string, container: Node, unit: string, member: (indent?: string) => string): string {
  const lineBreak = lineBreakOf(text);
  const last = container.children?.at(-1);
  const outer = indentAt(text, container.offset);
  if (last === undefined) {
    const at = afterCommentsOnLine(text, container.offset + 1);
    const indent = outer + unit;
    const endsLine = /^[ \t]*[\r\n]/.test(text.slice(at));
    const added = `${lineBreak}${indent}${member(indent)}${endsLine ? '' : `${lineBreak}${outer}`}`;
    return text.slice(0, at) + added + text.slice(at);
  }
  const end = last.offset + last.length;
  const commaEnd = afterComma(text, end);
  const at = afterCommentsOnLine(text, commaEnd ?? end);
  const isOnOwnLine = beginsLine(text, last.offset) || /^[ \t]*[\r\n]/.test(text.slice(at)) || at === text.length;
  const indent = beginsLine(text, last.offset) ? indentAt(text, last.offset) : outer + unit;
  const added = isOnOwnLine ? `${lineBreak}${indent}${member(indent)}` : member();
  // A list with a trailing comma keeps one.
  return commaEnd === undefined
    ? `${text.slice(0, end)},${text.slice(end, at)}${added}${text.slice(at)}`
    : `${text.slice(0, at)}${added},${text.slice(at)}`;
}

/** Removes a member with its line and one comma: the one behind it, else the one before it. */
function removeChild(text: string, container: Node, child: Node): string {
  const end = child.offset + child.length;
  const commaEnd = afterComma(text, end);
  const from = beginsLine(text, child.offset) ? child.offset - blanksBefore(text, child.offset) : child.offset;
  const children = container.children ?? [];
  const previous = children[children.indexOf(child) - 1];
  if (commaEnd !== undefined || previous === undefined) return text.slice(0, from) + text.slice(commaEnd ?? end);
  const previousEnd = previous.offset + previous.length;
  const comma = afterComma(text, previousEnd) ?? previousEnd;
  return text.slice(0, comma - 1) + text.slice(comma, from) + text.slice(end);
}

/** The length of the indentation before a position and the line break before that. */
function blanksBefore(text: string, position: number): number {
  return /(?:\r\n|\n|\r)?[ \t]*$/.exec(text.slice(0, position))?.[0].length ?? 0;
}
