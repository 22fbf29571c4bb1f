import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { DOCUMENTS, generate } from '../../scripts/docs.ts';
import { tools } from '../../src/tools/registry.ts';
import { run } from '../kit/program.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

test.each(Object.keys(DOCUMENTS))('the tables of %s are those of the code', (document) => {
  const text = read(document);
  expect(generate(document, text)).toBe(text);
});

test('docs/safety.md tells of every refusal of a confirmation, and the README leads to it before its first live example', () => {
  const kinds = ['other_arguments', 'changed', 'expired', 'used', 'other_tool', 'other_key', 'forged'];
  for (const kind of kinds) expect(read('docs/safety.md')).toContain(`\`confirmation_${kind}\``);
  const readme = read('README.md');
  expect(readme.indexOf('(docs/safety.md)')).toBeGreaterThan(0);
  expect(readme.indexOf('(docs/safety.md)')).toBeLessThan(readme.indexOf('<!-- block: claude-desktop -->'));
});

test('the README begins with its two commands', () => {
  const commands = [...read('README.md').matchAll(/```sh\n([^`]+)\n```/g)].map((match) => match[1]);
  expect(commands.slice(0, 3)).toEqual(['npm ci && npm start', 'npm ci && npm test', 'npm run demo']);
});

test('every npm command that a document names exists', () => {
  const named = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md'].flatMap((file) =>
    [...read(file).matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1]!),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test('every dependency stands in ARCHITECTURE.md', () => {
  const text = read('ARCHITECTURE.md');
  const all = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(all.filter((name) => !text.includes(`\`${name}\``))).toEqual(['@types/node']);
});

test('every file that ARCHITECTURE.md and CONTRIBUTING.md name exists', () => {
  const named = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md'].flatMap((file) =>
    [...read(file).matchAll(/`((?:src|test|scripts)\/[\w./-]+\.(?:ts|mjs))`/g)].map((match) => match[1]!),
  );
  expect(named.length).toBeGreaterThan(5);
  for (const file of named) expect(() => read(file), file).not.toThrow();
});

describe('what a document claims about tools', () => {
  test('the toolsets for Cursor fit its limit of 40', () => {
    const given = /"--toolsets",\s*"([^"]+)"/.exec(read('README.md'))?.[1]?.split(',') ?? [];
    expect(given.length).toBeGreaterThan(3);
    const shown = tools.filter(({ toolset }) => given.includes(toolset));
    expect(shown).toHaveLength(34);
  });

  test('the counts are right', () => {
    expect(tools).toHaveLength(66);
    expect(read('README.md')).toContain('each of the 66 tools');
    expect(read('README.md')).toContain('All 52 default tools');
  });
});

test('the demo walks its task to the end', async () => {
  const demo = await run('node_modules/.bin/tsx', ['scripts/demo.ts']);
  expect(demo.stderr).toBe('');
  expect(demo.code).toBe(0);
  const called = [...demo.stdout.matchAll(/^> (\w+)/gm)].map((match) => match[1]);
  expect(called).toEqual([
    'list_conversations',
    'get_conversation',
    'list_campaigns_for_lead',
    'pause_campaign',
    'list_campaigns',
    'add_leads_to_campaign',
    'add_leads_to_campaign',
  ]);
  expect(demo.stdout).toContain('"status":"PAUSED"');
  expect(demo.stdout).toContain('"confirmation":{"required":true');
  expect(demo.stdout).toContain('"given":2,"sent":2');
});
