import { readFileSync } from 'node:fs';
import { SkillCatalog } from '@modelcontextprotocol/server/ext/skills';
import { nodeSkillFiles } from '@modelcontextprotocol/server/ext/skills/node';
import { describe, expect, test } from 'vitest';
import { skillFiles } from '../../scripts/skill-files.ts';
import { SkillRegistry } from '../../src/skills/skill-registry.ts';
import { skills } from '../../src/skills/skills.ts';
import { tools } from '../../src/tools/registry.ts';
import { root } from '../support/documents/documents.ts';
import { defaultTools } from '../support/tools/tool-counts.ts';

const files = skillFiles();

test.each(Object.keys(files))('%s is the output of `npm run docs`', (path) => {
  expect(readFileSync(`${root}${path}`, 'utf8')).toBe(files[path]);
});

describe.each(skills.map((skill) => ({ ...skill, skill })))('$name', ({ name, description, skill }) => {
  test('follows the naming rules of agent skills', () => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(name.length).toBeLessThanOrEqual(64);
    expect(description.length).toBeLessThanOrEqual(1_024);
    expect(description).toContain('Use it when the user');
  });

  test('names only tools that exist and are listed by default', () => {
    const text = files[`skills/${name}/SKILL.md`]!;
    const named = text.match(/\b[a-z]+(_[a-z0-9]+)+\b/g) ?? [];
    const known = new Set(tools.map((tool) => tool.name));
    const words = new Set(['in_progress', 'last_week']);
    expect(named.filter((word) => !known.has(word) && !words.has(word))).toEqual([]);
    const listed = new Set(defaultTools.map((tool) => tool.name));
    const used = [...new Set(named.filter((word) => known.has(word)))];
    expect(used.filter((tool) => !listed.has(tool))).toEqual([]);
    expect(skill.requiredTools.filter((tool) => !used.includes(tool))).toEqual([]);
    // Every other tool is only in steps that are omitted if the tool is hidden.
    for (const tool of used.filter((candidate) => !skill.requiredTools.includes(candidate))) {
      const uri = `skill://${name}/SKILL.md`;
      expect(new SkillRegistry((candidate) => candidate !== tool).read(uri), tool).not.toMatch(
        new RegExp(`\\b(with|by|propose|call|Call) ${tool}\\b`),
      );
    }
  });
});

test('the server lists the same skills as the SDK catalog of the folder', async () => {
  const warnings: object[] = [];
  const catalog = await SkillCatalog.load(nodeSkillFiles(`${root}skills`), {
    onWarning: (warning) => warnings.push(warning),
  });
  expect(new SkillRegistry(() => true).entries).toEqual(catalog.entries);
  expect(warnings).toEqual([]);
});

test('a skill with a hidden required tool is not served', () => {
  const registry = new SkillRegistry((name) => name !== 'import_leads');
  expect(registry.entries.map(({ uri }) => uri)).not.toContain('skill://lead-import/SKILL.md');
  expect(registry.entries).toHaveLength(skills.length - 1);
  expect(registry.read('skill://lead-import/SKILL.md')).toBeUndefined();
  expect(new SkillRegistry(() => false).isEmpty).toBe(true);
});
