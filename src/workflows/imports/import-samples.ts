import { quoteName } from '../../lib/outside-text.ts';
import type { LeadRow } from '../leads/lead-input.ts';
import { peopleOfCell } from '../sources/profile-cells.ts';
import type { ImportPlan } from './import-plan.ts';

const SAMPLES = 2;
const MAX_SAMPLE = 40;
const MAX_NAMES = 25;
const SAMPLED_LEADS = 5;

/** The columns that are sent, each with the field that it fills and two of its values. */
export function columnLines({ columns, header, samples }: ImportPlan): string[] {
  const lineOf = (column: number, field: string) => {
    const shownOf = (cell: string) =>
      column === columns.fields.get('profileUrl') ? (peopleOfCell(cell)[0] ?? cell) : cell;
    const values = samples.map((cells) => shownOf(cells[column] ?? '')).filter((cell) => cell.trim() !== '');
    const shown = [...new Set(values)].slice(0, SAMPLES).map((value) => quoteName(short(value), MAX_SAMPLE));
    return `- ${quoteName(header[column], MAX_SAMPLE)} as ${field}${shown.length === 0 ? '' : `, such as ${shown.join(', ')}`}`;
  };
  const notSent = (field: string) => (field === 'companyDomain' ? `${field} (only compared, not sent)` : field);
  return [
    'Columns:',
    ...[...columns.fields].map(([field, column]) => lineOf(column, notSent(field))),
    ...columns.custom.map(({ name, column }) => lineOf(column, `custom field ${name}`)),
    ...(columns.sender === undefined ? [] : [lineOf(columns.sender, 'sender')]),
  ];
}

/** The names of columns that are left out. */
export function ignoredLine({ columns: { ignored } }: ImportPlan): string[] {
  if (ignored.length === 0) return [];
  const names = ignored.slice(0, MAX_NAMES).map((name) => quoteName(name, MAX_SAMPLE));
  const more = ignored.length - names.length;
  return [`Columns left out: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`];
}

/** A few of the people as they would be sent. Where full names were split, with both names. */
export function leadLines({ send, names }: ImportPlan): string[] {
  const leads = send.flatMap(({ lead }) => lead ?? []);
  const lines = leads.slice(0, SAMPLED_LEADS).map((lead) => `- ${leadLine(lead, names.splitNames > 0)}`);
  const more = leads.length - lines.length;
  return ['The first people:', ...lines, ...(more > 0 ? [`- and ${more} more`] : [])];
}

/** A profile URL from its path on. */
function short(value: string): string {
  return value.replace(/^\s*(?:https?:\/\/)?(?:[a-z0-9-]+\.)?linkedin\.com\//i, '');
}

function leadLine(
  { firstName, lastName, position, companyName, profileUrl, customUserFields = [] }: LeadRow,
  isSplit: boolean,
): string {
  const named = isSplit
    ? `first name ${quoteName(firstName, MAX_SAMPLE)}, last name ${quoteName(lastName, MAX_SAMPLE)}`
    : quoteName(`${firstName ?? ''} ${lastName ?? ''}`, MAX_SAMPLE);
  const parts = [
    named,
    quoteName(position, MAX_SAMPLE),
    quoteName(companyName, MAX_SAMPLE),
    quoteName(short(profileUrl ?? ''), MAX_SAMPLE),
    ...customUserFields.slice(0, SAMPLES).map(({ name, value }) => `${name} ${quoteName(value, MAX_SAMPLE)}`),
  ];
  return parts.filter((part) => part !== '').join(', ');
}
