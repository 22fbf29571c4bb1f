import type { InputSchema } from '../kit/arguments.ts';

/** One thing that is surely wrong with arguments, and the name that a refusal has to say. */
export interface KnownFault {
  what: string;
  named: string;
  /** Spoils a copy of the arguments. */
  spoil(args: Record<string, unknown>): void;
}

type Path = (string | number)[];

const NOBODY = ['zzz_nobody', '__proto__', 'constructor', 'toString', 'ID'];
const WRONG: Record<string, unknown[]> = {
  string: [42, true, {}, [], ['x'], { toString: 'x' }],
  boolean: ['false', 'true', 'yes', 0, 1, [], {}],
  array: ['x', '[]', 7, true, {}, { 0: 1, length: 1 }],
  object: ['{}', 'x', 7, true, [], [{}]],
  integer: ['abc', '1.5', '-1', '007', ' 1', '1e3', 1.5, -0.5, 1e300, true, [], [1], {}],
};

/** Every way known to spoil these arguments of a tool, found from its published schema. */
export function knownFaults(schema: InputSchema, args: Record<string, unknown>): KnownFault[] {
  return faultsAt(schema, args, [], false);
}

function faultsAt(schema: InputSchema, value: unknown, path: Path, isRequired: boolean): KnownFault[] {
  const faults: KnownFault[] = [];
  const named = String(path[0] ?? 'arguments');
  const put = (what: string, bad: unknown) =>
    faults.push({ what: `${path.join('.')}: ${what}`, named, spoil: (root) => place(root, path, bad) });
  if (path.length > 0) {
    for (const bad of wrongValues(schema)) put(`${JSON.stringify(bad)?.slice(0, 40)}`, bad);
    if (isRequired && schema.anyOf === undefined) put('null', null);
    if (schema.maxLength !== undefined) {
      put('too long', 'x'.repeat(schema.maxLength + 1));
      put('far too long', 'x'.repeat(300_000));
    }
    if (Array.isArray(value) && schema.maxItems !== undefined) {
      put('too many', Array(schema.maxItems + 1).fill(value[0] ?? 1));
    }
    if (schema.minItems !== undefined && schema.minItems > 0) put('none', []);
  }
  if (Array.isArray(value) && schema.items !== undefined) {
    for (const [index, item] of value.entries()) faults.push(...faultsAt(schema.items, item, [...path, index], true));
  }
  if (isRecord(value)) faults.push(...faultsInObject(schema, value, path));
  return faults;
}

function faultsInObject(schema: InputSchema, value: Record<string, unknown>, path: Path): KnownFault[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const faults: KnownFault[] = [];
  // What a lead's row lacks is told row by row, and the other rows go.
  const really = 'profileUrl' in properties && 'firstName' in properties ? [] : required;
  for (const name of really) {
    const spoil = (root: Record<string, unknown>) => {
      delete (at(root, path) as Record<string, unknown>)[name];
    };
    faults.push({ what: `${[...path, name].join('.')}: missing`, named: String(path[0] ?? name), spoil });
  }
  if (additionalProperties === false) {
    for (const name of NOBODY.filter((one) => !Object.hasOwn(properties, one))) {
      const spoil = (root: Record<string, unknown>) => place(root, [...path, name], { polluted: true });
      faults.push({ what: `${[...path, name].join('.')}: unknown`, named: name, spoil });
    }
  }
  for (const [name, field] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name)) continue;
    faults.push(...faultsAt(field, value[name], [...path, name], really.includes(name)));
  }
  if (typeof additionalProperties === 'object') {
    for (const [name, item] of Object.entries(value)) {
      faults.push(...faultsAt(additionalProperties, item, [...path, name], true));
    }
  }
  return faults;
}

function wrongValues(schema: InputSchema): unknown[] {
  if (schema.anyOf !== undefined) {
    const isText = schema.anyOf.some(({ type }) => type === 'string');
    return isText ? [true, {}, [], [1]] : ['abc', 1.5, true, {}, [], [1]];
  }
  const wrong = schema.enum === undefined ? [...(WRONG[schema.type ?? ''] ?? [])] : ['ZZZ', 7, true, {}, []];
  if (schema.type !== 'integer') return wrong;
  const { minimum, maximum } = schema;
  // An id may be a digit string, and has no bounds worth publishing.
  if (minimum === undefined) return [...wrong, 0, -1, 2 ** 53];
  return [...wrong, '5', minimum - 1, (maximum ?? 0) + 1];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((here, key) => (here as Record<PropertyKey, unknown>)[key], root);
}

function place(root: Record<string, unknown>, path: Path, value: unknown): void {
  const parent = at(root, path.slice(0, -1)) as object;
  // Defined, not assigned: `__proto__` is to be a name like any other, as JSON.parse makes it.
  Object.defineProperty(parent, path.at(-1)!, { value, enumerable: true, configurable: true, writable: true });
}
