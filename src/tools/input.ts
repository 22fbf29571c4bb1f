import { z } from 'zod';
import type { Tool } from './define.ts';
import { isIdentifier, isProfileUrl } from './fields.ts';
import { isRecord } from './is-record.ts';
import { nearest } from './nearest.ts';
import { expandSlug } from './profile-url.ts';

/** Arguments that n8n's MCP client adds of its own accord. */
const INJECTED = new Set(['sessionId', 'action', 'chatInput', 'toolCallId']);
const MAX_FAULTS = 5;

export type ReadInput = { ok: true; input: Record<string, unknown> } | { ok: false; faults: string };

const objects = new WeakMap<Tool, z.ZodObject>();

/** Stands on every tool that may ask first. */
const confirmToken = z.string().min(1).max(2_000).describe('From the confirmation').optional();

/** The strict schema of a tool's arguments, made once. */
export function inputObject(tool: Tool): z.ZodObject {
  let made = objects.get(tool);
  if (made === undefined) {
    made = z.strictObject(tool.asks === 'no' ? tool.input : { ...tool.input, confirmToken });
    objects.set(tool, made);
  }
  return made;
}

/**
 * Reads the arguments of a call: drops what n8n injects, takes "" and null for an optional parameter as left out and a
 * digit string for an id as the number, a slug for a profile URL as the URL, then validates. Sends nothing.
 * @returns the typed arguments, or one text that names each faulty parameter and how to mend it.
 */
export function readInput(tool: Tool, given: unknown): ReadInput {
  const raw = given ?? {};
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    return { ok: false, faults: `the arguments must be an object, got ${describe(raw)}` };
  }
  const schema = inputObject(tool);
  const known = new Set(Object.keys(schema.shape));
  const entries = Object.entries(raw).filter(([name]) => known.has(name) || !INJECTED.has(name));
  const normalised = normaliseInput(schema, fromEntries(entries));
  const parsed = schema.safeParse(normalised, { reportInput: true });
  if (!parsed.success) return { ok: false, faults: summarise(explain(parsed.error.issues, normalised, schema)) };
  const fault = tool.check?.(parsed.data);
  return fault === undefined ? { ok: true, input: parsed.data } : { ok: false, faults: fault };
}

/** Leaves out what stands for nothing and reads ids given as digits, at every depth that the schema knows. */
export function normaliseInput(schema: z.ZodType, value: unknown): unknown {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject && isRecord(value)) {
    const shape = inner.shape as Record<string, z.ZodType>;
    const entries: [string, unknown][] = [];
    for (const [name, item] of Object.entries(value)) {
      const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
      if (field === undefined) entries.push([name, item]);
      else if (!isLeftOut(field, item)) entries.push([name, normaliseInput(field, item)]);
    }
    return keepPrototypeKey(fromEntries(entries));
  }
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const element = inner.element as z.ZodType;
    return value.map((item) => normaliseInput(element, item));
  }
  if (inner instanceof z.ZodRecord && isRecord(value)) return keepPrototypeKey(value);
  if (typeof value !== 'string') return value;
  if (isIdentifier(inner) && /^[1-9]\d{0,14}$/.test(value)) return Number(value);
  return isProfileUrl(inner) ? expandSlug(value.trim()) : value;
}

/** Web forms and models send "" or null for what they leave empty. Where null has a meaning, null stays. */
function isLeftOut(field: z.ZodType, value: unknown): boolean {
  if (value !== '' && value !== null) return false;
  if (!field.safeParse(undefined).success) return false;
  return value === '' || !field.safeParse(null).success;
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema;
}

/** Keeps a key named `__proto__` an ordinary, and so an unknown, one. */
function fromEntries(entries: [string, unknown][]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return made;
}

/**
 * Parsers drop a key named `__proto__` in silence. Under a name with a character that no text of ours shows it survives
 * them, and is refused like any other unknown name.
 */
export function keepPrototypeKey(value: Record<string, unknown>): Record<string, unknown> {
  if (!Object.hasOwn(value, '__proto__')) return value;
  return fromEntries(
    Object.entries(value).map(([name, item]) => [name === '__proto__' ? '__proto__\u200b' : name, item]),
  );
}

type Issue = z.core.$ZodIssue;

function summarise(faults: string[]): string {
  const shown = faults.slice(0, MAX_FAULTS).join('; ');
  return faults.length > MAX_FAULTS ? `${shown}; and ${faults.length - MAX_FAULTS} more` : shown;
}

/**
 * One sentence per fault, with the parameter's name and how to mend it.
 * @param at where `input` stands, when it is not the arguments themselves.
 */
export function explain(issues: readonly Issue[], input: unknown, schema: z.ZodObject, at = ''): string[] {
  return issues.flatMap((issue) => explainIssue(issue, input, schema, at));
}

function explainIssue(issue: Issue, input: unknown, schema: z.ZodObject, at: string): string[] {
  const inside = pathText(issue.path);
  const name = [at, inside].filter((part) => part !== '').join('.') || 'the arguments';
  const value = issue.path.reduce<unknown>(
    (at, key) => (isRecord(at) || Array.isArray(at) ? at[key as never] : undefined),
    input,
  );
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = namesAt(schema, issue.path);
      return issue.keys.map((key, index) => {
        // Only the first are shown.
        const meant = index < MAX_FAULTS ? nearest(key, known) : undefined;
        const place = at === '' && inside === '' ? '' : ` in ${name}`;
        const hint = meant === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean ${meant}?`;
        return `unknown parameter ${clip(key)}${place} (${hint})`;
      });
    }
    case 'invalid_type':
      if (value === undefined) return [`${name} is required`];
      return [`${name} must be ${article(issue.expected)}, got ${describe(value)}`];
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      if (value === undefined) return [`${name} is required: one of ${allowed.join(', ')}`];
      const meant = typeof value === 'string' ? nearest(value, allowed) : undefined;
      const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
      return [`${name} must be one of ${allowed.join(', ')}, got ${describe(value)}${hint}`];
    }
    case 'too_big':
    case 'too_small': {
      const least = issue.code === 'too_small';
      const bound = String(least ? issue.minimum : issue.maximum);
      const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
      const size = typeof value === 'string' || Array.isArray(value) ? `${value.length}${unit}` : describe(value);
      const verb = unit === '' ? 'be' : 'have';
      if (least && !issue.inclusive) return [`${name} must be more than ${bound}, got ${size}`];
      return [`${name} must ${verb} at ${least ? 'least' : 'most'} ${bound}${unit}, got ${size}`];
    }
    case 'invalid_key': {
      const own = issue.message === 'Invalid key in record' ? issue.issues[0]?.message : issue.message;
      return [`${name} ${own ?? issue.message}`];
    }
    default:
      return [`${name} ${issue.message}`];
  }
}

function namesAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at = unwrap(schema);
  for (const key of path) {
    if (at instanceof z.ZodObject) at = unwrap((at.shape as Record<string, z.ZodType>)[String(key)] ?? z.never());
    else if (at instanceof z.ZodArray) at = unwrap(at.element as z.ZodType);
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** `leads[3].profileUrl` for a path of keys and indexes. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${clip(String(key))}`))
    .join('');
}

function article(type: string): string {
  const named: Record<string, string> = { int: 'a whole number', number: 'a number', boolean: 'true or false' };
  return named[type] ?? `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text "${clip(value)}"`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : String(value);
}

function clip(name: string): string {
  const value = name.replaceAll('\u200b', '');
  return value.length > 60 ? `${value.slice(0, 60)}… (${value.length} characters)` : value;
}
