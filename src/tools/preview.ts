import { cleanText } from './clean.ts';
import { clipText } from './shape.ts';

/** What a call would do, read afresh, for whoever has to allow it. */
export interface Preview {
  /** What would be done, as a question that yes or no answers. */
  question: string;
  /** Plain sentences: from whom, to whom, the exact text, what moves, what is lost. */
  lines: string[];
  /** What speaks against it or is easily overlooked. */
  warnings: string[];
  /** The same for programs. */
  facts: Record<string, unknown>;
  /**
   * What the answer is bound to: if any of it is another when the call is made, it is not made. Nothing that changes by
   * itself, such as the counters of a running campaign.
   */
  binds: unknown;
}

/** A preview as a result carries it. */
export interface ShownPreview extends Record<string, unknown> {
  text: string;
}

/** Rows that a preview shows of many. */
export const SHOWN_ROWS = 20;
const LONGEST_NAME = 120;

/** No preview takes more room than this, in bytes of UTF-8; the longest message to send does not come near. */
const MAX_BYTES = 44_000;
const MAX_WARNINGS = 40;

/** The whole preview in plain words, a line each. */
export function previewText({ question, lines, warnings }: Preview): string {
  const all = [question, ...lines, ...shownWarnings(warnings).map((warning) => `Warning: ${warning}`)].map(oneLine);
  const kept: string[] = [];
  let bytes = 0;
  for (const line of all) {
    bytes += Buffer.byteLength(JSON.stringify(line));
    if (bytes > MAX_BYTES) return [...kept, `(${all.length - kept.length} more lines are left off)`].join('\n');
    kept.push(line);
  }
  return kept.join('\n');
}

/** A preview as structured content: its text and its facts, the facts left out where they would not fit beside it. */
export function showPreview(preview: Preview): ShownPreview {
  const text = previewText(preview);
  const warnings = shownWarnings(preview.warnings);
  const shown = cleanFacts({ ...preview.facts, ...(warnings.length === 0 ? {} : { warnings }) });
  const whole = { text, ...(shown as Record<string, unknown>) };
  return Buffer.byteLength(JSON.stringify(whole)) > MAX_BYTES ? { text, truncated: true } : whole;
}

/** Whatever is in a line, it stays one. */
function oneLine(line: string): string {
  return cleanText(line).replace(/[\n\r\v\f\u0085\u2028\u2029]+/g, ' ');
}

function shownWarnings(warnings: readonly string[]): string[] {
  const more = warnings.length - MAX_WARNINGS;
  return more > 0 ? [...warnings.slice(0, MAX_WARNINGS), `and ${more} more.`] : [...warnings];
}

function cleanFacts(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanFacts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cleanFacts(item)]));
}

/** A name or the like in one line of a preview, so that no text from outside can pass for a line of ours. */
export function inline(text: string | null | undefined, most = LONGEST_NAME): string {
  return clipText(
    cleanText(text ?? '')
      .replace(/\s+/g, ' ')
      .trim(),
    most,
  );
}

/** The first rows as lines, and how many more there are. */
export function rowLines(rows: readonly string[], total = rows.length): string[] {
  const shown = rows.slice(0, SHOWN_ROWS).map((row) => `- ${row}`);
  return total > shown.length ? [...shown, `- and ${total - shown.length} more`] : shown;
}

/** `1 lead`, `2 leads`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
