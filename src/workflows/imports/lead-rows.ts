import { isBlank, trimInvisible } from '../../lib/blank-text.ts';
import { identityOf } from '../../lib/linkedin-url.ts';
import { isMissingValue } from '../../lib/placeholder.ts';
import { type LeadRow, rejectReasonOf } from '../leads/lead-input.ts';
import type { LeadColumns, LeadField } from '../sources/lead-columns.ts';
import { peopleOfCell } from '../sources/profile-cells.ts';
import type { Source } from '../sources/read-source.ts';
import { cleanName, splitName } from './clean-name.ts';

const MAX_TEXT = 5_000;
const MAX_NAME = 500;

/** Why a row cannot be sent. HeyReach would drop it or reject its call. */
export type RowRejection =
  | 'no_url'
  | 'company_or_pub_url'
  | 'bad_url'
  | 'several_people'
  | 'no_first_name'
  | 'no_last_name'
  | 'placeholder'
  | 'too_long'
  | 'unknown_sender';

/** A row of a source as a lead. */
export interface SourceRow {
  /** Counted from 1, below the header. */
  number: number;
  /** The profile URL as it is in its cell, or a cell that does not name one person. */
  url: string;
  /** Equal for rows of the same person. Undefined for a cell that names no person. */
  identity: string | undefined;
  lead: LeadRow;
  companyDomain: string | undefined;
  /** The cell with the sender. */
  sender: string | undefined;
  cells: readonly string[];
}

/** The rows of a source, and how their names were changed. */
export interface SourceRows {
  rows: SourceRow[];
  /** Rows whose names had emoji or titles. */
  cleanedNames: number;
  /** Rows whose full name was split. */
  splitNames: number;
  /** Split full names with more than two words. */
  longNames: number;
}

/** Reads the rows of a source as leads. Cells of columns without a field are left out. */
export function readLeadRows({ rows }: Source, columns: LeadColumns): SourceRows {
  const counts = { cleanedNames: 0, splitNames: 0, longNames: 0 };
  return {
    rows: rows.map((cells, index) => {
      const cell = (field: LeadField) => textOf(cells[columns.fields.get(field) ?? -1]);
      const value = (field: LeadField) => unlessMissing(cell(field));
      const names = namesOf(cell, counts);
      const personCell = cell('profileUrl') ?? '';
      const people = peopleOfCell(personCell);
      const url = people.length === 1 ? people[0]! : personCell;
      const custom = columns.custom.flatMap(({ name, column }) => {
        const cellText = unlessMissing(textOf(cells[column]));
        return cellText === undefined ? [] : [{ name, value: cellText }];
      });
      const lead: LeadRow = {
        profileUrl: url,
        ...names,
        ...optionalField('location', value('location')),
        ...optionalField('summary', value('summary')),
        ...optionalField('companyName', value('companyName')),
        ...optionalField('position', value('position')),
        ...optionalField('about', value('about')),
        ...optionalField('emailAddress', value('emailAddress')),
        ...(custom.length === 0 ? {} : { customUserFields: custom }),
      };
      return {
        number: index + 1,
        url,
        identity: identityOf(url),
        lead,
        companyDomain: value('companyDomain'),
        sender: columns.sender === undefined ? undefined : textOf(cells[columns.sender]),
        cells,
      };
    }),
    ...counts,
  };
}

/** Why a row cannot be sent. @param needsNames false where the names come from HeyReach. */
export function rowRejectionOf({ url, identity, lead }: SourceRow, needsNames: boolean): RowRejection | undefined {
  if (isBlank(url)) return 'no_url';
  // The names of a row fit one person only.
  if (identity === undefined && peopleOfCell(url).length > 1) return 'several_people';
  if (identity === undefined)
    return /\/(?:company|school|pub|showcase)\//i.test(url) ? 'company_or_pub_url' : 'bad_url';
  if (needsNames && isBlank(lead.firstName)) return 'no_first_name';
  if (needsNames && isBlank(lead.lastName)) return 'no_last_name';
  if (isTooLong(lead)) return 'too_long';
  const named = needsNames ? lead : { ...lead, firstName: 'Ada', lastName: 'Example' };
  return rejectReasonOf(named) === undefined ? undefined : 'placeholder';
}

function isTooLong({
  firstName = '',
  lastName = '',
  summary = '',
  about = '',
  customUserFields = [],
  ...lead
}: LeadRow) {
  const short = [firstName, lastName, lead.location, lead.companyName, lead.position, lead.emailAddress];
  const long = [summary, about, ...customUserFields.map(({ value }) => value)];
  return short.some((text = '') => text.length > MAX_NAME) || long.some((text) => text.length > MAX_TEXT);
}

function namesOf(cell: (field: LeadField) => string | undefined, counts: Omit<SourceRows, 'rows'>) {
  let [firstName, lastName] = [cell('firstName'), cell('lastName')];
  const fullName = cell('fullName');
  if (fullName !== undefined && (firstName === undefined || lastName === undefined)) {
    const { first, last, words } = splitName(clean(fullName, counts));
    counts.splitNames += 1;
    if (words > 2) counts.longNames += 1;
    firstName ??= first;
    lastName ??= last;
    return { ...optionalField('firstName', firstName), ...optionalField('lastName', lastName) };
  }
  const before = counts.cleanedNames;
  const names = {
    ...optionalField('firstName', firstName && clean(firstName, counts)),
    ...optionalField('lastName', lastName && clean(lastName, counts)),
  };
  counts.cleanedNames = Math.min(counts.cleanedNames, before + 1);
  return names;
}

function clean(name: string, counts: { cleanedNames: number }): string {
  const cleaned = cleanName(name.slice(0, MAX_NAME + 1));
  if (cleaned !== name.replace(/\s+/g, ' ')) counts.cleanedNames += 1;
  return cleaned;
}

function textOf(cell: string | undefined): string | undefined {
  const text = trimInvisible(cell ?? '');
  return text === '' ? undefined : text;
}

/** Programs write `N/A` into a cell without a value. */
function unlessMissing(text: string | undefined): string | undefined {
  return text === undefined || isMissingValue(text) ? undefined : text;
}

function optionalField<Name extends string>(name: Name, value: string | undefined): { [Key in Name]?: string } {
  return value === undefined || value === '' ? {} : ({ [name]: value } as { [Key in Name]?: string });
}
