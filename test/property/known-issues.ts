import type { InputSchema } from '../support/tools/arguments.ts';

/** A known issue of arguments, and the name that the error must contain. */
export interface KnownFault {
  what: string;
  named: string;
  /** Makes a copy of the arguments invalid. */
  spoil(args: Record<string, unknown>): void;
}

type Path = (string | number)[];

const FAR_TOO_LONG = 300_000;
const UNKNOWN_NAMES = ['zzz_unknown', '__proto__', 'constructor', 'toString', 'ID'];
const WRONG: Record<string, unknown[]> = {
  string: [42, true, {}, [], ['x'], { toString: 'x' }],
  boolean: ['False', '"true"', ' true', 'yes', '1', 0, 1, [], {}],
  array: ['x', '[', '"[]"', 'null', '7', 7, true, { 0: 1, length: 1 }],
  object: ['[]', '{', '"{}"', 'x', '7', 7, true, [], [{}]],
  integer: ['abc', '1.5', '-1', '007', ' 1', '1e3', '"1"', '[1]', 1.5, -0.5, 1e300, true, [], [1], {}],
};

/** Every known issue for these arguments, derived from the published schema of the tool. */
export function knownFaults(schema: InputSchema, args: Record<string, unknown>): KnownFault[] {
  return faultsAt(schema, args, [], false);
}

function faultsAt(schema: InputSchema, value: unknown, path: Path, isRequired: boolean): KnownFault[] {
  // Every other value becomes the text of the id.
  if (path.join('.') === 'userId' && schema.type === 'string') return [];
  const faults: KnownFault[] = [];
  const named = String(path[0] ?? 'arguments');
  const put = (what: string, bad: unknown) =>
    faults.push({ what: `${path.join('.')}: ${what}`, named, spoil: (root) => place(root, path, bad) });
  if (path.length > 0) {
    for (const bad of wrongValues(schema)) put(`${JSON.stringify(bad)?.slice(0, 40)}`, bad);
    if (isRequired && schema.anyOf === undefined) put('null', null);
    if (schema.maxLength !== undefined) {
      put('too long', 'x'.repeat(schema.maxLength + 1));
      if (schema.maxLength < FAR_TOO_LONG) put('far too long', 'x'.repeat(FAR_TOO_LONG));
    }
    if (Array.isArray(value) && schema.maxItems !== undefined) {
      put('too many', Array(schema.maxItems + 1).fill(value[0] ?? 1));
    }
    if (schema.minItems !== undefined && schema.minItems > 0) put('none', []);
  }
  // Errors in a lead or a person are reported per row, and the other rows are sent.
  const isByRow = schema.items !== undefined && (isLeadRow(schema.items) || isPersonRow(named, schema.items));
  if (Array.isArray(value) && schema.items !== undefined && !isByRow) {
    for (const [index, item] of value.entries()) faults.push(...faultsAt(schema.items, item, [...path, index], true));
  }
  if (isRecord(value)) faults.push(...faultsInObject(schema, value, path));
  return faults;
}

function faultsInObject(schema: InputSchema, value: Record<string, unknown>, path: Path): KnownFault[] {
  const { properties = {}, required = [], additionalProperties } = schema;
  const faults: KnownFault[] = [];
  for (const name of required) {
    const spoil = (root: Record<string, unknown>) => {
      delete (at(root, path) as Record<string, unknown>)[name];
    };
    faults.push({ what: `${[...path, name].join('.')}: missing`, named: String(path[0] ?? name), spoil });
  }
  if (additionalProperties === false) {
    for (const name of UNKNOWN_NAMES.filter((name) => !Object.hasOwn(properties, name))) {
      const spoil = (root: Record<string, unknown>) => place(root, [...path, name], { polluted: true });
      faults.push({ what: `${[...path, name].join('.')}: unknown`, named: name, spoil });
    }
  }
  for (const [name, field] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name)) continue;
    faults.push(...faultsAt(field, value[name], [...path, name], required.includes(name)));
  }
  if (typeof additionalProperties === 'object') {
    for (const [name, item] of Object.entries(value)) {
      faults.push(...faultsAt(additionalProperties, item, [...path, name], true));
    }
  }
  return faults;
}

function isLeadRow({ properties = {} }: InputSchema): boolean {
  return 'firstName' in properties || 'lead' in properties;
}

function wrongValues(schema: InputSchema): unknown[] {
  if (schema.anyOf !== undefined) {
    const isText = schema.anyOf.some(({ type }) => type === 'string');
    return isText ? [true, {}, [], [1]] : ['abc', 1.5, true, {}, [], [1]];
  }
  const wrong = schema.enum === undefined ? [...(WRONG[schema.type ?? ''] ?? [])] : ['ZZZ', 7, true, {}, []];
  if (schema.type !== 'integer') return wrong;
  const { minimum, maximum } = schema;
  const below = minimum === undefined ? [] : [minimum - 1, String(minimum - 1)];
  return [...wrong, ...below, maximum === undefined ? 2 ** 53 : maximum + 1];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((here, key) => (here as Record<PropertyKey, unknown>)[key], root);
}

function place(root: Record<string, unknown>, path: Path, value: unknown): void {
  const parent = at(root, path.slice(0, -1)) as object;
  // Uses defineProperty, because assigning `__proto__` would not create an ordinary key, as JSON.parse does.
  Object.defineProperty(parent, path.at(-1)!, { value, enumerable: true, configurable: true, writable: true });
}

/** The people of a call that reports each of them. If a bad URL rejects the whole call, the URLs have a description. */
function isPersonRow(parameter: string, items: InputSchema): boolean {
  return /^(?:p|leadP)rofileUrls$/.test(parameter) && !('description' in items);
}
