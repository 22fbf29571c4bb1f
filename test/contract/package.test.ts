import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { root } from '../support/documents/documents.ts';

const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
/** The repository address. Every other address must match it. */
const [, page = '', owner = ''] =
  /^git\+(https:\/\/github\.com\/([^/]+)\/heyreach-mcp)\.git$/.exec(manifest.repository.url) ?? [];

describe('package.json', () => {
  test('names the same repository everywhere', () => {
    expect(owner).not.toBe('');
    expect(manifest.homepage).toBe(`${page}#readme`);
    expect(manifest.bugs).toBe(`${page}/issues`);
    expect(manifest.mcpName).toBe(`io.github.${owner}/heyreach-mcp`);
  });

  test('installs nothing and runs nothing during installation', () => {
    for (const field of ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies']) {
      expect(manifest).not.toHaveProperty(field);
    }
    // npm also names `prepare` in a warning, although it does not run it.
    for (const script of ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']) {
      expect(manifest.scripts).not.toHaveProperty(script);
    }
  });

  test('names existing commands and files, and packs the built files', () => {
    expect(Object.keys(manifest.bin)).toEqual(['heyreach-mcp', 'heyreach-sandbox']);
    const files = manifest.files
      .filter((file: string) => !file.startsWith('!'))
      .map((file: string) => file.split('/*')[0]);
    const missing = [...Object.values<string>(manifest.bin), ...files].filter((path) => !existsSync(`${root}${path}`));
    expect(missing).toEqual([]);
    expect(manifest.scripts.prepack).toBe('npm run -s build');
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
  });
});
