import { sanitizeText } from './sanitize-text.ts';

/** How many rows of a list a preview shows. */
export const SHOWN_ROWS = 20;

/** Characters of a name in a line. A longer name is clipped. */
export const MAX_NAME_LENGTH = 120;

/** A text on one line, so that outside text cannot look like another line of the preview. */
export function inline(text: string | null | undefined, maxLength = MAX_NAME_LENGTH): string {
  return clipText(
    sanitizeText(text ?? '')
      .replace(/\s+/g, ' ')
      .trim(),
    maxLength,
  );
}

/** Equal for texts that differ only in case, composition or spaces. */
export function foldText(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** First and last name, as far as they are known. Empty for a person without a name. */
export function fullName(person: PersonName | null | undefined): string {
  return [person?.firstName, person?.lastName].filter(Boolean).join(' ');
}

interface PersonName {
  firstName?: string | null | undefined;
  lastName?: string | null | undefined;
}

/** The first rows as lines, then the number of further rows. */
export function rowLines(rows: readonly string[], total = rows.length, maxRows = SHOWN_ROWS): string[] {
  const shown = rows.slice(0, maxRows).map((row) => `- ${row}`);
  return total > shown.length ? [...shown, `- and ${total - shown.length} more`] : shown;
}

/** `1 lead`, `2 leads`. */
export function countNoun(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** Texts up to this length are never clipped: ids, dates and the like. */
const MAX_UNCLIPPED = 40;

/** The beginning of a long text and its full length. A very short clip omits the length, which would be as long as the text. */
export function clipText(text: string, at: number): string {
  if (text.length <= Math.max(at, MAX_UNCLIPPED)) return text;
  const beginning = text
    .slice(0, at)
    .toWellFormed()
    .replace(/\ufffd$/, '');
  return at < MAX_UNCLIPPED ? `${beginning}…` : `${beginning}… [${text.length} characters]`;
}

/** The lines if the condition holds, otherwise none. */
export function linesIf(condition: boolean, ...lines: string[]): string[] {
  return condition ? lines : [];
}
