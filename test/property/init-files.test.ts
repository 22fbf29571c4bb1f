import * as fc from 'fast-check';
import { getNodeValue } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { readJsonc, removeMember, setMember } from '../../src/cli/edit/jsonc.ts';
import { parseJsonc } from '../../src/cli/edit/jsonc-tree.ts';
import { readToml, removeTable, setTable } from '../../src/cli/edit/toml.ts';
import { jsoncFiles } from '../support/documents/jsonc-texts.ts';
import { runs } from '../support/runs/runs.ts';

const SECTION = 'mcpServers';
const NAME = 'heyreach';
const entry = fc.record({
  command: fc.string(),
  args: fc.array(fc.string(), { maxLength: 3 }),
  env: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }),
});
const files = jsoncFiles(SECTION, NAME);

/** Whether `edited` is `text` with one inserted part, and at most one comma before it. */
function onlyAdds(text: string, edited: string): boolean {
  let prefix = 0;
  while (prefix < text.length && text[prefix] === edited[prefix]) prefix++;
  let suffix = 0;
  while (suffix < text.length - prefix && text.at(-1 - suffix) === edited.at(-1 - suffix)) suffix++;
  const rest = text.slice(prefix, text.length - suffix);
  const middle = edited.slice(prefix, edited.length - suffix);
  return rest === '' || middle.startsWith(`,${rest}`);
}

/** All values of a text in order, without the entry. `__proto__` is an ordinary name here. */
function others(text: string): string {
  const root = parseJsonc(text);
  const members = (root?.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    if (key?.value !== SECTION) return [[key?.value, getNodeValue(value!)]];
    const servers = (value?.children ?? []).filter(({ children }) => children?.[0]?.value !== NAME);
    return servers.length === 0 ? [] : [[SECTION, servers.map(({ children }) => children?.map(getNodeValue))]];
  });
  return JSON.stringify(members);
}

describe('a JSONC file', () => {
  test('keeps every other byte when the entry is added', () => {
    fc.assert(
      fc.property(files, entry, (text, value) => {
        const edited = setMember(text, SECTION, NAME, value);
        expect(readJsonc(edited, [SECTION, NAME])).toEqual(value);
        expect(onlyAdds(text, edited), edited).toBe(true);
        expect(others(edited)).toBe(others(text));
      }),
      { numRuns: runs(600) },
    );
  });

  test('is the same whether the entry is added at once or replaced later, and adding it twice changes nothing', () => {
    fc.assert(
      fc.property(files, entry, entry, (text, first, second) => {
        const edited = setMember(text, SECTION, NAME, first);
        expect(setMember(edited, SECTION, NAME, first)).toBe(edited);
        expect(setMember(edited, SECTION, NAME, second)).toBe(setMember(text, SECTION, NAME, second));
      }),
      { numRuns: runs(600) },
    );
  });

  test('is byte for byte as before when the entry is removed from among others', () => {
    fc.assert(
      fc.property(files, entry, (text, value) => {
        const without = removeMember(setMember(text, SECTION, NAME, value), SECTION, NAME);
        expect(others(without)).toBe(others(text));
        const servers = readJsonc(text, [SECTION]);
        if (servers !== undefined && Object.keys(servers as object).length > 0) expect(without).toBe(text);
      }),
      { numRuns: runs(600) },
    );
  });
});

const line = fc.constantFrom(
  '# [mcp_servers.heyreach]',
  'model = "x" # comment',
  'text = """\n[mcp_servers.heyreach]\n# no comment \\""" "quoted"\n"""',
  "literal = '''\n[other]\n'''",
  'list = [ # comment\n  "a", # ]\n  "[b]",\n]',
  '',
  '\t',
);
const TABLES = ['mcp_servers.other', 'mcp_servers.heyreach2', 'mcp_servers."hey reach"', 'profiles.x', 'tui'];
const lines = fc.uniqueArray(line, { maxLength: 5 });
/** Tables whose names begin with a prefix. Keys are unique in a table, and tables in a file. */
const tables = (prefix: string) =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...TABLES), lines), { selector: ([name]) => name })
    .map((all) => all.flatMap(([name, content]) => [`[${prefix}${name}]`, ...content]).join('\n'));
const toml = fc
  .tuple(fc.constantFrom('\n', '\r\n'), lines, tables(''), tables('z.'), fc.boolean())
  .map(([lineBreak, top, middle, end, isEnded]) => {
    const use = (text: string) => text.replaceAll('\n', lineBreak);
    return { before: use(`${[...top, middle].join('\n')}${isEnded ? '\n' : ''}`), after: use(`# theirs\n${end}`) };
  });

describe('a TOML file', () => {
  test('keeps every other byte when the entry is added, replaced and removed between other entries', () => {
    fc.assert(
      fc.property(toml, entry, entry, ({ before, after }, first, second) => {
        const added = setTable(before, 'mcp_servers', NAME, first);
        expect(added.startsWith(before)).toBe(true);
        expect(readToml(added, ['mcp_servers', NAME])).toEqual(first);
        const replaced = setTable(added + after, 'mcp_servers', NAME, second);
        expect(readToml(replaced, ['mcp_servers', NAME])).toEqual(second);
        expect(replaced).toBe(setTable(before, 'mcp_servers', NAME, second) + after);
        const separator = added.slice(before.length, added.indexOf('[mcp_servers.heyreach]', before.length));
        expect(removeTable(replaced, 'mcp_servers', NAME)).toBe(before + separator + after);
      }),
      { numRuns: runs(500) },
    );
  });
});
