import type { z } from 'zod';
import { type Origin, originOf } from '../client/operations/fields.ts';

/** Fields of ours that any result may carry. What errors and confirmations quote is said to be a quotation there. */
const OURS = new Set([
  'error',
  'nextStep',
  'nextCursor',
  'nextOffset',
  'confirmation',
  'declined',
  'truncated',
  'untrustedFields',
]);
const MAX_PATHS = 60;
/** More fields than this beside each other that no schema names are told as all of what holds them. */
const MAX_UNNAMED = 12;
const MAX_DEPTH = 12;
const LONG_PATH = 150;
/** A name that can stand in a path. Any other may itself be a text from outside, and is not repeated. */
const PLAIN_NAME = /^[\w$-]{1,40}$/;
/** Numbers, dates and masked values hold no words: where no schema says what they are they are left out. */
const WORDLESS = /^(\*+|[-+]?\d[\d.,]*|\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)?)?)$/;
const LONGEST_WORDLESS = 40;

/**
 * The paths of the texts in a result that people outside the workspace may have written: those whose schema is marked so,
 * and those that no schema describes. `items[].name` is the field of every row; `items[].more.*` is all that is below, and
 * `*` alone is whatever else there is. Each path once, in the order of the fields, and no more than 60.
 * @param schema names the fields of the result.
 */
export function untrustedFieldsOf(schema: z.ZodObject, structured: Record<string, unknown>): string[] {
  const root = newPlace();
  const data = Object.fromEntries(Object.entries(structured).filter(([name]) => !OURS.has(name)));
  look(data, ruleOf(schema), root, 0);
  const paths: string[] = [];
  addPaths(root, '', paths);
  return paths.length > MAX_PATHS ? [...paths.slice(0, MAX_PATHS - 1), '*'] : paths;
}

/** A place in results of one shape; the rows of a list share theirs. */
interface Place {
  isText: boolean;
  /** Told as a whole, not field by field. */
  isAll: boolean;
  unnamed: number;
  /** By the name of a field, or `[]` for the entries of a list: those that hold text from outside. */
  below: Map<string, Place>;
}

function newPlace(): Place {
  return { isText: false, isAll: false, unnamed: 0, below: new Map() };
}

/** What a schema says about the texts in a value; what it does not describe is unknown. */
interface Rule {
  text?: Origin | 'unknown' | undefined;
  fields?: Map<string, Rule> | undefined;
  /** The entries of a list. */
  entries?: Rule | undefined;
  /** Fields that are not among `fields`. */
  others?: Rule | undefined;
}

function ruleForAll(text: Rule['text']): Rule {
  const rule: Rule = { text };
  return Object.assign(rule, { entries: rule, others: rule });
}

const UNKNOWN = ruleForAll('unknown');
const ALL = { own: ruleForAll('own'), outside: ruleForAll('outside') };

/** Marks the places below that hold text from outside. @returns whether there are any. */
function look(value: unknown, rule: Rule, place: Place, depth: number): boolean {
  if (typeof value === 'string') {
    const isOutside = value !== '' && rule.text !== 'own' && (rule.text === 'outside' || !isWordless(value));
    place.isText ||= isOutside;
    return isOutside;
  }
  if (typeof value !== 'object' || value === null || rule === ALL.own) return false;
  const isList = Array.isArray(value);
  let found = false;
  for (const [key, item] of isList ? value.entries() : Object.entries(value)) {
    if (place.isAll) return true;
    const name = isList ? '[]' : String(key);
    const named = isList ? rule.entries : rule.fields?.get(name);
    const next = named ?? rule.others ?? UNKNOWN;
    const isUnnamed = !isList && named === undefined;
    if (isUnnamed && !PLAIN_NAME.test(name)) place.isAll = true;
    else if (depth >= MAX_DEPTH && typeof item === 'object' && item !== null) place.isAll = true;
    else found = lookAt(item, next, { place, name, isUnnamed }, depth) || found;
  }
  return found || place.isAll;
}

interface Field {
  place: Place;
  name: string;
  /** In no schema. */
  isUnnamed: boolean;
}

function lookAt(value: unknown, rule: Rule, { place, name, isUnnamed }: Field, depth: number): boolean {
  const known = place.below.get(name);
  const field = known ?? newPlace();
  if (!look(value, rule, field, depth + 1)) return false;
  if (known !== undefined) return true;
  place.below.set(name, field);
  if (isUnnamed) place.unnamed += 1;
  if (place.unnamed > MAX_UNNAMED) place.isAll = true;
  return true;
}

function isWordless(text: string): boolean {
  return text.length <= LONGEST_WORDLESS && WORDLESS.test(text);
}

function addPaths(place: Place, path: string, paths: string[]): void {
  // One too many says that there are more.
  if (paths.length > MAX_PATHS) return;
  const inside = path === '' ? '' : `${path}.`;
  if (place.isText) paths.push(path);
  if (place.isAll || (path.length > LONG_PATH && place.below.size > 0)) {
    paths.push(`${inside}*`);
    return;
  }
  for (const [name, field] of place.below) addPaths(field, name === '[]' ? `${path}[]` : `${inside}${name}`, paths);
}

const rules = new WeakMap<z.core.$ZodType, Rule>();

function ruleOf(schema: z.core.$ZodType): Rule {
  let rule = rules.get(schema);
  if (rule === undefined) {
    rule = readRule(schema);
    rules.set(schema, rule);
  }
  return rule;
}

/** A schema of any other sort than these describes no text. */
function readRule(schema: z.core.$ZodType): Rule {
  const origin = originOf(schema);
  if (origin !== undefined) return ALL[origin];
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
    case 'enum':
    case 'literal':
      return { text: 'own' };
    case 'object':
      return { fields: new Map(Object.entries(def.shape).map(([name, field]) => [name, ruleOf(field)])) };
    case 'array':
      return { entries: ruleOf(def.element) };
    case 'record':
      return { others: ruleOf(def.valueType) };
    case 'optional':
    case 'nullable':
    case 'default':
      return ruleOf(def.innerType);
    case 'union':
      return merge(def.options.map(ruleOf));
    case 'unknown':
    case 'any':
      return UNKNOWN;
    default:
      return {};
  }
}

/** One of several: a text is the workspace's own only if all of them that describe it say so. Maps count as unknown. */
function merge(several: (Rule | undefined)[]): Rule {
  const all = several.filter((rule) => rule !== undefined);
  const [first = {}] = all;
  if (all.length <= 1) return first;
  const texts = new Set(all.map(({ text }) => text));
  const text = (['outside', 'unknown', 'own'] as const).find((origin) => texts.has(origin));
  const names = new Set(all.flatMap(({ fields }) => [...(fields?.keys() ?? [])]));
  const fields = new Map([...names].map((name) => [name, merge(all.map((rule) => rule.fields?.get(name)))]));
  return { text, fields, entries: merge(all.map(({ entries }) => entries)) };
}
