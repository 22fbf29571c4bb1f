import { closestMatch } from '../../lib/closest-match.ts';
import { inline } from '../../lib/text-format.ts';
import type { TextTable } from './parse-table.ts';
import { personColumn, plainHeader } from './person-column.ts';
import { peopleOfCell } from './profile-cells.ts';
import { sourceError } from './source-error.ts';

/** Headers by field, in lower case without spaces and marks. An earlier one wins over a later one. */
const HEADERS = {
  profileUrl: ['profileurl', 'linkedinurl', 'linkedinprofileurl', 'personlinkedinurl', 'linkedinurlpublic', 'linkedin'],
  firstName: ['firstname', 'first', 'givenname', 'forename', 'fname', 'vorname', 'prenom', 'nombre', 'voornaam'],
  lastName: [
    ...['lastname', 'last', 'surname', 'familyname', 'lname', 'nachname', 'nomdefamille', 'apellidos', 'apellido'],
    ...['cognome', 'sobrenome', 'achternaam'],
  ],
  fullName: ['fullname', 'name', 'personname', 'leadname', 'contactname', 'profilename'],
  companyName: [
    ...['companyname', 'company', 'currentcompany', 'currentcompanyname', 'companynameforemails', 'organization'],
    ...['organisation', 'employer', 'accountname', 'account', 'unternehmen', 'firma', 'entreprise', 'empresa'],
  ],
  position: [
    ...['position', 'title', 'jobtitle', 'currentjob', 'currentposition', 'currenttitle', 'currentjobtitle', 'role'],
    ...['job', 'stelle', 'poste', 'cargo'],
  ],
  location: ['location', 'personlocation', 'profilelocation', 'ort', 'ubicacion'],
  emailAddress: ['emailaddress', 'email', 'workemail', 'professionalemail', 'businessemail', 'emailpro', 'mail'],
  summary: ['summary', 'profilesummary'],
  about: ['about', 'bio'],
  companyDomain: ['companydomain', 'domain', 'companywebsite', 'website', 'companyurl'],
} as const;

/** A field that a column can fill. `fullName` is split, and `companyDomain` is only compared with the do-not-contact file. */
export type LeadField = keyof typeof HEADERS;
const FIELDS = Object.keys(HEADERS) as LeadField[];
/** What a column is mapped to that is to be left out. */
const NONE = 'none';
const CUSTOM_NAME = /^[A-Za-z0-9_]+$/;
const MAX_NAME = 60;
const MAX_LISTED = 30;

/** Which column fills which field. */
export interface LeadColumns {
  /** The index of a column by field. `profileUrl` is always there. */
  fields: ReadonlyMap<LeadField, number>;
  /** Custom fields of HeyReach by the index of their column. */
  custom: readonly { name: string; column: number }[];
  /** Names that were mended, because HeyReach takes letters, digits and `_` only. */
  mended: readonly { from: string; to: string }[];
  /** The index of the column with the id of a sender. */
  sender: number | undefined;
  /** Names of columns that fill nothing. */
  ignored: readonly string[];
}

export interface ColumnChoices {
  /** Fields of columns that the caller names. Any other field becomes a custom field, and `none` leaves a column out. */
  columns?: readonly { column: string; field: string }[] | undefined;
  senderColumn?: string | undefined;
  /** Columns that are custom fields of HeyReach already. */
  customColumns?: readonly string[] | undefined;
}

/**
 * Finds out which column fills which field: as the caller says, then by the profile URLs in the cells, then by headers.
 * @throws HeyReachError `not_sent` for a column that does not exist, and where no column has profile URLs.
 */
export function mapColumns(
  source: TextTable & { name: string },
  { columns: chosen = [], senderColumn, customColumns = [] }: ColumnChoices,
): LeadColumns {
  const { columns } = source;
  const fields = new Map<LeadField, number>();
  const custom: { name: string; column: number }[] = [];
  const mended: { from: string; to: string }[] = [];
  const taken = new Set<number>();
  const addCustom = (header: string, column: number) => {
    const name = mend(header);
    if (name !== header) mended.push({ from: header, to: name });
    custom.push({ name, column });
  };
  for (const { column, field } of chosen) {
    const index = findColumn(source, column);
    taken.add(index);
    const known = FIELDS.find((name) => name.toLowerCase() === field.trim().toLowerCase());
    if (known !== undefined) fields.set(known, index);
    else if (field.trim().toLowerCase() !== NONE) addCustom(field.trim(), index);
  }
  const sender = senderColumn === undefined ? undefined : findColumn(source, senderColumn);
  if (sender !== undefined) taken.add(sender);
  for (const name of customColumns) {
    const index = columns.indexOf(name);
    if (index < 0 || taken.has(index)) continue;
    taken.add(index);
    addCustom(name, index);
  }
  guess(source, fields, taken);
  if (!fields.has('profileUrl')) {
    throw sourceError(
      source.name,
      'has no column with LinkedIn profile URLs of people',
      `Name the column: columns [{"column": "…", "field": "profileUrl"}]. It has ${listed(columns)}.`,
    );
  }
  return { fields, custom, mended, sender, ignored: columns.filter((_, index) => !taken.has(index)) };
}

function guess(source: TextTable, fields: Map<LeadField, number>, taken: Set<number>): void {
  const headers = source.columns.map(plainHeader);
  const free = (index: number) => index >= 0 && !taken.has(index);
  for (const field of FIELDS) {
    if (fields.has(field)) continue;
    const byContent = field === 'profileUrl' ? personColumn(without(source, taken)) : undefined;
    const index = byContent ?? HEADERS[field].map((header) => headers.indexOf(header)).find(free);
    if (index === undefined) continue;
    fields.set(field, index);
    taken.add(index);
  }
}

/** The column with the people, as an import of them finds it. undefined where no column names a person. */
export function findPeople(source: TextTable, customColumns: readonly string[]): number | undefined {
  const fields = new Map<LeadField, number>();
  guess(source, fields, new Set(customColumns.map((name) => source.columns.indexOf(name))));
  const column = fields.get('profileUrl');
  const hasPeople = source.rows.some((cells) => peopleOfCell(cells[column ?? -1] ?? '').length > 0);
  return hasPeople ? column : undefined;
}

/** The table with empty cells in the columns that are taken, so that indexes stay. */
function without({ columns, rows }: TextTable, taken: ReadonlySet<number>): Pick<TextTable, 'columns' | 'rows'> {
  if (taken.size === 0) return { columns, rows };
  return { columns, rows: rows.map((cells) => cells.map((cell, index) => (taken.has(index) ? '' : cell))) };
}

/** The index of a column by its name, in any spelling where only one fits. @throws HeyReachError `not_sent` */
export function findColumn({ columns, name }: TextTable & { name: string }, header: string): number {
  const exact = columns.indexOf(header.trim());
  if (exact >= 0) return exact;
  const alike = columns.flatMap((column, index) => (plainHeader(column) === plainHeader(header) ? [index] : []));
  if (alike.length === 1) return alike[0]!;
  const shown = JSON.stringify(inline(header, MAX_NAME));
  const close = closestMatch(header, [...columns]);
  throw sourceError(
    name,
    alike.length > 1 ? `has several columns like ${shown}` : `has no column ${shown}`,
    `${close === undefined ? '' : `Did you mean ${JSON.stringify(close)}? `}It has ${listed(columns)}.`,
  );
}

function listed(columns: readonly string[]): string {
  const more = columns.length - MAX_LISTED;
  const names = columns.slice(0, MAX_LISTED).map((name) => JSON.stringify(inline(name, MAX_NAME)));
  return `the columns ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A name that HeyReach takes for a custom field. */
function mend(name: string): string {
  if (CUSTOM_NAME.test(name)) return name;
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const mended = plain.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^_+|_+$/g, '');
  return mended.slice(0, MAX_NAME) || 'field';
}
