import * as z from 'zod';
import { closestMatch } from '../../lib/closest-match.ts';
import { isRecord } from '../../lib/json.ts';
import { knownNameOf } from './aliases.ts';
import { isIdentifier, publishedRequired } from './fields.ts';
import { idSourceOf } from './id-sources.ts';
import { normalizeInput, unwrap } from './normalize-input.ts';

const MAX_SHOWN = 5;
/** How many issues of one call are described. A call can have a hundred thousand, and a description takes time. */
const MAX_DESCRIBED = 20;
const MAX_EXAMPLE = 100;

type Issue = z.core.$ZodIssue;

/** What the issues belong to. */
export interface Described {
  input: unknown;
  schema: z.ZodObject;
  /** The path of `input`, when it is not the arguments themselves. */
  at?: string;
  /** Parameters that models expect and HeyReach does not have, with what to do instead. */
  missing?: Readonly<Record<string, string>> | undefined;
}

/** Sentences about issues. */
export interface IssueReport {
  /** One sentence for each of the first issues, with the name of the parameter and its correction. */
  sentences: string[];
  count: number;
}

/** The first issues as one text. */
export function joinIssues({ sentences, count }: IssueReport): string {
  const shown = sentences.slice(0, MAX_SHOWN).join('; ');
  return count > MAX_SHOWN ? `${shown}; and ${count - MAX_SHOWN} more` : shown;
}

/** Describes the first issues, and counts all. */
export function describeIssues(issues: readonly Issue[], described: Described): IssueReport {
  const sentences: string[] = [];
  let count = 0;
  for (const [index, issue] of issues.entries()) {
    // A value of the wrong type can break a further rule, which says nothing new.
    const last = issues[index - 1];
    if (last?.code === 'invalid_type' && last.path.join() === issue.path.join()) continue;
    count += issue.code === 'unrecognized_keys' ? issue.keys.length : 1;
    if (sentences.length < MAX_DESCRIBED) sentences.push(...describeIssue(issue, described));
  }
  return { sentences, count };
}

function describeIssue(issue: Issue, { input, schema, at = '', missing }: Described): string[] {
  const path = pathText(issue.path);
  const name = [at, path].filter((part) => part !== '').join('.') || 'the arguments';
  const value = issue.path.reduce<unknown>(
    (parent, key) => (isRecord(parent) || Array.isArray(parent) ? parent[key as never] : undefined),
    input,
  );
  switch (issue.code) {
    case 'unrecognized_keys': {
      const place = at === '' && path === '' ? '' : ` in ${name}`;
      const hintOf = hintsAt(schemaAt(schema, issue.path), path === '' ? missing : undefined);
      return issue.keys
        .slice(0, MAX_DESCRIBED)
        .map((key, index) => `unknown parameter ${clip(key)}${place}${index < MAX_SHOWN ? ` (${hintOf(key)})` : ''}`);
    }
    case 'invalid_type':
      if (value === undefined) return [`${name} is required`];
      return [`${name} must be ${typeText(issue, value, schemaAt(schema, issue.path))}`];
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      if (value === undefined) return [`${name} is required: one of ${allowed.join(', ')}`];
      const match = typeof value === 'string' ? closestMatch(value, allowed) : undefined;
      const hint = match === undefined ? '' : ` (did you mean ${match}?)`;
      return [`${name} must be one of ${allowed.join(', ')}, got ${describe(value)}${hint}`];
    }
    case 'too_big':
    case 'too_small':
      return [`${name} must ${boundText(issue, value)}`];
    case 'invalid_key': {
      const message = issue.message === 'Invalid key in record' ? issue.issues[0]?.message : issue.message;
      return [`${name} ${message ?? issue.message}`];
    }
    default:
      return [`${name} ${issue.message}`];
  }
}

/** What to write instead of an unknown name. */
function hintsAt(schema: z.ZodType | undefined, missing: Described['missing']): (unknown: string) => string {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  return (unknown) => {
    if (missing !== undefined && Object.hasOwn(missing, unknown)) return missing[unknown]!;
    const match = knownNameOf(unknown, (name) => known.includes(name)) ?? closestMatch(unknown, known);
    return match === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean ${match}?`;
  };
}

function boundText(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall, value: unknown): string {
  const isMinimum = issue.code === 'too_small';
  const bound = String(isMinimum ? issue.minimum : issue.maximum);
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
  const size = typeof value === 'string' || Array.isArray(value) ? `${value.length}${unit}` : describe(value);
  if (isMinimum && !issue.inclusive) return `be more than ${bound}, got ${size}`;
  return `${unit === '' ? 'be' : 'have'} at ${isMinimum ? 'least' : 'most'} ${bound}${unit}, got ${size}`;
}

const TYPES: Record<string, string> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

function typeText(
  { expected, path }: z.core.$ZodIssueInvalidType,
  value: unknown,
  schema: z.ZodType | undefined,
): string {
  const example = schema instanceof z.ZodArray ? exampleList(schema, value) : undefined;
  if (example !== undefined) return `a list: ${example}`;
  const shape = schema === undefined ? undefined : shapeOf(schema);
  const shown = shape === undefined ? '' : ` (such as ${JSON.stringify(shape)})`;
  return `${TYPES[expected] ?? expected}, got ${describe(value)}${shown}${finderHint(path, value, schema)}`;
}

/** The smallest object of a schema, or a list with it. undefined for other schemas. */
function shapeOf(schema: z.ZodType): unknown {
  const { inner } = unwrap(schema);
  if (inner instanceof z.ZodArray) {
    const item = shapeOf(inner.element as z.ZodType);
    return item === undefined ? undefined : [item];
  }
  if (!(inner instanceof z.ZodObject)) return undefined;
  const shape = inner.shape as Record<string, z.ZodType>;
  const names =
    publishedRequired(inner) ?? Object.keys(shape).filter((name) => !shape[name]!.safeParse(undefined).success);
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, '…']));
}

/** A list with the given value, or with the parts of a text between commas, if the schema accepts it. */
function exampleList(schema: z.ZodArray, value: unknown): string | undefined {
  const parts = typeof value === 'string' ? [value.split(',').map((part) => part.trim())] : [];
  for (const list of [[value], ...parts]) {
    const read = normalizeInput(schema, list);
    const example = JSON.stringify(read);
    if (example.length <= MAX_EXAMPLE && schema.safeParse(read).success) return example;
  }
  return undefined;
}

/** Names the tool that shows the ids, where a text is not an id. Such a text is usually a name. */
function finderHint(path: readonly PropertyKey[], value: unknown, schema: z.ZodType | undefined): string {
  const expected = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : schema;
  if (typeof value !== 'string' || expected === undefined || !isIdentifier(expected)) return '';
  const parameter = path.findLast((key) => typeof key === 'string') as string | undefined;
  const source = parameter === undefined ? undefined : idSourceOf(parameter);
  return source === undefined ? '' : ` (${source} shows the ids)`;
}

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let at: z.ZodType | undefined = unwrap(schema).inner;
  for (const key of path) {
    if (at instanceof z.ZodObject) at = (at.shape as Record<string, z.ZodType>)[String(key)];
    else at = at instanceof z.ZodArray ? (at.element as z.ZodType) : undefined;
    if (at !== undefined) at = unwrap(at).inner;
  }
  return at;
}

/** `leads[3].profileUrl` for a path of keys and indexes. */
function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${clip(String(key))}`))
    .join('');
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
