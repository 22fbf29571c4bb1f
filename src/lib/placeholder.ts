import { trimInvisible } from './blank-text.ts';

/** What programs and spreadsheets write where a value is missing. */
const MISSING_VALUE = /^[([<]?(?:undefined|n\/a|n\.a\.|#n\/a|\[?object object\]?)[\])>]?$/i;
/** The errors of spreadsheets, such as `#REF!`. */
const SPREADSHEET_ERROR = /^#(?:ref|value|name|div\/0|num|null|error|spill|calc|getting_data)[!?]?$/i;
/** Words of programs that are names of people and things too. */
const PROGRAM_WORD = /^[([<]?(?:null|none|nil|nan|na)[\])>]?$/i;
/** The program words that no name is spelt like. */
const PROGRAM_SPELLING = /^(?:null|NULL|NaN|[([<](?:null|none|nil|nan)[\])>])$/;
const SPELT_AS_NAME = /^[A-Z][a-z]+$/;

/** A template that no program filled in: `{{slug}}`, `${VAR}`, `{FIRST_NAME}`, `%NAME%`, `*|FNAME|*`, `__NAME__`, `[[name]]`. */
const TEMPLATE =
  /^(?:\$?\{\{[^{}]*(?:\}\})?|[^{}]*\}\}|[$#@]?\{[^{}]*\}|%{1,2}[ \w.-]*[a-z][ \w.-]*%{1,2}|\*\|[^|]*\|\*|__\w+__|\[\[[^\]]*\]\]|<%.*%>|<<[^<>]*>>)$/is;
/** Characters that a name, an id or an address holds only where a template was not filled in. */
const PART_OF_TEMPLATE = /[{}]|<%|\*\||^\$[a-z_]|^%.*%$/i;
const BRACKETED = /^(?:\[.*\]|<.*>)$/s;
/** `[First Name]` or `<your company>`. A list may be named `[VIP]`. */
const FIELD_WORD =
  /\b(?:(?:first|last|full)[ _-]?name|your|their|insert|name|company|title|position|e-?mail|url|slug|profile|field|value|variable|placeholder|text|message)\b/i;
const FIELD_NAME = /^(?:first|last|full)[ _-]?name$/i;

/** Whether a text is only what a program or a spreadsheet writes for a missing value. */
export function isMissingValue(text: string): boolean {
  const value = trimInvisible(text);
  return MISSING_VALUE.test(value) || SPREADSHEET_ERROR.test(value) || PROGRAM_SPELLING.test(value);
}

/** Whether a text is only a stand-in for a value that no program filled in. */
export function isPlaceholder(text: string): boolean {
  const value = trimInvisible(text);
  return (
    isMissingValue(value) ||
    TEMPLATE.test(value) ||
    (BRACKETED.test(value) && FIELD_WORD.test(value.replaceAll('_', ' ')))
  );
}

/** Whether the id, slug or e-mail address of a person is a stand-in. Here program words count in any spelling. */
export function isIdPlaceholder(text: string): boolean {
  const value = trimInvisible(text);
  const isWord = PROGRAM_WORD.test(value) || /^(?:true|false)$/i.test(value);
  return isWord || isPlaceholder(value) || PART_OF_TEMPLATE.test(value) || BRACKETED.test(value);
}

/**
 * Whether a name is a stand-in. Null, None, Nan, Nil and Na are surnames too. With one capital letter they count as a name,
 * except Null and None as a first name.
 */
export function isNamePlaceholder(text: string, part: 'firstName' | 'lastName'): boolean {
  const value = trimInvisible(text);
  if (isProgramWord(value)) {
    return !SPELT_AS_NAME.test(value) || (part === 'firstName' && /^(?:null|none)$/i.test(value));
  }
  return isPlaceholder(value) || PART_OF_TEMPLATE.test(value) || BRACKETED.test(value) || FIELD_NAME.test(value);
}

/** Whether a text is a word of programs that can also be a name, such as `null`. */
export function isProgramWord(text: string): boolean {
  return PROGRAM_WORD.test(trimInvisible(text));
}
