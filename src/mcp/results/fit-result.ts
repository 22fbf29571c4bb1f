import type * as z from 'zod';
import type { ToolOutput } from '../tool.ts';
import { shapeData, untrustedFieldsOf } from './shape-value.ts';

/** The most that the text of a result may have, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 48_000;
const DEFAULT_CLIP = 400;

/** How much of an output a result keeps. */
export interface FitOptions {
  /** Leave nothing out. */
  full: boolean;
  clipAt?: number | undefined;
  /** The most that the text may have, in bytes of UTF-8. */
  maxBytes?: number | undefined;
  /** Names the fields of the result: with it, texts from outside are listed in `untrustedFields`. */
  schema?: z.ZodObject | undefined;
  /** Fields about a result, for which room is kept. Called for every attempt to fit it. */
  annotate?: ((structured: Record<string, unknown>) => Record<string, unknown>) | undefined;
}

/** A result whose text is within the limit. */
export interface FittedResult {
  structured: Record<string, unknown>;
  /** The same as compact JSON. */
  text: string;
}

interface Attempt extends FittedResult {
  /** The text is short enough. */
  fits: boolean;
}

/**
 * Makes a result of a tool's output. A result that fits is walked twice: once by `shapeData`, once as JSON. In a result
 * that is too large, rows are omitted, then texts are clipped, then lists and objects are thinned out.
 */
export function fitResult(output: ToolOutput, options: FitOptions): FittedResult {
  const { data: raw, rows, nullFields, untrustedFields: known = [] } = output;
  const clipAt = options.full ? Number.POSITIVE_INFINITY : (options.clipAt ?? DEFAULT_CLIP);
  const shaped = shapeData(raw, { full: options.full, clipAt, nullFields }, options.schema);
  const { data } = shaped;
  const untrustedFields = [...shaped.untrustedFields, ...known];
  const list = rows === undefined ? undefined : data[rows.key];
  if (rows === undefined || !Array.isArray(list)) {
    const whole = finish(data, untrustedFields, options);
    return whole.fits ? whole : reduceResult(data, {}, options);
  }
  const whole = finish(Object.assign({}, data, continuationAfter(rows, list.length)), untrustedFields, options);
  return whole.fits ? whole : fitRows(data, rows, list, options);
}

/** Adds what is said about a result, and makes its text. */
function finish(
  data: Record<string, unknown>,
  untrustedFields: string[],
  { annotate, maxBytes = MAX_TEXT_BYTES }: FitOptions,
): Attempt {
  // Under Node 20, fields after a spread would cost more than the JSON.
  const structured = Object.assign({}, data, annotate?.(data));
  if (untrustedFields.length > 0) structured.untrustedFields = untrustedFields;
  const text = JSON.stringify(structured);
  return { structured, text, fits: Buffer.byteLength(text) <= maxBytes };
}

/** No parameter takes a longer cursor. */
const MAX_CURSOR = 5_000;

function continuationAfter(rows: NonNullable<ToolOutput['rows']>, rowCount: number): Record<string, unknown> {
  const entries = Object.entries(rows.continuation?.(rowCount) ?? {});
  return Object.fromEntries(entries.filter(([, value]) => typeof value !== 'string' || value.length <= MAX_CURSOR));
}

/** Omits whole rows until the result fits. */
function fitRows(
  data: Record<string, unknown>,
  rows: NonNullable<ToolOutput['rows']>,
  list: unknown[],
  options: FitOptions,
): FittedResult {
  const { maxBytes = MAX_TEXT_BYTES } = options;
  const isLast = rows.keep === 'last';
  const ordered = isLast ? [...list].reverse() : list;
  const shownOf = (rowCount: number) => {
    const shown = ordered.slice(0, rowCount);
    return { [rows.key]: isLast ? shown.reverse() : shown, ...('returned' in data ? { returned: rowCount } : {}) };
  };
  const attempt = (rowCount: number) => {
    const cut = { ...data, ...shownOf(rowCount), ...continuationAfter(rows, rowCount), truncated: true };
    // Fewer rows may hold fewer texts from outside.
    return finish(cut, options.schema === undefined ? [] : untrustedFieldsOf(options.schema, cut), options);
  };
  const bytesOf = (row: unknown) => Buffer.byteLength(JSON.stringify(row)) + 1;
  // The fields around one row are nearly as long as those around many.
  const frame = Buffer.byteLength(attempt(1).text) + 200 - (list.length > 0 ? bytesOf(ordered[0]) : 0);
  let rowCount = 0;
  for (let bytes = frame; rowCount < list.length; rowCount += 1) {
    bytes += bytesOf(ordered[rowCount]);
    if (bytes > maxBytes) break;
  }
  for (; rowCount > 0; rowCount -= 1) {
    const result = attempt(rowCount);
    if (result.fits) return result;
  }
  // A single row larger than the limit is reduced, so that the next page starts after it.
  return reduceResult({ ...data, ...shownOf(1) }, continuationAfter(rows, 1), options);
}

/**
 * The steps that reduce a result without rows to omit: texts are clipped at `clipAt`, lists and objects keep `entries`.
 * The last step keeps little but the top level, so it always fits.
 */
const REDUCTIONS: { clipAt: number; entries?: number }[] = [
  { clipAt: 2_000 },
  { clipAt: 200 },
  // Short enough that a thousand rejected rows all keep their index.
  { clipAt: 15 },
  ...[500, 200, 80, 30, 10].map((entries) => ({ clipAt: 120, entries })),
  ...[500, 80, 10, 1, 0].map((entries) => ({ clipAt: 8, entries })),
];

/** @param continuation fields that stay as they are: a clipped cursor cannot be used. */
function reduceResult(
  data: Record<string, unknown>,
  continuation: Record<string, unknown>,
  options: FitOptions,
): FittedResult {
  let result: Attempt | undefined;
  for (const { clipAt, entries } of REDUCTIONS) {
    const reduced = (entries === undefined ? data : thinOut(data, entries)) as Record<string, unknown>;
    const shaped = shapeData(reduced, { full: true, clipAt }, options.schema);
    result = finish({ ...shaped.data, ...continuation, truncated: true }, shaped.untrustedFields, options);
    if (result.fits) break;
  }
  return result!;
}

/** Fields of an object that are always kept, from its start and from its end: a result's schema may require them. */
const MIN_FIELDS = 10;

/** Keeps `most` entries of every list and, beyond the fewest, of every object. With 0, little but the top level. */
function thinOut(value: unknown, most: number, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, most).map((item) => thinOut(item, most, depth + 1));
  if (most === 0 && depth > 1) return {};
  const entries = Object.entries(value);
  const room = depth > 0 ? Math.max(MIN_FIELDS / 2, Math.min(25, most)) : Math.max(MIN_FIELDS, most);
  // The fields that a schema names come first or last.
  const keptEntries = entries.filter((_, at) => at < room || at >= entries.length - room);
  const maxName = most === 0 ? 30 : 100;
  return Object.fromEntries(keptEntries.map(([key, item]) => [key.slice(0, maxName), thinOut(item, most, depth + 1)]));
}
