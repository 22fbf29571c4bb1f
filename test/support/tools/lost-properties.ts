/** The part of JSON Schema that tools use. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  additionalProperties?: boolean | JsonSchema;
}

/** The information about one property that a model can see. */
interface Known {
  types: string[];
  values: unknown[];
  description: string;
  isRequired: boolean;
}

/**
 * Names each property that a conversion dropped or changed: its type, values, description, or whether it is required.
 */
export function lostIn(converted: JsonSchema | undefined, original: JsonSchema): string[] {
  const remaining = read(converted ?? {});
  return [...read(original)].flatMap(([path, known]) => {
    const property = remaining.get(path);
    if (property === undefined) return [path];
    const changes = [
      property.types.join() !== known.types.join() && 'type',
      JSON.stringify(property.values) !== JSON.stringify(known.values) && 'enum',
      !property.description.includes(known.description) && 'description',
      known.isRequired && !property.isRequired && 'required',
    ];
    return changes.filter((change) => change !== false).map((change) => `${path}: ${change}`);
  });
}

/** All properties by path. `[]` is an item of an array, `*` the value of any key. */
function read(schema: JsonSchema, path = '', isRequired = true, all = new Map<string, Known>()): Map<string, Known> {
  // In a strict schema, null is in place of an omitted property.
  const variants = [schema, ...(schema.anyOf ?? [])];
  if (path !== '') all.set(path, knownOf(variants, isRequired));
  for (const { properties = {}, required = [], items, additionalProperties } of variants) {
    for (const [name, property] of Object.entries(properties)) {
      read(property, path === '' ? name : `${path}.${name}`, required.includes(name), all);
    }
    if (items !== undefined) read(items, `${path}[]`, true, all);
    if (typeof additionalProperties === 'object') read(additionalProperties, `${path}.*`, true, all);
  }
  return all;
}

function knownOf(variants: JsonSchema[], isRequired: boolean): Known {
  const isNamed = (type: string) => type !== 'null';
  return {
    types: [...new Set(variants.flatMap(({ type = [] }) => type).map((type) => type.toLowerCase()))]
      .filter(isNamed)
      .sort(),
    values: [...new Set(variants.flatMap((variant) => variant.enum ?? []))].filter((value) => value !== null),
    description: variants.map(({ description = '' }) => description).join('\n'),
    isRequired,
  };
}

/** Names what makes OpenAI reject a strict schema: each object must be closed and require all its properties. */
export function notStrictIn(schema: JsonSchema, path = '(root)'): string[] {
  const names = Object.keys(schema.properties ?? {});
  const isObject = schema.type === 'object' || names.length > 0;
  const own = [
    isObject && schema.additionalProperties !== false && `${path}: open`,
    ...names.map((name) => !schema.required?.includes(name) && `${path}: ${name} is not required`),
  ].filter((fault) => typeof fault === 'string');
  const children = [
    ...Object.entries(schema.properties ?? {}).map(([name, property]) => notStrictIn(property, `${path}.${name}`)),
    ...(schema.items === undefined ? [] : [notStrictIn(schema.items, `${path}[]`)]),
    ...(schema.anyOf ?? []).map((variant) => notStrictIn(variant, path)),
  ];
  return [...own, ...children.flat()];
}
