import { isBlank } from './blank-text.ts';
import { sanitizeText } from './sanitize-text.ts';
import { clipText, inline, MAX_NAME_LENGTH } from './text-format.ts';

/** Characters that look like the double quotes around a name. */
const QUOTE_MARKS =
  /["\u02ba\u02dd\u02ee\u05f4\u201c-\u201f\u00ab\u00bb\u2033\u2036\u275d\u275e\u3003\u301d-\u301f\uff02]/g;
/** Two single quotes look like a double quote. */
const SINGLE_QUOTES = /['`\u00b4\u02b9\u02bc\u2018-\u201b\u2032\u2035\uff07]{2,}/g;
/** A dash with spaces around it separates the parts of our own lines. */
const DASHES = /\s[\u2010-\u2015\u2212]\s/g;

/**
 * An outside text in double quotes, on one line. Nothing in it ends the quotation, and a markdown or HTML renderer shows it
 * as it is. A URL, a www address or an e-mail address in it gets a space, so that no client makes a link of it.
 * @returns an empty text where nothing visible is left.
 */
export function quoteName(text: string | null | undefined, maxLength?: number): string {
  const name = escapeName(text, maxLength);
  return name === '' ? '' : `"${name}"`;
}

/** As `quoteName`, without the quotes. For headings and labels that hold nothing else. */
export function escapeName(text: string | null | undefined, maxLength = MAX_NAME_LENGTH): string {
  if (isBlank(text)) return '';
  const name = replaceQuotes(inline(text, Number.POSITIVE_INFINITY))
    .replace(DASHES, ' - ')
    .replaceAll('://', ': //')
    .replace(/www\./gi, 'www .')
    .replace(/(?<=\S)@(?=\S)/g, ' @ ');
  return escapeMarkdown(clipText(name, maxLength));
}

/** One of our own texts in double quotes, on one line. Its addresses stay as they are. */
export function quoteText(text: string | null | undefined, maxLength: number): string {
  return `"${escapeMarkdown(clipText(replaceQuotes(inline(text, Number.POSITIVE_INFINITY)), maxLength))}"`;
}

/** The beginning of a text that a request or a row holds, as JSON: an error shows what it is about. */
export function quoteInput(text: string, maxLength: number): string {
  return JSON.stringify(sanitizeText(text).slice(0, maxLength));
}

/** Every character sequence that a client may render as a line break. */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/**
 * A text of several lines as a quotation. Each line begins with `>`, so that none can look like a line of ours. Markdown
 * renders the text as it is.
 */
export function quoteLines(text: string): string[] {
  return text.split(LINE_END).map((line) => {
    const escaped = escapeMarkdown(sanitizeText(line)).replace(/^[ \t]+/, (indent) => '\u00a0'.repeat(indent.length));
    return escaped === '' ? '>' : `> ${escaped.replace(BLOCK_START, '$&\\')}`;
  });
}

/** Where a line would begin a list, a heading, a quotation, a table or a rule. */
const BLOCK_START = /^(?:\d+(?=[.)](?:\s|$))|(?=[-+](?:\s|$)|#{1,6}(?:\s|$)|>|[-=:|][-=:|\s]*$))/;

/** An address or a piece of our own text whose exact characters matter. Markdown makes no link of it. */
export function literal(value: string, maxLength = MAX_LITERAL): string {
  return `\`${inline(value, maxLength).replaceAll('`', '%60')}\``;
}

const MAX_LITERAL = 2_000;

/** A status or another constant of HeyReach, quoted unless it is a plain constant. */
export function showConstant(value: string | null | undefined): string {
  return value != null && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(value) ? value : quoteName(value);
}

/** Escapes what markdown or HTML would interpret within a line. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/<(?=[a-z/!?])/gi, '&lt;')
    .replace(/[\\`*[\]~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&');
}

function replaceQuotes(text: string): string {
  return text.replace(QUOTE_MARKS, "'").replace(SINGLE_QUOTES, "'");
}
