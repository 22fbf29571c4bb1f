import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DOCUMENTS, generate } from '../../scripts/docs.ts';
import { settings } from '../../src/config/settings.ts';
import { prompts } from '../../src/prompts/prompt-registry.ts';
import { guides, resources } from '../../src/resources/index.ts';
import { tools } from '../../src/tools/registry.ts';
import { block, DOCUMENT_PATHS, type Entry, root, shownWith } from '../support/documents/documents.ts';
import { defaultTools } from '../support/tools/tool-counts.ts';

const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  files: string[];
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const documents = DOCUMENT_PATHS.map((path) => ({ path, text: read(path) }));
/** All matches of the first group of `pattern` in all documents, with the path of the document. */
const inAll = (pattern: RegExp) =>
  documents.flatMap(({ path, text }) => [...text.matchAll(pattern)].map((match) => ({ path, match: match[1]! })));

test.each(Object.keys(DOCUMENTS))('the generated tables of %s match the code', (document) => {
  const text = read(document);
  expect(generate(document, text)).toBe(text);
});

describe('names in documents exist:', () => {
  test('npm commands', () => {
    const commands = inAll(/npm run ([a-z:]+)/g);
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter(({ match }) => !(match in manifest.scripts))).toEqual([]);
  });

  test('files and folders', () => {
    const paths = inAll(/`((?:src|test|scripts|docs|\.ci)\/[\w./-]+)`/g);
    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter(({ match }) => !existsSync(`${root}${match}`))).toEqual([]);
  });

  test('relative links and their headings', () => {
    const headingsOf = (path: string) =>
      [...read(path).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
    const links = inAll(/\]\((?!https?:)([^)]+)\)/g);
    expect(links.length).toBeGreaterThan(50);
    const broken = links.filter(({ path, match }) => {
      const [file = '', anchor] = match.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(`${root}${target}`)) return true;
      return anchor !== undefined && !headingsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('documents in the package link only to documents in the package', () => {
    const isPacked = (path: string) => {
      if (['README.md', 'LICENSE', 'package.json'].includes(path)) return true;
      if (manifest.files.includes(`!${path}`)) return false;
      return manifest.files.includes(path) || path.startsWith('skills/') || /^docs\/[^/]+\.md$/.test(path);
    };
    // npm and GitHub show the README with the files of the repository around it.
    const links = inAll(/\]\((?!https?:|#)([^)#]+\.md)[^)]*\)/g).filter(
      ({ path }) => path !== 'README.md' && isPacked(path),
    );
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter(({ path, match }) => !isPacked(join(dirname(path), match)))).toEqual([]);
  });

  test('variables and flags', () => {
    const known = Object.values<{ variable?: string; flag?: string }>(settings);
    const variables = inAll(/\b(HEYREACH_[A-Z_]+)\b/g);
    expect(variables.length).toBeGreaterThan(40);
    expect(variables.filter(({ match }) => !known.some(({ variable }) => variable === match))).toEqual([]);
    const commands = inAll(/dist\/main\.js([^\n]*)/g).filter(({ match }) => !match.includes('--method'));
    const inCommands = commands.flatMap(({ match }) => match.match(/(?<=--)[a-z-]+/g) ?? []);
    const inProse = inAll(/`--([a-z-]+)[^`]*`/g).map(({ match }) => match);
    const ofInit = ['scope', 'key-from-env', 'dry-run', 'print', 'remove', 'force', 'json', 'pin'];
    const ofOtherCommands = ['file', 'cli', 'add-host', 'help', 'header', 'env', ...ofInit];
    const flags = [...inCommands, ...inProse].filter((name) => !ofOtherCommands.includes(name));
    expect(flags.length).toBeGreaterThan(20);
    expect(flags.filter((name) => !known.some(({ flag }) => flag === name))).toEqual([]);
  });

  test('log lines', () => {
    const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const source = sources.map((name) => read(`src/${name}`)).join('');
    const quoted = /`((?!systemctl)[a-z]+(?: [a-z]+){2,})`/g;
    const lines = [...read('docs/deploy.md').matchAll(quoted)].map((match) => match[1]!);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => !source.includes(line))).toEqual([]);
  });

  test('every marked block is unique', () => {
    const names = inAll(/<!-- block: ([\w-]+) -->/g).map(({ match }) => match);
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(block(name)).not.toBe('');
  });
});

test('ARCHITECTURE.md names every dependency', () => {
  const text = read('ARCHITECTURE.md');
  const all = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(all.filter((name) => !text.includes(`\`${name}\``))).toEqual(['@types/node']);
});

test('ARCHITECTURE.md names every folder of src', () => {
  const text = read('ARCHITECTURE.md');
  const folders = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).filter((name) => !text.includes(`\`src/${name}\``))).toEqual([]);
});

test('the index of decisions lists every decision with its title', () => {
  const folder = 'docs/decisions/';
  const files = readdirSync(`${root}${folder}`).filter((name) => name !== 'README.md');
  expect(files.length).toBeGreaterThan(20);
  const rows = files.map((name) => {
    const [, number, title] = /^# (\d{3})\. (.+)$/m.exec(read(`${folder}${name}`)) ?? [];
    return `| ${number} | [${title}](${name}) |`;
  });
  expect(read(`${folder}README.md`).match(/^\| \d{3} .*$/gm)).toEqual(rows);
});

test('docs/safety.md lists every rejection of a confirmation', () => {
  const kinds = ['other_arguments', 'changed', 'expired', 'used', 'other_tool', 'other_key', 'forged'];
  for (const kind of kinds) expect(read('docs/safety.md')).toContain(`\`confirmation_${kind}\``);
});

describe('the README', () => {
  const readme = read('README.md');

  test('starts with its two commands, and links docs/safety.md before the first live example', () => {
    const commands = [...readme.matchAll(/```sh\n([^`]+)\n```/g)].map((match) => match[1]);
    expect(commands.slice(0, 2)).toEqual(['npm ci && npm start', 'npm ci && npm test']);
    const link = readme.indexOf('(docs/safety.md)');
    expect(link).toBeGreaterThan(0);
    expect(link).toBeLessThan(readme.indexOf('<!-- block: claude-desktop -->'));
  });

  test('has at most 230 lines, and ARCHITECTURE.md 160', () => {
    expect(readme.split('\n').length - 1).toBeLessThanOrEqual(230);
    expect(read('ARCHITECTURE.md').split('\n').length - 1).toBeLessThanOrEqual(160);
  });

  test('has an entry for Cursor that fits its limit of 40 tools', () => {
    const entry = JSON.parse(block('cursor')) as { mcpServers: { heyreach: Entry } };
    expect(entry.mcpServers.heyreach.args?.slice(-2)).toEqual(['--toolsets', 'essentials']);
    expect(shownWith(entry.mcpServers.heyreach)).toBeGreaterThan(20);
    expect(readme).toContain('`--toolsets essentials` has at most 38, in under 9,000 tokens');
  });

  test('has the correct numbers of tools, resources and prompts', () => {
    expect(readme).toContain(
      `${tools.length} tools, ${resources.length + guides.length + 1} resources and ${prompts.length} prompts`,
    );
    expect(readme).toContain(`Each of the ${tools.length} tools`);
    expect(readme).toContain(`All ${defaultTools.length} default tools`);
  });
});
