import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { untrustedFieldsOf } from '../../src/mcp/results/shape-value.ts';
import { resources } from '../../src/resources/index.ts';
import { tools } from '../../src/tools/registry.ts';
import { type FieldOrigins, operationTexts, toolTexts } from './outside-text.ts';
import { resourceTexts } from './resource-texts.ts';

const folder = fileURLToPath(new URL('../../src/client/operations/', import.meta.url));

/** A name for a field that a schema accepts without naming it. */
const ANY = 'anyName';

/** A value with a text at every position where the schema accepts one, and the paths of these positions. */
function fill(schema: z.core.$ZodType, path: string, paths: Set<string>): unknown {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
    case 'unknown':
    case 'any':
      paths.add(path);
      return 'some words';
    case 'literal':
      return def.values[0];
    case 'enum':
      return Object.values(def.entries)[0];
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'optional':
    case 'nullable':
      return fill(def.innerType, path, paths);
    case 'union':
      return def.options.map((option) => fill(option, path, paths)).find((value) => typeof value === 'string');
    case 'array':
      return [fill(def.element, `${path}[]`, paths)];
    case 'record':
      return { [ANY]: fill(def.valueType, `${path}.${ANY}`, paths) };
    case 'object': {
      const fields = Object.entries(def.shape);
      const named = fields.length === 0 ? [[ANY, z.unknown()] as const] : fields;
      return Object.fromEntries(named.map(([name, field]) => [name, fill(field, `${path}.${name}`, paths)]));
    }
    default:
      throw new TypeError(`What texts does a ${def.type} hold at ${path}?`);
  }
}

/** The path of every text that a schema accepts, and whether the text is `outside` or `own`. */
function originsOf(schema: z.core.$ZodType): FieldOrigins {
  const paths = new Set<string>();
  const structured = { answer: fill(schema, 'answer', paths) };
  const outside = untrustedFieldsOf(z.looseObject({ answer: schema as z.ZodType }), structured);
  const unknownPaths = outside.filter((path) => !paths.has(path));
  if (unknownPaths.length > 0) throw new RangeError(`told in another way: ${unknownPaths.join(', ')}`);
  return Object.fromEntries(
    [...paths].map((path) => [
      path.replace(/^answer\.?/, '').replaceAll(`.${ANY}`, '.*') || '(answer)',
      outside.includes(path) ? 'outside' : 'own',
    ]),
  );
}

const hasTexts = ([, origins]: [string, FieldOrigins]) => Object.keys(origins).length > 0;

async function readOperations(): Promise<[string, FieldOrigins][]> {
  const files = await Promise.all(readdirSync(folder).map((file) => import(`${folder}${file}`)));
  const areas = files.flatMap((file) => Object.entries(file as Record<string, unknown>));
  return areas.flatMap(([area, operations]) =>
    Object.entries(Object(operations) as Record<string, { path?: string; response?: () => z.ZodType } | undefined>)
      .filter(([, operation]) => typeof operation?.path === 'string' && operation.response !== undefined)
      .map(([name, operation]): [string, FieldOrigins] => [`${area}.${name}`, originsOf(operation!.response!())]),
  );
}

describe('the origin of every text is listed', () => {
  test('for every response of the client', async () => {
    const operations = await readOperations();
    expect(operations.length).toBeGreaterThan(30);
    expect(Object.fromEntries(operations.filter(hasTexts))).toEqual(operationTexts);
  });

  test('for every result of a tool', () => {
    const results = tools.map(({ name, output }): [string, FieldOrigins] => [name, originsOf(output)]);
    expect(Object.fromEntries(results.filter(hasTexts))).toEqual(toolTexts);
  });

  test('for every resource', () => {
    const origins = resources.map(({ uri, output }): [string, FieldOrigins] => [uri, originsOf(output())]);
    expect(Object.fromEntries(origins.filter(hasTexts))).toEqual(resourceTexts);
  });
});
