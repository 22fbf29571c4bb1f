import { isDeepStrictEqual } from 'node:util';
import { parse, TomlError } from 'smol-toml';
import { EditError, lineBreakOf } from './edit-error.ts';

type Table = Record<string, unknown>;

/** The value at a path of names. undefined where there is none. */
export function readToml(text: string, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (isTable(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    parseToml(text),
  );
}

/**
 * Adds or replaces the table `[section.name]` as text, because a TOML library drops the comments of a file that it writes.
 * @throws EditError where the file holds the entry in another form, such as an inline table.
 */
export function setTable(text: string, section: string, name: string, value: Record<string, unknown>): string {
  const lineBreak = lineBreakOf(text);
  const block = [
    `[${section}.${name}]`,
    ...Object.entries(value).map(([key, item]) => `${key} = ${render(item)}`),
  ].join(lineBreak);
  const without = removeTable(text, section, name);
  const [place] = blocksOf(text, section, name);
  let edited: string;
  if (place !== undefined) {
    edited = without.slice(0, place.from) + block + lineBreak + without.slice(place.from);
  } else {
    const separator = text === '' ? '' : /[\r\n]$/.test(text) ? lineBreak : lineBreak + lineBreak;
    edited = `${text}${separator}${block}${lineBreak}`;
  }
  return checked(edited, text, section, name, value);
}

/** Removes the table `[section.name]` and the tables below it. Comments behind its last line stay. */
export function removeTable(text: string, section: string, name: string): string {
  if (readToml(text, [section, name]) === undefined) return text;
  const edited = blocksOf(text, section, name).reduceRight(
    (rest, { from, to }) => rest.slice(0, from) + rest.slice(to),
    text,
  );
  return checked(edited, text, section, name, undefined);
}

/** Returns `edited` if it differs from `text` in the one entry only. */
function checked(edited: string, text: string, section: string, name: string, value: unknown): string {
  const foreign = 'has this entry in a form that this program does not edit. Change it by hand, or remove it first';
  let after: Table;
  try {
    after = parseToml(edited);
  } catch {
    throw new EditError(foreign);
  }
  if (!isDeepStrictEqual(plain(readToml(edited, [section, name])), plain(value))) throw new EditError(foreign);
  if (!isDeepStrictEqual(withoutEntry(after, section, name), withoutEntry(parseToml(text), section, name))) {
    throw new EditError(foreign);
  }
  return edited;
}

function parseToml(text: string): Table {
  try {
    return parse(text) as Table;
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new EditError(`is not valid TOML: line ${error.line}. Repair it first`);
  }
}

const isTable = (value: unknown): value is Table => typeof value === 'object' && value !== null;
/** The same value without the prototypes that the parser gives. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : structuredClone(value));

function withoutEntry(root: Table, section: string, name: string): unknown {
  const copy = structuredClone(root);
  const tables = copy[section];
  if (!isTable(tables)) return copy;
  delete tables[name];
  if (Object.keys(tables).length === 0) delete copy[section];
  return copy;
}

/** JSON strings are TOML strings, too. */
function render(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(render).join(', ')}]`;
  if (!isTable(value)) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)} = ${render(item)}`)
    .join(', ')} }`;
}

interface Block {
  from: number;
  to: number;
}

/** Where the table and its subtables stand: from the header to the end of the last line with a value. */
function blocksOf(text: string, section: string, name: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  for (const { from, to, header } of linesOf(text)) {
    if (header !== undefined) {
      open = isHeaderOf(header, section, name) ? { from, to } : undefined;
      if (open !== undefined) blocks.push(open);
    } else if (open !== undefined) {
      open.to = to;
    }
  }
  return blocks;
}

function isHeaderOf(header: string, section: string, name: string): boolean {
  try {
    return readToml(header, [section, name]) !== undefined;
  } catch {
    return false;
  }
}

/** A line with a header, or a key with its value, which can go over several lines. Blank lines and comments are left out. */
function* linesOf(text: string): Generator<Block & { header?: string }> {
  let at = 0;
  while (at < text.length) {
    const from = at;
    at = endOfStatement(text, at);
    const statement = text.slice(from, at);
    if (/^\s*(?:#.*)?$/.test(statement.trimEnd())) continue;
    const [header] = /^[ \t]*\[.*\]/.exec(statement) ?? [];
    yield header === undefined ? { from, to: at } : { from, to: at, header };
  }
}

/** A string, a comment, or one other character. */
const PART =
  /"""(?:\\[\s\S]|[^\\])*?"""(?:"{0,2})|'''[\s\S]*?'''(?:'{0,2})|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'|#[^\r\n]*|\r\n|[\s\S]/y;

/** The position behind the line break that ends the statement at `from`. Brackets and long strings hold line breaks. */
function endOfStatement(text: string, from: number): number {
  let depth = 0;
  PART.lastIndex = from;
  for (let part = PART.exec(text)?.[0]; part !== undefined; part = PART.exec(text)?.[0]) {
    if (part === '[' || part === '{') depth++;
    else if (part === ']' || part === '}') depth--;
    else if ((part === '\n' || part === '\r\n') && depth <= 0) return PART.lastIndex;
    if (PART.lastIndex >= text.length) break;
  }
  return text.length;
}
