import * as z from 'zod';
import { isBlank } from '../../lib/blank-text.ts';
import { isRecord } from '../../lib/json.ts';
import { unwrapLink } from '../../lib/link-text.ts';
import { canonicalProfileUrl } from '../../lib/linkedin-url.ts';
import { knownNameOf, namesOfSameThing } from './aliases.ts';
import { isProfileUrl, isTextId, olderFormOf } from './fields.ts';
import { readJsonText, readObjectText } from './json-text.ts';

/**
 * Reads arguments the way hosts and models write them, at every depth that the schema describes:
 * - a blank text and null for an optional field, and null in a map of values, count as omitted,
 * - another name of the same thing counts as the known name, if only one of them is given,
 * - a JSON text counts as the array, object, number or boolean that the schema expects,
 * - a slug, a markdown link or any spelling of a profile URL counts as the URL,
 * - the older form of a parameter counts as the present one.
 */
export function normalizeInput(schema: z.ZodType, raw: unknown): unknown {
  const { inner, readOlderForm } = unwrap(schema);
  const value = readText(inner, raw, readOlderForm !== undefined);
  if (readOlderForm !== undefined && isRecord(value)) return normalizeInput(inner, readOlderForm(value));
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const element = inner.element as z.ZodType;
    return value.map((item) => normalizeInput(element, item));
  }
  if (!isRecord(value)) return value;
  if (inner instanceof z.ZodObject) return normalizeObject(inner, value);
  if (inner instanceof z.ZodRecord) return normalizeValues(inner.valueType as z.ZodType, value);
  return value;
}

function readText(inner: z.ZodType, raw: unknown, hasObjectForm: boolean): unknown {
  if (typeof raw !== 'string') return raw;
  if (isProfileUrl(inner)) return canonicalProfileUrl(raw);
  if (isTextId(inner)) return unwrapLink(raw);
  const read = readJsonText(inner, raw);
  return hasObjectForm && typeof read === 'string' ? readObjectText(read) : read;
}

function normalizeObject(schema: z.ZodObject, value: Record<string, unknown>): Record<string, unknown> {
  const shape = schema.shape as Record<string, z.ZodType>;
  const catchall = schema.def.catchall as z.ZodType | undefined;
  // A loose object says nothing of its other fields, so they stay as they are.
  const others = catchall instanceof z.ZodNever || catchall instanceof z.ZodUnknown ? undefined : catchall;
  const entries: [string, unknown][] = [];
  for (const [name, item] of readAliases(shape, value)) {
    const field = Object.hasOwn(shape, name) ? shape[name] : others;
    if (field === undefined) entries.push([name, item]);
    else if (!isOmitted(field, item)) entries.push([name, normalizeInput(field, item)]);
  }
  return keepPrototypeKey(fromEntries(entries));
}

/** The fields under the names that the schema knows. With several names of one thing, the unknown ones stay unknown. */
function readAliases(shape: Record<string, z.ZodType>, value: Record<string, unknown>): Map<string, unknown> {
  const isKnown = (name: string) => Object.hasOwn(shape, name);
  const isGiven = (name: string) => Object.hasOwn(value, name) && !isEmpty(value[name]);
  const fields = new Map<string, unknown>();
  for (const [sentName, item] of Object.entries(value)) {
    const known = isKnown(sentName) ? sentName : knownNameOf(sentName, isKnown);
    const isOnlyName = !isGiven(sentName) || namesOfSameThing(sentName).filter(isGiven).length === 1;
    const name = known !== undefined && (isKnown(sentName) || isOnlyName) ? known : sentName;
    if (isEmpty(fields.get(name))) fields.set(name, item);
  }
  return fields;
}

function normalizeValues(schema: z.ZodType, value: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return keepPrototypeKey(fromEntries(entries.map(([name, item]) => [name, normalizeInput(schema, item)])));
}

/** Web forms and models send a blank text or null for an empty field. The strict modes of hosts force null. */
function isOmitted(field: z.ZodType, value: unknown): boolean {
  return isEmpty(value) && field.safeParse(undefined).success;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && isBlank(value));
}

/** A schema without its optional, default and transform layers. */
export function unwrap(schema: z.ZodType): {
  inner: z.ZodType;
  readOlderForm: ReturnType<typeof olderFormOf>;
} {
  let inner = schema;
  let readOlderForm = olderFormOf(inner);
  for (let next = below(inner); next !== undefined; next = below(inner)) {
    inner = next;
    readOlderForm ??= olderFormOf(inner);
  }
  return { inner, readOlderForm };
}

function below(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return schema.unwrap() as z.ZodType;
  }
  return schema instanceof z.ZodPipe ? (schema.in as z.ZodType) : undefined;
}

/** Makes a key named `__proto__` an ordinary key, which validation then rejects as unknown. */
export function fromEntries(entries: readonly [string, unknown][]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    if (name !== '__proto__') object[name] = value;
    else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

/**
 * Zod silently drops a key named `__proto__`. With an invisible character appended, it is rejected like any unknown name.
 * Error texts omit that character.
 */
export function keepPrototypeKey(value: Record<string, unknown>): Record<string, unknown> {
  if (!Object.hasOwn(value, '__proto__')) return value;
  return fromEntries(
    Object.entries(value).map(([name, item]) => [name === '__proto__' ? '__proto__\u200b' : name, item]),
  );
}
