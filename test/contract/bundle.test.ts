import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { describe, expect, test } from 'vitest';
import { root } from '../support/documents/documents.ts';
import { run } from '../support/programs/program.ts';

const dist = `${root}dist/`;
const files = readdirSync(dist).filter((name) => name.endsWith('.js'));
const sources = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const notices = readFileSync(`${dist}THIRD_PARTY_NOTICES.md`, 'utf8');

/** The packages that the sources load by `import()`. */
const lazy = new Set(
  sources.flatMap((file) =>
    [...readFileSync(`${root}src/${file}`, 'utf8').matchAll(/\bimport\('([^'.][^']*)'\)/g)]
      .map((match) => match[1]!)
      .filter((name) => !isBuiltin(name)),
  ),
);
const packageOf = (name: string) => /^(?:@[^/]+\/)?[^/]+/.exec(name)![0];
const isCommonJs = (name: string) =>
  JSON.parse(readFileSync(`${root}node_modules/${packageOf(name)}/package.json`, 'utf8')).type !== 'module';

/** @redis/client loads it for digests of values, which this program does not use. */
const OPTIONAL = ['@node-rs/xxhash'];

const isBundled = (name: string) => notices.includes(`\n## ${packageOf(name)} `);

describe('the built program', () => {
  test('imports only its own files and modules of Node', () => {
    expect(files.length).toBeGreaterThan(20);
    const foreign = files.flatMap((file) => {
      const text = readFileSync(`${dist}${file}`, 'utf8');
      const imports = text.matchAll(/(?:^|[;}\n])\s*(?:import|export)\s*(?:[^"'();]*?from)?\s*["']([^"']+)["']/g);
      const lazyImports = text.matchAll(/\bimport\(["']([^"']+)["']\)/g);
      return [...imports, ...lazyImports]
        .map((match) => match[1]!)
        .filter(
          (to) => !isBuiltin(to) && !OPTIONAL.includes(to) && !(to.startsWith('./') && files.includes(to.slice(2))),
        )
        .map((to) => `${file} -> ${to}`);
    });
    expect(foreign).toEqual([]);
  });

  test('gives a lazy CommonJS package the exports that Node gives it', async () => {
    const names = [...lazy].filter((name) => isCommonJs(name) && isBundled(name));
    expect(names).toEqual(expect.arrayContaining(['iconv-lite', 'pino', 'undici']));
    const pairs = names.map((name) => {
      const chunks = files.filter((file) => new RegExp(`^${name.split('/').at(-1)}-[0-9A-Z]{8}\\.js$`).test(file));
      expect(chunks, name).toHaveLength(1);
      return [name, `${dist}${chunks[0]}`];
    });
    const script = `
      const missing = [];
      for (const [name, file] of ${JSON.stringify(pairs)}) {
        const bundled = await import(file);
        const names = Object.keys(await import(name)).filter((key) => key !== 'module.exports');
        const wanted = name === 'undici' ? ['Agent'] : names;
        missing.push(...wanted.filter((key) => !(key in bundled)).map((key) => name + ': ' + key));
      }
      console.log(JSON.stringify(missing));`;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([]);
  });

  test('decodes the character sets of sheets', async () => {
    const chunk = files.find((file) => file.startsWith('iconv-lite-'));
    const script = `
      const { default: iconv } = await import(${JSON.stringify(`${dist}${chunk}`)});
      const decoded = [['windows-1252', [0x80, 0xe9, 0x93]], ['utf-16le', [0xac, 0x20]], ['utf-16be', [0x20, 0xac]]];
      console.log(JSON.stringify(decoded.map(([charset, bytes]) => iconv.decode(Buffer.from(bytes), charset))));`;
    const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', script]);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(['€é“', '€', '€']);
  });

  test('contains the licence of each bundled package, and no other licence', () => {
    for (const name of ['zod', 'p-queue', 'prom-client', 'undici', 'csv-parse', '@modelcontextprotocol/server']) {
      expect(notices).toContain(`\n## ${name} `);
    }
    expect(notices).toContain('Permission is hereby granted, free of charge');
    expect(notices).not.toMatch(/\n## (?:esbuild|vitest|typescript|ajv|fast-check) /);
    expect(notices).not.toContain('undefined');
  });

  test('has no link to its source maps, and both programs are executable as commands', () => {
    for (const file of files) expect(readFileSync(`${dist}${file}`, 'utf8')).not.toContain('sourceMappingURL');
    for (const name of ['main.js', 'sandbox.js']) {
      expect(readFileSync(`${dist}${name}`, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
      expect(statSync(`${dist}${name}`).mode & 0o111).toBe(0o111);
    }
  });
});
