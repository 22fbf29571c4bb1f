import { escapeName } from '../../lib/outside-text.ts';
import { countNoun, inline, linesIf, SHOWN_ROWS } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { leftOutUrls, peopleRows, SHOWN_PEOPLE, showPerson } from '../../views/people.ts';
import type { LeadRow } from '../../workflows/leads/lead-input.ts';
import { type ListMembers, profileKey } from '../lists/shared/list-members.ts';
import { DO_NOT_CONTACT, nothingSentError, partitionRows, type RejectedRow } from './add-leads.ts';

/** How many rejected rows a warning names. */
const MAX_NAMED_ROWS = 5;
const MAX_REASON_LENGTH = 250;
const MAX_FIELDS_LENGTH = 300;
/** The parts of a row that its line shows. */
const SHOWN_FIELDS = ['profileUrl', 'firstName', 'lastName', 'companyName', 'customUserFields'];

/** The rows of an add, apart from the target. */
export interface AddRows {
  /** Indexes of the rows that would be sent. */
  valid: number[];
  refused: RejectedRow[];
  duplicates: number;
}

/** The rows of an add as a preview shows them. */
export interface RowsShown {
  /** `Add 3 people and update 2 in`, in front of the target. */
  action: string;
  /** What is added and updated. */
  lines: string[];
  people: string[];
  warnings: string[];
  facts: Record<string, unknown>;
}

/**
 * Which rows of an add would be sent.
 * @throws HeyReachError `not_sent` if no row can be sent, because there is nothing to confirm.
 */
export function readAddRows(rows: LeadRow[], { doNotContact }: Pick<ToolContext, 'doNotContact'>): AddRows {
  const { valid, refused, duplicates } = partitionRows(rows, doNotContact);
  if (valid.length === 0) throw nothingSentError(refused);
  return { valid, refused, duplicates: duplicates.length };
}

/** The people that an add would send. */
export function peopleOf(rows: LeadRow[], { valid }: AddRows): LeadRow[] {
  return valid.map((index) => rows[index]!);
}

interface Target {
  /** The people in the target. undefined when they could not be read. */
  members: ListMembers | undefined;
  /** The sender that a row is pinned to, if any. */
  pinOf?: (index: number) => number | undefined;
}

/** Shows who would be added, who would be updated, and which rows would not be sent. */
export function showRows(rows: LeadRow[], read: AddRows, { members, pinOf = () => undefined }: Target): RowsShown {
  const { valid, refused, duplicates } = read;
  const isMember = (index: number) => members?.byKey.has(profileKey(rows[index]!.profileUrl ?? '') ?? '') === true;
  const updated = valid.filter(isMember).length;
  const added = valid.length - updated;
  const shown = valid.slice(0, SHOWN_PEOPLE).map((index) => {
    const pin = pinOf(index);
    const notes = [pin === undefined ? '' : `from LinkedIn account ${pin}`, isMember(index) ? 'already in it' : ''];
    return { ...showPerson(rows[index]!), pin, note: notes.filter(Boolean).join(', ') };
  });
  return {
    action: actionOf(added, updated),
    lines: [
      `People to add: ${added} of ${countNoun(rows.length, 'row')}`,
      ...linesIf(updated > 0, `People to update, because they are in it already: ${updated}`),
      ...fieldLines(peopleOf(rows, read)),
    ],
    people: [
      'People:',
      ...peopleRows(
        shown.map(({ line, note }) => (note === '' ? line : `${line}, ${note}`)),
        valid.length,
      ),
    ],
    warnings: [
      ...linesIf(
        members?.isAll !== true,
        'Not all people in it could be read. HeyReach updates those who are in it already.',
      ),
      ...linesIf(refused.length > 0, rejectedWarning(refused)),
      ...linesIf(
        duplicates > 0,
        `Rows that repeat a person: ${duplicates}. Only the first row of each person is sent.`,
      ),
      ...leftOutUrls(shown.filter(({ isUrlLeftOut }) => isUrlLeftOut).length),
    ],
    facts: {
      given: rows.length,
      toSend: valid.length,
      toUpdate: members === undefined ? null : updated,
      refused: refused.length,
      duplicates,
      people: shown.map(({ facts, pin }) => (pin === undefined ? facts : { ...facts, linkedInAccountId: pin })),
      refusedRows: refused
        .slice(0, SHOWN_ROWS)
        .map(({ index, reason }) => ({ index, reason: inline(reason, MAX_REASON_LENGTH) })),
    },
  };
}

function actionOf(added: number, updated: number): string {
  const people = (count: number) => countNoun(count, 'person', 'people');
  if (updated === 0) return `Add ${people(added)} to`;
  return added === 0 ? `Update ${people(updated)} in` : `Add ${people(added)} and update ${updated} in`;
}

/** The fields that are sent along, besides those in the lines of the people. */
function fieldLines(rows: readonly LeadRow[]): string[] {
  const fieldNames = new Set(
    rows.flatMap((row) => Object.keys(row).filter((name) => row[name as keyof LeadRow] != null)),
  );
  const others = [...fieldNames].filter((name) => !SHOWN_FIELDS.includes(name));
  const custom = new Set(rows.flatMap((row) => row.customUserFields?.map(({ name }) => name) ?? []));
  return [
    ...linesIf(others.length > 0, `Also sent for them: ${others.join(', ')}`),
    ...linesIf(
      custom.size > 0,
      `Custom fields that messages can use: ${escapeName([...custom].join(', '), MAX_FIELDS_LENGTH)}`,
    ),
  ];
}

function rejectedWarning(refused: readonly RejectedRow[]): string {
  const named = refused
    .slice(0, MAX_NAMED_ROWS)
    .map(({ index, reason }) => `row ${index} (${escapeName(reason, MAX_REASON_LENGTH)})`);
  const others = refused.length - named.length;
  const rows = [...named, ...linesIf(others > 0, `and ${others} more`)];
  const isByHeyReach = refused.every(({ reason }) => !reason.startsWith(DO_NOT_CONTACT));
  const why = isByHeyReach ? ', because HeyReach would drop or reject them' : '';
  return `Rows not sent${why}: ${refused.length}, ${rows.join(', ')}.`;
}
