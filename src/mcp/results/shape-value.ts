import type * as z from 'zod';
import { sanitizeText } from '../../lib/sanitize-text.ts';
import { clipText } from '../../lib/text-format.ts';
import {
  isOutsideText,
  isPlainName,
  MAX_MARK_DEPTH,
  MarkNode,
  mayBeOutside,
  type TextRule,
  textRuleOf,
  UNKNOWN,
} from './untrusted-fields.ts';

/** Real data is not nested deeper. Deeper values would overflow the stack of a reader. */
const MAX_DEPTH = 500;

/** What shaping leaves out and clips. */
export interface ShapeOptions {
  /** Keep nulls, empty texts and images. */
  full: boolean;
  /** The length at which texts are clipped. */
  clipAt: number;
  /** Fields whose null is kept even so. */
  nullFields?: readonly string[] | undefined;
}

const UNCHANGED: ShapeOptions = { full: true, clipAt: Number.POSITIVE_INFINITY };

/** A result's data as it is published, and which of its texts are from outside. */
export interface ShapedData {
  data: Record<string, unknown>;
  untrustedFields: string[];
}

/**
 * Shapes the data of a result in one walk: removes hidden characters, clips texts, drops empty fields, and marks the texts
 * that people outside the workspace may have written.
 *
 * The marks are paths: `items[].name` is the field of every row, `items[].more.*` is everything below, and `*` alone is
 * everything else. A path appears once, in the order of the fields, and there are at most 60.
 * @param schema names the fields of the result. Texts that it does not describe count as outside. Without it nothing is marked.
 */
export function shapeData(
  value: Record<string, unknown>,
  options: ShapeOptions,
  schema: z.ZodObject | undefined,
): ShapedData {
  const root = schema === undefined ? undefined : new MarkNode();
  const rule = schema === undefined ? {} : textRuleOf(schema);
  const data = shapeValue(value, options, rule, root, 0) as Record<string, unknown>;
  return { data, untrustedFields: root?.paths() ?? [] };
}

/** The paths of the texts from outside in a result that is shaped already. */
export function untrustedFieldsOf(schema: z.ZodObject, data: Record<string, unknown>): string[] {
  return shapeData(data, UNCHANGED, schema).untrustedFields;
}

/** @param node gets the marks. undefined where the value needs none. */
function shapeValue(
  value: unknown,
  options: ShapeOptions,
  rule: TextRule,
  node: MarkNode | undefined,
  depth: number,
): unknown {
  if (typeof value === 'string') {
    const text = clipText(sanitizeText(value), options.clipAt);
    if (node !== undefined && isOutsideText(text, rule)) node.markText();
    return text;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return Array.isArray(value) ? [] : {};
  if (Array.isArray(value)) {
    const entryRule = rule.entries ?? rule.others ?? UNKNOWN;
    return value.map((item) => shapeChild(item, options, entryRule, node, depth, '[]', false));
  }
  const shaped: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    if (!options.full && isOmitted(name, item, options)) continue;
    const key = sanitizeText(name);
    // HeyReach has no such field. A host that copies the result would set a prototype with it.
    if (key === '__proto__') continue;
    const known = node === undefined ? undefined : rule.fields?.get(key);
    if (node !== undefined && known === undefined && !isPlainName(key)) node.markWhole();
    shaped[key] = shapeChild(item, options, known ?? rule.others ?? UNKNOWN, node, depth, key, known === undefined);
  }
  return shaped;
}

function isOmitted(name: string, item: unknown, { nullFields = [] }: ShapeOptions): boolean {
  if (item === null) return !nullFields.includes(name);
  return item === '' || name === 'imageUrl';
}

/** Shapes a field or an entry, and keeps its marks in the node of its parent. */
function shapeChild(
  value: unknown,
  options: ShapeOptions,
  rule: TextRule,
  parent: MarkNode | undefined,
  depth: number,
  name: string,
  isUnnamed: boolean,
): unknown {
  const isNested = typeof value === 'object' && value !== null;
  if (!isNested && typeof value !== 'string') return value;
  if (parent === undefined || parent.isWhole || !mayBeOutside(rule, isNested)) {
    return shapeValue(value, options, rule, undefined, depth + 1);
  }
  if (isNested && depth >= MAX_MARK_DEPTH) {
    parent.markWhole();
    return shapeValue(value, options, rule, undefined, depth + 1);
  }
  const node = parent.child(name);
  const shaped = shapeValue(value, options, rule, node, depth + 1);
  parent.keep(name, node, isUnnamed);
  return shaped;
}
