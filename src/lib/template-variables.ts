import { lazy } from './lazy.ts';
import { isPlaceholder } from './placeholder.ts';

const SINGLE = /^\{\s*([\w.-]+)\s*\}$/;
const DOUBLE = /^\{\{\s*([\w.-]+)\s*\}\}$/;
/** Every form in which templates mark a place to fill in. */
const placePattern = lazy(
  () =>
    /\$?\{\{[^{}]{0,80}\}\}|[$#]\{[^{}]{0,80}\}|\{[^{}|]{1,80}\}|\[\[[^[\]]{1,60}\]\]|\[(?=\s*\p{L})[^[\]\n]{1,60}\](?!\()|<(?=\p{L})[^<>\n/:@.]{1,40}>|%{1,2}(?=[A-Z_]*_|[a-z]+[A-Z_])[A-Za-z_]{3,40}%{1,2}|\*\|[^|\n]{1,40}\|\*/gu,
);
/** Words of unfinished drafts. Not a part of a word, such as MÉTODO. */
const draftWords = lazy(
  () =>
    /(?<![\p{L}\p{M}\p{N}_])(?:TODO|FIXME|[Ll][Oo][Rr][Ee][Mm] [Ii][Pp][Ss][Uu][Mm]|TBD|XXX+)(?![\p{L}\p{M}\p{N}_])/gu,
);
/** Words that can be meant. TODO is "everything" in Spanish and Portuguese. */
const DOUBTFUL_WORD = /^(?:TODO|TBD|X+)$/;
/** A TODO that only an author writes: `TODO:`, `TODO(name)`, `(TODO)`, `[pitch TODO]`, or alone on a line. */
const certainTodo = lazy(
  () =>
    /(?<![\p{L}\p{M}\p{N}_])TODO[:(]|[({]\s*TODO\s*[)}]|\[(?:[^[\]\n]*[^\p{L}\p{M}\p{N}_[\]\n])?TODO(?![\p{L}\p{M}\p{N}_])[^[\]\n]*\](?!\()|<(?:[^<>\n]*[^\p{L}\p{M}\p{N}_<>\n])?TODO(?![\p{L}\p{M}\p{N}_])[^<>\n]*>|^[^\S\n]*TODO[^\S\n]*$/mu,
);
/** A place in one pair of brackets, which no template syntax uses. */
const BRACKETED = /^(?:\[[^[].*|<.*)$/s;

/** A place in a text that looks as if something should be filled in. */
export interface TemplatePlace {
  /** The place as it is written: `{FIRST_NAME}`, `[First Name]`, `TODO`. */
  place: string;
  /**
   * `single`: `{NAME}`, which HeyReach's editor writes. `double`: `{{name}}`, which HeyReach's blog writes. `draft`: a note of
   * the author, such as `[insert pitch]`. `foreign`: any other form.
   */
  kind: 'single' | 'double' | 'draft' | 'foreign';
  /** The name of a variable. Empty for the other two kinds. */
  name: string;
}

/** The places in a text that look as if something should be filled in, each once: `{FIRST_NAME}`, `[First Name]`. */
export function placesToFill(text: string): string[] {
  return [...new Set([...text.matchAll(placePattern())].map(([place]) => place))];
}

/** The places in a text with their kinds, each once, with the words of unfinished drafts. */
export function readPlaces(text: string): TemplatePlace[] {
  const words = new Set([...text.matchAll(draftWords())].map(([word]) => word));
  return [
    ...placesToFill(text).map(readPlace),
    ...[...words].map((place): TemplatePlace => ({ place, kind: kindOfWord(place, text), name: '' })),
  ];
}

function kindOfWord(word: string, text: string): 'draft' | 'foreign' {
  if (word === 'TODO' && certainTodo().test(text)) return 'draft';
  return DOUBTFUL_WORD.test(word) ? 'foreign' : 'draft';
}

function readPlace(place: string): TemplatePlace {
  const single = SINGLE.exec(place)?.[1];
  if (single !== undefined) return { place, kind: 'single', name: single };
  const double = DOUBLE.exec(place)?.[1];
  if (double !== undefined) return { place, kind: 'double', name: double };
  return { place, kind: BRACKETED.test(place) && isPlaceholder(place) ? 'draft' : 'foreign', name: '' };
}

/** Replaces each `{NAME}` of a text. */
export function replaceVariables(text: string, fill: (name: string, place: string) => string): string {
  return text.replace(placePattern(), (place) => {
    const name = SINGLE.exec(place)?.[1];
    return name === undefined ? place : fill(name, place);
  });
}

/** Whether a text has a brace without its partner next to a name. */
export function hasUnclosedBrace(text: string): boolean {
  const rest = text.replaceAll(/\{\{?[^{}]*\}?\}/g, '');
  return /\{[A-Za-z_]/.test(rest) || /[A-Za-z_]\}/.test(rest);
}
