import { cleanText } from './clean.ts';
import type { ToolAnswer } from './define.ts';

/** The text twin of a result is at most so long, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 48_000;
const DEFAULT_CLIP = 400;

export interface ShapeOptions {
  /** Leave nothing out. */
  full: boolean;
  clipAt?: number | undefined;
  /** The most that the text may have, in bytes of UTF-8. */
  maxBytes?: number | undefined;
  /** Fields about a result as it is given, for which room is kept; called for every result that is tried. */
  annotate?: ((structured: Record<string, unknown>) => Record<string, unknown>) | undefined;
}

export interface Shaped {
  structured: Record<string, unknown>;
  /** The same as compact JSON. */
  text: string;
}

interface Finished extends Shaped {
  /** The text is not too long. */
  fits: boolean;
}

/**
 * Makes a result of what a tool answers: hidden characters removed, nulls, empty texts, images and the rest of long texts
 * left out unless everything was asked for, and whole rows cut until the text fits.
 */
export function shapeAnswer(answer: ToolAnswer, options: ShapeOptions): Shaped {
  const clipAt = options.full ? Number.POSITIVE_INFINITY : (options.clipAt ?? DEFAULT_CLIP);
  const data = shapeValue(answer.data, options.full, clipAt) as Record<string, unknown>;
  const { rows } = answer;
  const all = rows === undefined ? undefined : data[rows.key];
  const finish = finisher(options);
  if (rows === undefined || !Array.isArray(all)) return fitWithoutRows(data, finish);
  const whole = finish({ ...data, ...goOnAfter(rows, all.length) });
  return whole.fits ? whole : fitRows(data, rows, all, finish, options.maxBytes);
}

type Finish = (structured: Record<string, unknown>) => Finished;

/** Makes a result whole: what is said about it, and its text. */
function finisher({ annotate, maxBytes = MAX_TEXT_BYTES }: ShapeOptions): Finish {
  return (given) => {
    const structured = annotate === undefined ? given : { ...given, ...annotate(given) };
    const text = JSON.stringify(structured);
    return { structured, text, fits: Buffer.byteLength(text) <= maxBytes };
  };
}

/** No parameter takes a longer cursor, so one would only take the room of rows. */
const MAX_CURSOR = 5_000;

function goOnAfter(rows: NonNullable<ToolAnswer['rows']>, kept: number): Record<string, unknown> {
  const entries = Object.entries(rows.goOn?.(kept) ?? {});
  return Object.fromEntries(entries.filter(([, value]) => typeof value !== 'string' || value.length <= MAX_CURSOR));
}

function fitRows(
  data: Record<string, unknown>,
  rows: NonNullable<ToolAnswer['rows']>,
  all: unknown[],
  finish: Finish,
  maxBytes = MAX_TEXT_BYTES,
): Shaped {
  const last = rows.keep === 'last';
  const ordered = last ? [...all].reverse() : all;
  const shownOf = (kept: number) => {
    const shown = ordered.slice(0, kept);
    return { [rows.key]: last ? shown.reverse() : shown, ...('returned' in data ? { returned: kept } : {}) };
  };
  const attempt = (kept: number) => finish({ ...data, ...shownOf(kept), ...goOnAfter(rows, kept), truncated: true });
  const bytesOf = (row: unknown) => Buffer.byteLength(JSON.stringify(row)) + 1;
  // What is said about one row is near what is said about many.
  const frame = Buffer.byteLength(attempt(1).text) + 200 - (all.length > 0 ? bytesOf(ordered[0]) : 0);
  let kept = 0;
  for (let bytes = frame; kept < all.length; kept += 1) {
    bytes += bytesOf(ordered[kept]);
    if (bytes > maxBytes) break;
  }
  for (; kept > 0; kept -= 1) {
    const shaped = attempt(kept);
    if (shaped.fits) return shaped;
  }
  // A single row larger than the cap: its long texts are clipped, since going on has to get past it.
  return fitWithoutRows({ ...data, ...shownOf(1) }, finish, goOnAfter(rows, 1));
}

/** Shorter than this a text says little, so it is done only where it is enough. */
const READABLE = 120;
const SHORTEST = 5;

/**
 * Clips the longest texts ever shorter until the result fits; where that cannot be enough, lists and objects below the top
 * are thinned out while texts can still be read.
 * @param whole fields that stay as they are: a cursor is of no use clipped.
 */
function fitWithoutRows(data: Record<string, unknown>, finish: Finish, whole: Record<string, unknown> = {}): Shaped {
  const attempt = (clipped: unknown) => finish({ ...(clipped as Record<string, unknown>), ...whole, truncated: true });
  let shaped = finish({ ...data, ...whole });
  let clipAt = 8_000;
  for (; !shaped.fits && clipAt >= READABLE; clipAt = Math.floor(clipAt / 2)) {
    shaped = attempt(shapeValue(data, true, clipAt));
  }
  if (!shaped.fits && attempt(shapeValue(data, true, SHORTEST)).fits) {
    for (; !shaped.fits; clipAt = Math.max(SHORTEST, Math.floor(clipAt / 2))) {
      shaped = attempt(shapeValue(data, true, clipAt));
    }
  }
  for (let most = 500; !shaped.fits && most > 0; most = Math.floor(most / 2)) {
    shaped = attempt(thinOut(shapeValue(data, true, READABLE), most));
  }
  for (let most = 500; !shaped.fits && most >= 0; most = most > 0 ? Math.floor(most / 2) : -1) {
    shaped = attempt(thinOut(shapeValue(data, true, 8), most));
  }
  return shaped;
}

/** Fields of an object that are never left out by themselves: a result's schema may demand them. */
const FEW = 10;

/** Keeps so many entries of every list and, but for a few, of every object; with none to keep, little but the top. */
function thinOut(value: unknown, most: number, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, most).map((item) => thinOut(item, most, depth + 1));
  if (most === 0 && depth > 1) return {};
  const entries = Object.entries(value);
  const room = depth > 0 ? Math.max(FEW / 2, Math.min(25, most)) : Math.max(FEW, most);
  // The fields that a schema names stand first or last.
  const kept = entries.filter((_, at) => at < room || at >= entries.length - room);
  const longest = most === 0 ? 30 : 100;
  return Object.fromEntries(kept.map(([key, item]) => [key.slice(0, longest), thinOut(item, most, depth + 1)]));
}

/** Nothing of sense is nested deeper; what is would overflow the stack of whoever reads it. */
const MAX_DEPTH = 500;

function shapeValue(value: unknown, full: boolean, clipAt: number, depth = 0): unknown {
  if (typeof value === 'string') return clipText(cleanText(value), clipAt);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return Array.isArray(value) ? [] : {};
  if (Array.isArray(value)) return value.map((item) => shapeValue(item, full, clipAt, depth + 1));
  const shaped: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    if (!full && (item === null || item === '' || name === 'imageUrl')) continue;
    const key = cleanText(name);
    // No field of HeyReach; a host that copies the result would set a prototype with it.
    if (key !== '__proto__') shaped[key] = shapeValue(item, full, clipAt, depth + 1);
  }
  return shaped;
}

/** A text that may be an id, a date or one of few words: never clipped. */
const SHORT = 40;

/** The beginning of a long text, with its whole length said unless that would take as much room as the text. */
export function clipText(text: string, at: number): string {
  if (text.length <= Math.max(at, SHORT)) return text;
  const beginning = text
    .slice(0, at)
    .toWellFormed()
    .replace(/\ufffd$/, '');
  return at < SHORT ? `${beginning}…` : `${beginning}… [${text.length} characters]`;
}
