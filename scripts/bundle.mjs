import { readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';

/** The parts of a CommonJS package that `src` uses. esbuild drops no unused part of it: all of undici is twice as large. */
const PARTS = { undici: { Agent: './lib/dispatcher/agent.js' } };

/**
 * Gives each CommonJS package that our sources load by `import()` the exports that Node gives it. esbuild gives it `default`
 * alone: `const { Agent } = await import('undici')` would then fail at its first use, and not in the build.
 */
const esmFaces = {
  name: 'esm-faces',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === esmFaces || importer.includes('node_modules')) return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: esmFaces });
      if (found.external || found.errors.length > 0 || isEsModule(found.path)) return undefined;
      const parts = /[\\/]src[\\/]/.test(importer) ? PARTS[path] : undefined;
      return { path, namespace: 'esm-face', pluginData: { file: found.path, parts: Object.entries(parts ?? {}) } };
    });
    onLoad({ filter: /.*/, namespace: 'esm-face' }, async ({ pluginData: { file, parts } }) => {
      const contents =
        parts.length > 0
          ? parts.map(([name, part]) => `export const ${name} = require(${JSON.stringify(part)});`).join('\n')
          : await wholeFace(file);
      return { contents, resolveDir: dirname(file) };
    });
  },
};

/** An ES module with everything that a CommonJS file exports. */
async function wholeFace(file) {
  // Node finds the names of exports in the text of the module.
  const names = Object.keys(await import(pathToFileURL(file).href)).filter((name) => /^(?!default$)[\w$]+$/.test(name));
  return `const whole = require(${JSON.stringify(file)});
export default whole;
export const { ${names.join(', ')} } = whole;`;
}

/** iconv-lite decodes Windows-1252 and UTF-16 here. Its tables for East Asia are a sixth of the package. */
const withoutTables = {
  name: 'without-tables',
  setup({ onLoad }) {
    onLoad({ filter: /iconv-lite[\\/]encodings[\\/]tables[\\/].*\.json$/ }, () => ({
      contents: "throw new Error('scripts/bundle.mjs leaves the tables of this character set out');",
      loader: 'js',
    }));
  },
};

/** @redis/client has a file for each of 400 commands. The connection sends words, and its client itself needs these. */
const REDIS_COMMANDS = ['AUTH', 'CLIENT_SETNAME', 'READONLY'];
const fewRedisCommands = {
  name: 'few-redis-commands',
  setup({ onLoad }) {
    onLoad({ filter: /@redis[\\/]client[\\/]dist[\\/]lib[\\/]commands[\\/]index\.js$/ }, () => ({
      contents: `const commands = { ${REDIS_COMMANDS.map((name) => `${name}: require('./${name}').default`).join(', ')} };
module.exports = { __esModule: true, default: commands, NON_STICKY_COMMANDS: commands };`,
      loader: 'js',
    }));
  },
};

/**
 * Shortens the local names of packages, but not of their top level, so that stack traces still name their functions. The
 * npm package is smaller by a twenty-fifth, and node compiles less at each start.
 */
const shortLocals = {
  name: 'short-locals',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/, namespace: 'file' }, async ({ path }) => {
      const options = {
        minifyIdentifiers: true,
        sourcemap: 'inline',
        sourcefile: path,
        loader: 'js',
        target: 'node20',
      };
      const { code } = await transform(readFileSync(path, 'utf8'), options);
      return { contents: code, loader: 'js' };
    });
  },
};

/**
 * Replaces the validator of JSON schemas that the SDK loads under Node, ajv, by the small validator that it ships for workers.
 * The server validates only the answers of forms with it, and ajv is a tenth of what node compiles at each start.
 */
export const smallValidator = {
  name: 'small-validator',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'small-validator',
      pluginData: { resolveDir },
    }));
    onLoad({ filter: /.*/, namespace: 'small-validator' }, ({ pluginData: { resolveDir } }) => ({
      contents: `export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from '@modelcontextprotocol/server/validators/cf-worker';
export { default as process } from 'node:process';`,
      resolveDir,
    }));
  },
};

/**
 * Puts all sources that the start loads into one chunk. esbuild makes a chunk of the modules that the same set of entry points
 * reaches. The lazily loaded sources reach different parts, and the start would load ten files, most of them small.
 */
const oneStaticChunk = {
  name: 'one-static-chunk',
  setup({ onResolve, onLoad }) {
    const lazySources = new Set();
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind === 'dynamic-import' && !path.includes('/sandbox/')) lazySources.add(join(resolveDir, path));
      return undefined;
    });
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
      if (!lazySources.has(path)) return undefined;
      const src = path.slice(0, path.lastIndexOf(`${sep}src${sep}`) + 5);
      const imports = ['app.ts', 'config/load-config.ts'].map((file) => `import ${JSON.stringify(join(src, file))};`);
      return { contents: [readFileSync(path, 'utf8'), ...imports].join('\n'), loader: 'ts' };
    });
  },
};

/** Whether Node loads a file as an ES module. */
function isEsModule(path) {
  if (/\.[cm]js$/.test(path)) return path.endsWith('.mjs');
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type === 'module';
    } catch {
      // The package.json is in a folder further up.
    }
  }
  return false;
}

/** Options of esbuild, for the program and for the programs that the benchmark compares. */
export const bundle = {
  bundle: true,
  splitting: true,
  // Identifiers are not minified, for stack traces. `keepNames` would cost every closure a call.
  minifySyntax: true,
  minifyWhitespace: true,
  // Files of their own, for the profile. The package leaves them out.
  sourcemap: 'external',
  // dist/THIRD_PARTY_NOTICES.md has the licences whole.
  legalComments: 'none',
  // Escapes would double the tables of characters.
  charset: 'utf8',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // esbuild can drop unused parts of an ES module, but not of its CommonJS build.
  mainFields: ['module', 'main'],
  // CommonJS packages call `require` for the modules of Node. An ES module has none.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  plugins: [esmFaces, withoutTables, fewRedisCommands, shortLocals, oneStaticChunk],
  logLevel: 'warning',
};
