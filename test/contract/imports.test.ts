import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

interface Import {
  from: string;
  /** A path below src, or the name of a package. */
  to: string;
  isLazy: boolean;
  isType: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(src, file), 'utf8');
  const static_ = [...text.matchAll(/^(?:import|export)\s+(type\s+)?[^;]*?from '([^']+)'/gms)];
  const lazy = [...text.matchAll(/\bimport\('([^']+)'\)/g)];
  const place = (to: string) => (to.startsWith('.') ? relative(src, join(src, dirname(file), to)) : to);
  return [
    ...static_.map((match) => ({ from: file, to: place(match[2]!), isLazy: false, isType: match[1] !== undefined })),
    ...lazy.map((match) => ({ from: file, to: place(match[1]!), isLazy: true, isType: false })),
  ];
});

const SDK = /^@modelcontextprotocol\//;
const from = (folder: string) => imports.filter((one) => one.from.startsWith(folder));
const shown = (found: Import[]) => found.map((one) => `${one.from} -> ${one.to}`);

describe('who may import whom', () => {
  test('the reader of imports sees them', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(shown(imports)).toContain('client/quota.ts -> p-queue');
    expect(shown(imports)).toContain('program.ts -> sandbox/index.ts');
  });

  test('the client could be published alone', () => {
    const foreign = from('client/').filter(
      ({ to }) => SDK.test(to) || (!to.startsWith('client/') && !/^(node:|zod$|undici$|p-queue$|cockatiel$)/.test(to)),
    );
    expect(shown(foreign)).toEqual([]);
  });

  test('tools see the client by its interface and schemas, and no sockets', () => {
    const foreign = from('tools/').filter(
      ({ to }) =>
        /^(undici|p-queue|cockatiel|pino|node:(http|https|net|tls|child_process|fs))$/.test(to) ||
        /^(sandbox|transports|resources|completions|prompts)\//.test(to) ||
        (to.startsWith('client/') && !/^client\/(index\.ts|operations\/)/.test(to)),
    );
    expect(shown(foreign)).toEqual([]);
  });

  test('what guards the calls knows of the client its interface, and nothing of tools and transports', () => {
    const foreign = from('safety/').filter(
      ({ to }) =>
        SDK.test(to) ||
        !(to.startsWith('safety/') || to.startsWith('node:') || ['client/index.ts', 'zod'].includes(to)),
    );
    expect(shown(foreign)).toEqual([]);
  });

  test('the front door knows neither the MCP SDK nor what is served behind it', () => {
    const foreign = from('front-door/').filter(
      ({ to }) => SDK.test(to) || !/^(front-door\/|node:|client\/index\.ts$|setting\.ts$|tools\/modes\.ts$)/.test(to),
    );
    expect(shown(foreign)).toEqual([]);
  });

  test('the sandbox shares nothing with what it is there to test', () => {
    const foreign = from('sandbox/').filter(({ to }) => !to.startsWith('sandbox/') && !to.startsWith('node:'));
    expect(shown(foreign)).toEqual([]);
  });

  test('undici, p-queue, cockatiel and prom-client each have one importer', () => {
    const libraries = ['undici', 'p-queue', 'cockatiel', 'prom-client'];
    expect(shown(imports.filter(({ to }) => libraries.includes(to))).sort()).toEqual([
      'client/circuit.ts -> cockatiel',
      'client/http.ts -> undici',
      'client/http.ts -> undici',
      'client/quota.ts -> p-queue',
      'metrics/metrics.ts -> prom-client',
    ]);
  });

  test('the metrics know what they are told by its type alone, and are loaded by who was asked for them', () => {
    const foreign = from('metrics/').filter(
      ({ to, isType }) => !isType && !/^(metrics\/|host\.ts$|node:http$|prom-client$)/.test(to),
    );
    expect(shown(foreign)).toEqual([]);
    const loading = imports.filter(
      ({ from, to, isLazy, isType }) => to.startsWith('metrics/') && !from.startsWith('metrics/') && !isLazy && !isType,
    );
    expect(shown(loading)).toEqual([]);
  });

  test('of the MCP SDK know resources and transports, and of the rest those who serve, and the definition of a tool', () => {
    const knowing = new Set(imports.filter(({ to }) => SDK.test(to)).map((one) => one.from));
    expect([...knowing].filter((file) => !/^(resources|transports)\//.test(file)).sort()).toEqual([
      'completions/serve.ts',
      'prompts/serve.ts',
      'server.ts',
      'tools/define.ts',
    ]);
  });

  test('resources know neither who completes to them nor who embeds them', () => {
    expect(shown(from('resources/').filter(({ to }) => /^(completions|prompts)\//.test(to)))).toEqual([]);
    expect(shown(from('prompts/').filter(({ to }) => to.startsWith('completions/')))).toEqual([]);
  });

  test('only the two programs read the process', () => {
    const reading = files.filter((file) => /\bprocess\./.test(stripComments(readFileSync(join(src, file), 'utf8'))));
    expect(reading.sort()).toEqual(['main.ts', 'sandbox/main.ts']);
  });

  test('no import goes in a circle', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        from(file)
          .filter(({ to, isLazy, isType }) => !isLazy && !isType && files.includes(to))
          .map(({ to }) => to),
      ]),
    );
    const circles: string[] = [];
    const done = new Set<string>();
    const walk = (file: string, path: string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      else if (!done.has(file)) for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) walk(file, []);
    expect(circles).toEqual([]);
  });
});

describe('what stdio loads before its first call', () => {
  const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
  const loaded = new Set<string>();
  const packages = new Set<string>();
  const walk = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    const text = readFileSync(join(dist, file), 'utf8');
    for (const [, to] of text.matchAll(/(?:^|[;}\n])\s*(?:import|export)\s*(?:[^"'();]*?from)?\s*["']([^"']+)["']/g)) {
      if (to!.startsWith('.')) walk(join(dirname(file), to!));
      else packages.add(to!);
    }
  };
  walk('main.js');

  test('neither an HTTP server, nor undici, nor the logger, nor the metrics, nor the sandbox', () => {
    expect([...packages].sort()).toEqual([
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:os',
      'node:path',
      'node:process',
      'node:readline',
      'node:stream',
      'node:timers/promises',
      'node:util',
    ]);
    const text = [...loaded].map((file) => readFileSync(join(dist, file), 'utf8')).join('\n');
    expect(text).not.toContain('/_sandbox');
    expect(text).not.toContain('heyreach_mcp_');
  });
});

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
