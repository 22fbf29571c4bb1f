import { cleanText } from './clean.ts';
import type { ToolAnswer } from './define.ts';

/** The text twin of a result is at most so long, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 48_000;
const DEFAULT_CLIP = 400;

export interface ShapeOptions {
  /** Leave nothing out. */
  full: boolean;
  clipAt?: number | undefined;
}

export interface Shaped {
  structured: Record<string, unknown>;
  /** The same as compact JSON. */
  text: string;
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
  if (rows === undefined || !Array.isArray(all)) return fitWithoutRows(data);
  const whole = { ...data, ...rows.goOn?.(all.length) };
  const text = JSON.stringify(whole);
  if (Buffer.byteLength(text) <= MAX_TEXT_BYTES) return { structured: whole, text };
  return fitRows(data, rows, all);
}

function fitRows(data: Record<string, unknown>, rows: NonNullable<ToolAnswer['rows']>, all: unknown[]): Shaped {
  const last = rows.keep === 'last';
  const ordered = last ? [...all].reverse() : all;
  const attempt = (kept: number): Shaped => {
    const shown = ordered.slice(0, kept);
    const structured = {
      ...data,
      [rows.key]: last ? shown.reverse() : shown,
      ...('returned' in data ? { returned: kept } : {}),
      ...rows.goOn?.(kept),
      truncated: true,
    };
    return { structured, text: JSON.stringify(structured) };
  };
  const frame = Buffer.byteLength(attempt(0).text) + 200;
  let kept = 0;
  for (let bytes = frame; kept < all.length; kept += 1) {
    bytes += Buffer.byteLength(JSON.stringify(ordered[kept])) + 1;
    if (bytes > MAX_TEXT_BYTES) break;
  }
  const shaped = attempt(Math.max(1, kept));
  // A single row larger than the cap: its long texts are clipped, since going on has to get past it.
  return kept > 0 ? shaped : fitWithoutRows(shaped.structured);
}

/** Clips the longest texts ever shorter until the result fits. */
function fitWithoutRows(data: Record<string, unknown>): Shaped {
  let structured = data;
  let text = JSON.stringify(structured);
  for (let clipAt = 8_000; Buffer.byteLength(text) > MAX_TEXT_BYTES && clipAt > 10; clipAt = Math.floor(clipAt / 2)) {
    structured = { ...(shapeValue(data, true, clipAt) as Record<string, unknown>), truncated: true };
    text = JSON.stringify(structured);
  }
  return { structured, text };
}

function shapeValue(value: unknown, full: boolean, clipAt: number): unknown {
  if (typeof value === 'string') return clipText(cleanText(value), clipAt);
  if (Array.isArray(value)) return value.map((item) => shapeValue(item, full, clipAt));
  if (typeof value !== 'object' || value === null) return value;
  const shaped: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    if (!full && (item === null || item === '' || key === 'imageUrl')) continue;
    shaped[cleanText(key)] = shapeValue(item, full, clipAt);
  }
  return shaped;
}

/** The beginning of a long text, with its whole length said. */
export function clipText(text: string, at: number): string {
  if (text.length <= at) return text;
  return `${text
    .slice(0, at)
    .toWellFormed()
    .replace(/\ufffd$/, '')}… [${text.length} characters]`;
}
