import { describe, expect, test } from 'vitest';
import { EditError } from '../../../../src/cli/edit/edit-error.ts';
import { readEntry, removeEntry, setEntry } from '../../../../src/cli/hosts/edit-entry.ts';
import type { HostEntry } from '../../../../src/cli/hosts/host.ts';
import { hostOf } from '../../../../src/cli/hosts/hosts.ts';

const ENTRY: HostEntry = { value: { command: 'n', args: ['m'] } };
const set = (id: string, text: string, entry = ENTRY) => setEntry(hostOf(id)!, text, 'heyreach', entry);
const remove = (id: string, text: string) => removeEntry(hostOf(id)!, text, 'heyreach');

describe('a JSON file', () => {
  test('keeps comments, tabs, CRLF and a trailing comma, and keeps the comment of the last entry at that entry', () => {
    const text =
      '// mine\r\n{\r\n\t"theme": "x",\r\n\t"mcpServers": {\r\n\t\t"a": { "command": "a" }, // a\r\n\t},\r\n}\r\n';
    expect(set('cursor', text)).toBe(
      '// mine\r\n{\r\n\t"theme": "x",\r\n\t"mcpServers": {\r\n\t\t"a": { "command": "a" }, // a\r\n' +
        '\t\t"heyreach": {\r\n\t\t\t"command": "n",\r\n\t\t\t"args": [\r\n\t\t\t\t"m"\r\n\t\t\t]\r\n\t\t},\r\n\t},\r\n}\r\n',
    );
    expect(remove('cursor', set('cursor', text))).toBe(text);
  });

  test('a file on one line stays on one line', () => {
    expect(set('cursor', '{"mcpServers":{"a":{}},"b":1}')).toBe(
      '{"mcpServers":{"a":{},"heyreach":{"command":"n","args":["m"]}},"b":1}',
    );
  });

  test.each(['', '{}', '{\n}\n', '// nothing yet', '\n', '{ "mcpServers": {} }', '{ // c\n}', '{"mcpServers":{\n}}'])(
    'without entries gets its first one: %j',
    (text) => {
      const edited = set('claude-desktop', text);
      expect(readEntry(hostOf('claude-desktop')!, edited, 'heyreach')).toEqual(ENTRY.value);
      expect(edited.replaceAll(/\s/g, '')).toContain(text.replaceAll(/\s|[{}]/g, '').replace('"mcpServers":', ''));
    },
  );

  test.each([
    ['{ "mcpServers": { }', /^is not valid JSON: CloseBraceExpected in line 1/],
    ['{\n "a": 1\n "b": 2 }', /^is not valid JSON: CommaExpected in line 3/],
    ['{} {}', /^is not valid JSON: EndOfFileExpected/],
    ['[]', /^has another structure/],
    ['{ "mcpServers": [] }', /^has another structure/],
    ['{ "mcpServers": "x" }', /^has another structure/],
    ['{ "mcpServers": {}, "mcpServers": {} }', /^has "mcpServers" twice/],
    ['{ "mcpServers": { "heyreach": {}, "heyreach": {} } }', /^has "heyreach" twice/],
  ])('%j is not edited', (text, message) => {
    expect(() => set('cursor', text)).toThrow(EditError);
    expect(() => set('cursor', text)).toThrow(message);
  });
});

describe('the inputs of VS Code', () => {
  const entry: HostEntry = {
    value: { command: 'n', args: [], env: { HEYREACH_API_KEY: '${input:heyreach-key}' } },
    input: { type: 'promptString', id: 'heyreach-key', password: true },
  };
  const text = '{\n  "inputs": [{ "id": "other", "type": "promptString" }],\n  "servers": {\n    "a": {}\n  }\n}\n';

  test('get one input for the key, once', () => {
    const edited = set('vscode', text, entry);
    expect(edited).toContain(
      '"inputs": [{ "id": "other", "type": "promptString" },{"type":"promptString","id":"heyreach-key"',
    );
    expect(set('vscode', edited, entry)).toBe(edited);
    expect(remove('vscode', edited)).toBe(text);
  });

  test('keep an input that another entry names', () => {
    const edited = set('vscode', text, entry).replace('"a": {}', '"a": { "env": { "K": "${input:heyreach-key}" } }');
    expect(remove('vscode', edited)).toContain('"id":"heyreach-key"');
  });
});

describe('a TOML file', () => {
  test('gets the entry as text, and a second run replaces it up to its last value', () => {
    const text = '# mine\nmodel = "x" # y\n\n[mcp_servers.a]\ncommand = "a"\n';
    const edited = set('codex', text);
    expect(edited).toBe(`${text}\n[mcp_servers.heyreach]\ncommand = "n"\nargs = ["m"]\n`);
    const more = `${edited}\n[mcp_servers.heyreach.env]\nKEY = "old"\n# about b\n[mcp_servers.b]\ncommand = "b"\n`;
    const replaced = set('codex', more, { value: { command: 'n', env_vars: ['KEY'] } });
    expect(replaced).toBe(
      `${text}\n[mcp_servers.heyreach]\ncommand = "n"\nenv_vars = ["KEY"]\n\n# about b\n[mcp_servers.b]\ncommand = "b"\n`,
    );
    expect(remove('codex', replaced)).toBe(`${text}\n\n# about b\n[mcp_servers.b]\ncommand = "b"\n`);
  });

  test('writes the variables as an inline table', () => {
    expect(set('codex', '', { value: { command: 'C:\\n', env: { A: '"x"' } } })).toBe(
      '[mcp_servers.heyreach]\ncommand = "C:\\\\n"\nenv = { "A" = "\\"x\\"" }\n',
    );
  });

  test('finds the entry under a quoted name', () => {
    expect(set('codex', '[ mcp_servers . "heyreach" ] # c\ncommand = "o"\n')).toBe(
      '[mcp_servers.heyreach]\ncommand = "n"\nargs = ["m"]\n',
    );
  });

  test.each([
    ['mcp_servers = { heyreach = { command = "o" } }', /^has this entry in a form/],
    ['mcp_servers = { a = { command = "o" } }', /^has this entry in a form/],
    ['[mcp_servers]\nheyreach.command = "o"\n', /^has this entry in a form/],
    ['[mcp_servers\n', /^is not valid TOML: line 1/],
    ['a = 1\na = 2\n', /^is not valid TOML: line 2/],
  ])('%j is not edited', (text, message) => {
    expect(() => set('codex', text)).toThrow(EditError);
    expect(() => set('codex', text)).toThrow(message);
  });
});
