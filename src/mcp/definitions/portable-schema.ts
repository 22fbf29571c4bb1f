/** A JSON Schema as zod makes it. */
export type JsonSchema = { [keyword: string]: unknown };

/**
 * Replaces keywords that some hosts reject, or warn of, by others of the same meaning, at every depth:
 * - no `propertyNames` and no `const`
 * - no `type` of several types
 * - no schema without a keyword
 */
export function toPortableSchema(schema: JsonSchema): JsonSchema {
  const { propertyNames: _, const: only, type, ...rest } = schema;
  const { properties, items, anyOf, additionalProperties } = rest as {
    properties?: Record<string, JsonSchema>;
    items?: JsonSchema;
    anyOf?: JsonSchema[];
    additionalProperties?: JsonSchema | boolean;
  };
  const made: JsonSchema = {
    ...typeOf(type),
    ...(only === undefined ? {} : { enum: [only] }),
    ...rest,
    ...(properties === undefined ? {} : { properties: mapValues(properties, toPortableSchema) }),
    ...(items === undefined ? {} : { items: toPortableSchema(items) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(toPortableSchema) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: toPortableSchema(additionalProperties) }
      : {}),
  };
  // An array of any values needs no schema of its rows.
  if (items !== undefined && Object.keys(items).length === 0) delete made.items;
  // Holds for every value, so it adds no constraint.
  if (Object.keys(made).every((keyword) => keyword === 'description')) made.minProperties = 0;
  return made;
}

function typeOf(type: unknown): JsonSchema {
  if (type === undefined) return {};
  return Array.isArray(type) ? { anyOf: type.map((typeName) => ({ type: typeName })) } : { type };
}

function mapValues<Value, Mapped>(
  record: Record<string, Value>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
