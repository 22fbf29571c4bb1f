import type * as z from 'zod';
import { type Origin, originOf } from '../../client/operations/fields.ts';

/** Fields that this server adds to any result. Errors and confirmations mark quoted text themselves. */
const OWN_FIELDS = [
  'error',
  'nextStep',
  'nextCursor',
  'nextOffset',
  'confirmation',
  'declined',
  'truncated',
  'untrustedFields',
];
const MAX_PATHS = 60;
/** Above this number of sibling fields outside the schema, one path marks their whole parent. */
const MAX_UNNAMED = 12;
/** Objects nested deeper are marked as a whole. */
export const MAX_MARK_DEPTH = 12;
const LONG_PATH = 150;
/** A name that can be part of a path. Any other name may itself be text from outside and is not repeated. */
const PLAIN_NAME = /^[\w$-]{1,40}$/;
/** Numbers, dates and masked values hold no words. They are not marked where no schema describes them. */
const WORDLESS = /^(\*+|[-+]?\d[\d.,]*|\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[-+]\d\d:?\d\d)?)?)$/;
const MAX_WORDLESS = 40;

/** What a schema says about the texts in a value. Values that it does not describe are unknown. */
export interface TextRule {
  text?: Origin | 'unknown' | undefined;
  fields?: Map<string, TextRule> | undefined;
  /** The entries of a list. */
  entries?: TextRule | undefined;
  /** Fields that are not in `fields`. */
  others?: TextRule | undefined;
}

function ruleForAll(text: TextRule['text']): TextRule {
  const rule: TextRule = { text };
  return Object.assign(rule, { entries: rule, others: rule });
}

/** The rule of everything that no schema describes. */
export const UNKNOWN = ruleForAll('unknown');
const ALL = { own: ruleForAll('own'), outside: ruleForAll('outside') };

/** The marks of one path in a result. All rows of a list share one node. */
export class MarkNode {
  #isText = false;
  #isWhole = false;
  #unnamed = 0;
  /** Children that hold text from outside, by field name or `[]` for the entries of a list. */
  #children: Map<string, MarkNode> | undefined;

  /** A node below which nothing needs a mark of its own. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  markWhole(): void {
    this.#isWhole = true;
  }

  markText(): void {
    this.#isText = true;
  }

  /** The node of a child, new where it has no mark yet. `keep` adds it once it is marked. */
  child(name: string): MarkNode {
    return this.#children?.get(name) ?? new MarkNode();
  }

  /** @param isUnnamed the field is in no schema. */
  keep(name: string, child: MarkNode, isUnnamed: boolean): void {
    if (!child.#isText && !child.#isWhole && child.#children === undefined) return;
    this.#children ??= new Map();
    if (this.#children.has(name)) return;
    this.#children.set(name, child);
    if (isUnnamed) this.#unnamed += 1;
    if (this.#unnamed > MAX_UNNAMED) this.#isWhole = true;
  }

  /** The marked paths, in the order in which they were marked, at most 60. */
  paths(): string[] {
    const paths: string[] = [];
    this.#addPaths('', paths);
    return paths.length > MAX_PATHS ? [...paths.slice(0, MAX_PATHS - 1), '*'] : paths;
  }

  #addPaths(path: string, paths: string[]): void {
    // One path too many shows that there are more.
    if (paths.length > MAX_PATHS) return;
    const prefix = path === '' ? '' : `${path}.`;
    if (this.#isText) paths.push(path);
    if (this.#isWhole || (path.length > LONG_PATH && this.#children !== undefined)) {
      paths.push(`${prefix}*`);
      return;
    }
    for (const [name, child] of this.#children ?? [])
      child.#addPaths(name === '[]' ? `${path}[]` : `${prefix}${name}`, paths);
  }
}

/** Whether a text counts as written outside the workspace. */
export function isOutsideText(text: string, rule: TextRule): boolean {
  if (text === '' || rule.text === 'own') return false;
  return rule.text === 'outside' || text.length > MAX_WORDLESS || !WORDLESS.test(text);
}

/** Whether a value of this rule can hold text from outside. */
export function mayBeOutside(rule: TextRule, isNested: boolean): boolean {
  return isNested ? rule !== ALL.own : rule.text !== 'own';
}

/** Whether a field name can be part of a path. */
export function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name);
}

const rules = new WeakMap<z.core.$ZodType, TextRule>();
const rootRules = new WeakMap<z.ZodObject, TextRule>();

/** What an output schema says about the texts of a result. Read once per schema. */
export function textRuleOf(schema: z.ZodObject): TextRule {
  let rule = rootRules.get(schema);
  if (rule === undefined) {
    const { fields, ...others } = ruleOf(schema);
    rule = { ...others, fields: new Map([...(fields ?? []), ...OWN_FIELDS.map((name) => [name, ALL.own] as const)]) };
    rootRules.set(schema, rule);
  }
  return rule;
}

function ruleOf(schema: z.core.$ZodType): TextRule {
  let rule = rules.get(schema);
  if (rule === undefined) {
    rule = readRule(schema);
    rules.set(schema, rule);
  }
  return rule;
}

/** A schema of any other type than these describes no text. */
function readRule(schema: z.core.$ZodType): TextRule {
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
      return mergeRules(def.options.map(ruleOf));
    case 'unknown':
    case 'any':
      return UNKNOWN;
    default:
      return {};
  }
}

/** The rule of a union: a text is the workspace's own only if every side that describes it says so. Maps are unknown. */
function mergeRules(sides: (TextRule | undefined)[]): TextRule {
  const all = sides.filter((rule) => rule !== undefined);
  const [first = {}] = all;
  if (all.length <= 1) return first;
  const texts = new Set(all.map(({ text }) => text));
  const text = (['outside', 'unknown', 'own'] as const).find((origin) => texts.has(origin));
  const names = new Set(all.flatMap(({ fields }) => [...(fields?.keys() ?? [])]));
  const fields = new Map([...names].map((name) => [name, mergeRules(all.map((rule) => rule.fields?.get(name)))]));
  return { text, fields, entries: mergeRules(all.map(({ entries }) => entries)) };
}
