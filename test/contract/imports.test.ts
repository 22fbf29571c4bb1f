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
const from = (folder: string) => imports.filter((dependency) => dependency.from.startsWith(folder));
const shown = (dependencies: Import[]) => dependencies.map((dependency) => `${dependency.from} -> ${dependency.to}`);

/** Each folder imports only from folders to its left. A file directly in src counts under its own name. */
const LAYERS = [
  ...['lib', 'state', 'client', 'observability', 'safety', 'mcp', 'views', 'workflows', 'tools', 'resources'],
  ...['prompts', 'apps', 'skills', 'completion', 'config', 'auth', 'transports', 'server', 'app', 'cli', 'main'],
];
/** Each library has exactly one importing file, named here. */
const ONE_IMPORTER = {
  undici: 'client/http-sender.ts',
  '@redis/client': 'state/redis/connection.ts',
  'p-queue': 'client/rate-limit/rate-limiter.ts',
  cockatiel: 'client/circuit-breaker/circuit.ts',
  'prom-client': 'observability/metrics.ts',
  'csv-stringify/sync': 'workflows/files/csv.ts',
  'csv-parse/sync': 'workflows/sources/parse-csv.ts',
  'iconv-lite': 'workflows/sources/decode-text.ts',
  jose: 'auth/oauth/access-tokens.ts',
};
const layerOf = (file: string) => file.split('/')[0]!.replace(/\.ts$/, '');
const isOurs = (to: string) => files.includes(to);

describe('layers', () => {
  test('the test finds static, type and lazy imports', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(shown(imports)).toContain('client/rate-limit/rate-limiter.ts -> p-queue');
    expect(shown(imports)).toContain('app.ts -> sandbox/index.ts');
  });

  test('every folder is a layer', () => {
    expect([...new Set(files.map(layerOf))].filter((name) => name !== 'sandbox' && !LAYERS.includes(name))).toEqual([]);
  });

  test('src has three files, src/tools only the registry, src/workflows none: all other files are in folders', () => {
    expect(files.filter((file) => !file.includes('/')).sort()).toEqual(['app.ts', 'main.ts', 'server.ts']);
    expect(files.filter((file) => /^(tools|workflows)\/[^/]+$/.test(file))).toEqual(['tools/registry.ts']);
  });

  test('no file has more than 300 lines, except the table of settings', () => {
    const long = files.filter((file) => readFileSync(join(src, file), 'utf8').split('\n').length > 301);
    expect(long).toEqual(['config/settings.ts']);
  });

  test('each layer imports only from lower layers, type imports included', () => {
    const rank = (file: string) => LAYERS.indexOf(layerOf(file));
    const upward = imports.filter(
      ({ from, to }) => isOurs(to) && layerOf(from) !== 'sandbox' && layerOf(to) !== 'sandbox' && rank(to) > rank(from),
    );
    expect(shown(upward)).toEqual([]);
  });

  test('the sandbox imports nothing from other folders, and only entry points load it, lazily', () => {
    const foreign = from('sandbox/').filter(({ to }) => !to.startsWith('sandbox/') && !to.startsWith('node:'));
    expect(shown(foreign)).toEqual([]);
    const loading = imports.filter(({ from, to }) => to.startsWith('sandbox/') && !from.startsWith('sandbox/'));
    expect(loading.filter(({ isLazy, isType }) => !isLazy && !isType)).toEqual([]);
    expect(loading.filter(({ from }) => !['app', 'cli', 'main'].includes(layerOf(from)))).toEqual([]);
  });

  test('there is no import cycle, type imports included', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        imports
          .filter((dependency) => dependency.from === file && !dependency.isLazy && isOurs(dependency.to))
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

describe('libraries', () => {
  test.each(Object.entries(ONE_IMPORTER))('%s is imported only by %s', (library, importer) => {
    const importers = new Set(imports.filter(({ to }) => to === library).map((dependency) => dependency.from));
    expect([...importers]).toEqual([importer]);
  });

  test('the client can be published separately: it imports no MCP package', () => {
    const packages = from('client/').filter(({ to }) => !isOurs(to) && !to.startsWith('node:'));
    expect(packages.filter(({ to }) => !['zod', 'undici', 'p-queue', 'cockatiel', 'lru-cache'].includes(to))).toEqual(
      [],
    );
  });

  test('lib, safety, auth and views import neither the MCP SDK nor an HTTP client', () => {
    for (const folder of ['lib/', 'safety/', 'auth/', 'views/']) {
      const packages = from(folder).filter(
        ({ to }) => !isOurs(to) && !to.startsWith('node:') && !['zod', 'lru-cache', 'jose'].includes(to),
      );
      expect(shown(packages)).toEqual([]);
    }
  });

  test('tools use the client only through its interface and schemas, and open no sockets or files', () => {
    const foreign = from('tools/').filter(
      ({ to }) =>
        SDK.test(to) ||
        /^(undici|p-queue|cockatiel|pino|node:(http|https|net|tls|child_process|fs))/.test(to) ||
        (to.startsWith('client/') && !/^client\/(index\.ts|operations\/)/.test(to)),
    );
    expect(shown(foreign)).toEqual([]);
  });

  test('the metrics are loaded lazily, only by the entry points', () => {
    const loading = imports.filter(
      ({ from, to, isLazy, isType }) =>
        /^observability\/metrics/.test(to) && !from.startsWith('observability/') && !isLazy && !isType,
    );
    expect(shown(loading)).toEqual([]);
  });

  test('jose is loaded lazily, only with --auth oauth', () => {
    const loading = imports.filter(({ to, isType }) => to === 'auth/oauth/access-tokens.ts' && !isType);
    expect(shown(loading)).toEqual(['transports/http/oauth.ts -> auth/oauth/access-tokens.ts']);
    const opening = imports.filter(({ to, isType }) => to === 'transports/http/oauth.ts' && !isType);
    expect(opening.map(({ from, isLazy }) => [from, isLazy])).toEqual([['transports/http/start-http.ts', true]]);
  });

  test('only the entry points read from the process', () => {
    const reading = files.filter((file) => /\bprocess\./.test(stripComments(readFileSync(join(src, file), 'utf8'))));
    expect(reading.sort()).toEqual(['main.ts', 'sandbox/main.ts']);
  });
});

describe('before its first call, the program over stdio loads', () => {
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

  test('three files: the entry, one chunk of all static sources, and the helpers of the bundler', () => {
    expect([...loaded]).toHaveLength(3);
  });

  test('no HTTP server, undici, logger, metrics or sandbox', () => {
    expect([...packages].sort()).toEqual([
      'node:buffer',
      'node:crypto',
      'node:diagnostics_channel',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:module',
      'node:net',
      'node:os',
      'node:path',
      'node:process',
      'node:stream',
      'node:timers/promises',
      'node:url',
      'node:util',
    ]);
    const text = [...loaded].map((file) => readFileSync(join(dist, file), 'utf8')).join('\n');
    expect(text).not.toContain('/_sandbox');
    expect(text).not.toContain('heyreach_mcp_');
    // An option of ajv, which the build replaces.
    expect(text).not.toContain('strictTypes');
  });

  // The skills' two small schemas are registered with each server, also at the start.
  const slowAtStart = files
    .filter((file) => !/^(apps\/views|sandbox|cli)\/|^skills\/handlers\.ts$/.test(file))
    .flatMap((file) => {
      const text = stripComments(readFileSync(join(src, file), 'utf8'));
      return [...text.matchAll(/^(?:export )?const (\w+)(?:: [^=\n]+)? =\s+([^;]*?);?$/gm)].map(
        ([, name, value]): [string, string] => [`${file} ${name}`, value!],
      );
    });
  const named = (isSlow: RegExp) => slowAtStart.filter(([, value]) => isSlow.test(value)).map(([name]) => name);

  test('no object schema that is not lazy', () => {
    expect(named(/^lazy\(/).length).toBeGreaterThan(80);
    expect(named(/^(?:\w+\()?z\s*\.(?:looseO|strictO|o)bject\(|^\w+\(\)\s*\.(?:extend|partial|omit)\(/)).toEqual([]);
  });

  test('no pattern with classes of characters that is not lazy', () => {
    expect(named(/^\/.*\\p\{.*\/\w*u\w*$/)).toEqual([
      'resources/shared/uri-template.ts CONVERSATION_ID',
      'resources/shared/uri-template.ts SLUG',
    ]);
  });
});

function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
