import { sanitizeText } from '../../lib/sanitize-text.ts';
import { rowLines, SHOWN_ROWS } from '../../lib/text-format.ts';

/** What a call would do, in the current state, for the person who confirms it. */
export interface Preview {
  /** What would be done, as a yes-or-no question. */
  question: string;
  /** Plain sentences: from whom, to whom, the exact text, what moves, what is lost. */
  lines: string[];
  /** Reasons against the call, and facts that are easily overlooked. */
  warnings: string[];
  /** The people of the call. They come after the facts that matter for the decision. */
  people?: string[];
  /** The same for programs. */
  facts: Record<string, unknown>;
  /**
   * The state that the confirmation is bound to: if it has changed when the call is made, the call is rejected. It must
   * leave out what changes by itself, such as the counters of a running campaign.
   */
  boundState: unknown;
  /**
   * Who checks the preview. `agent`: the call reaches no one, so the model calls again by itself, with a token in every client.
   * Default: a person.
   */
  audience?: 'agent';
}

/** A preview in a result. */
export interface ShownPreview extends Record<string, unknown> {
  text: string;
}

/** The most that a preview may have, in bytes of UTF-8. The longest message is far shorter. */
const MAX_BYTES = 44_000;
const MAX_WARNINGS = 40;

/** The preview as text: the most important facts first, the people last. Markdown renders each line as a line of its own. */
export function previewText({ question, lines, warnings, people = [] }: Preview): string {
  const warned = shownWarnings(warnings).map((warning) => oneLine(`Warning: ${warning}`));
  const head = oneLine(question);
  const budget = MAX_BYTES - sizeOf([head, ...warned]);
  const keptLines = firstWithin(lines.map(oneLine), budget);
  const keptPeople = firstWithin(people.map(oneLine), budget - sizeOf(keptLines));
  return [head, ...keptLines, ...warned, ...keptPeople].reduce(
    (text, line) => `${text}${separatorOf(text, line)}${line}`,
  );
}

/** The first lines that fit. A long text never displaces a warning. */
function firstWithin(lines: string[], maxBytes: number): string[] {
  let count = lines.length;
  for (let bytes = sizeOf(lines); bytes > maxBytes && count > 0; count -= 1) bytes -= sizeOf([lines[count - 1]!]);
  const omitted = lines.length - count;
  return omitted === 0 ? lines : [...lines.slice(0, count), `(${omitted} more lines are omitted)`];
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((bytes, line) => bytes + Buffer.byteLength(JSON.stringify(line)), 0);
}

/** Rows of a list follow each other. Two spaces keep the lines of a quotation apart, and a blank line everything else. */
function separatorOf(before: string, line: string): string {
  if (line.startsWith('- ')) return '\n';
  const isQuotation = (text: string) => text.startsWith('>');
  return isQuotation(line) && isQuotation(before.slice(before.lastIndexOf('\n') + 1)) ? '  \n' : '\n\n';
}

/** A preview as structured content: its text, and its facts unless both together are too large. */
export function showPreview(preview: Preview): ShownPreview {
  const text = previewText(preview);
  const warnings = shownWarnings(preview.warnings);
  const shown = cleanFacts({ ...preview.facts, ...(warnings.length === 0 ? {} : { warnings }) });
  const whole = { text, ...(shown as Record<string, unknown>) };
  return Buffer.byteLength(JSON.stringify(whole)) > MAX_BYTES ? { text, truncated: true } : whole;
}

/** Line breaks in outside text must not start a line of the preview. */
function oneLine(line: string): string {
  return sanitizeText(line).replace(/[\n\r\v\f\u0085\u2028\u2029]+/g, ' ');
}

function shownWarnings(warnings: readonly string[]): string[] {
  const more = warnings.length - MAX_WARNINGS;
  return more > 0 ? [...warnings.slice(0, MAX_WARNINGS), `and ${more} more.`] : [...warnings];
}

function cleanFacts(value: unknown): unknown {
  if (typeof value === 'string') return sanitizeText(value);
  if (Array.isArray(value)) return value.map(cleanFacts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cleanFacts(item)]));
}

/** A heading with the first of its rows. */
export function titled(title: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [`${title}: none`] : [`${title}: ${rows.length}`, ...rowLines(rows)];
}

/** The first warnings, and how many more there are. */
export function fewWarnings(warnings: readonly string[]): string[] {
  const more = warnings.length - SHOWN_ROWS;
  return more <= 0 ? [...warnings] : [...warnings.slice(0, SHOWN_ROWS), `There are ${more} more warnings.`];
}
