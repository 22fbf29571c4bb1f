import { canonicalProfileUrl, identityOf, profileUrlOf, shortProfileUrl } from '../../lib/linkedin-url.ts';
import { inline } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { type PersonRow, readPeople } from '../leads/person-rows.ts';
import { readListPeople } from '../people-index/list-people.ts';
import type { IndexSource } from '../people-index/source.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import { assertListType } from '../shared/list-type.ts';
import { tableOfProfiles } from '../sources/heyreach-source.ts';
import { findPeople } from '../sources/lead-columns.ts';
import { peopleInOtherColumns } from '../sources/people-in-other-columns.ts';
import { peopleOfCell } from '../sources/profile-cells.ts';
import { readSource, type SourceInput } from '../sources/read-source.ts';
import { sourceError } from '../sources/source-error.ts';
import { type LeadCells, leadCells } from './lead-cells.ts';
import type { PersonToCheck } from './read-contacts.ts';
import { noteOfUnreadable } from './uncheckable-note.ts';

const MAX_SHOWN = 80;

/** Where the people of a check come from: exactly one of these. */
export interface PeopleInput extends SourceInput {
  profileUrls?: readonly PersonRow[] | undefined;
}

/** A person of a check, by comparison key. */
export interface CheckedPerson extends PersonToCheck {
  key: string;
  /** The cells of `leadColumns`. Absent where the source has none. */
  lead?: readonly string[] | undefined;
  /** Of the row that names the person. */
  index: number;
  /** The slug where tools take it back, otherwise the URL. */
  shown: string;
}

export interface CheckedPeople {
  people: CheckedPerson[];
  /** What the source knows of people besides their URLs, such as `firstName`. */
  leadColumns: LeadCells['columns'];
  /** Rows that name no one. */
  unreadable: { index: number; given: string; note: string }[];
  /** Rows that name a person of an earlier row. */
  duplicates: number;
  incomplete: MissingPart[];
}

/** Reads the people of a check. @throws HeyReachError where their source cannot be read, or names no one. */
export async function readContactPeople(
  { profileUrls, ...input }: PeopleInput,
  source: IndexSource,
  context: ToolContext,
): Promise<CheckedPeople> {
  if (profileUrls !== undefined) return peopleOf(profileUrls);
  if (input.fromListId !== undefined) return membersOf(input.fromListId, source, context);
  const table = await readSource(input, context);
  const { name, rows, incomplete } = table;
  const column = findPeople(table, table.customColumns);
  if (column === undefined) {
    const nextStep = 'Use a table with a column of LinkedIn profile URLs, or one URL a line.';
    const kind = input.fromCampaignId === undefined ? 'invalid_input' : 'not_found';
    throw sourceError(name, 'has no column with profile URLs of people', nextStep, kind);
  }
  const named = rows.flatMap((cells, at) => {
    const cell = cells[column] ?? '';
    const people = peopleOfCell(cell);
    return (people.length === 0 ? [cell] : people).map((row) => ({ at, row }));
  });
  const checked = peopleOf(
    named.map(({ row }) =>
      identityOf(row) === undefined ? { given: inline(row, MAX_SHOWN), rejected: 'names no one' } : row,
    ),
  );
  const rowOf = <Entry extends { index: number }>(entry: Entry) => ({ ...entry, index: named[entry.index]!.at });
  const { columns: leadColumns, cellsOf } = leadCells(table);
  const isGiven = input.text !== undefined || input.file !== undefined;
  return {
    ...checked,
    people: checked.people.map(rowOf).map((person) => ({ ...person, lead: cellsOf(rows[person.index] ?? []) })),
    unreadable: checked.unreadable.map(rowOf),
    leadColumns,
    incomplete: [...incomplete, ...(isGiven ? peopleInOtherColumns(table, column) : [])],
  };
}

function peopleOf(rows: readonly PersonRow[]): CheckedPeople {
  const { people, others } = readPeople(rows);
  return {
    people: people.map(({ index, url, shown }) => {
      return { key: identityOf(url) ?? url, index, shown, url: canonicalProfileUrl(url), memberId: undefined };
    }),
    unreadable: others.flatMap(({ index, person, outcome }) =>
      outcome === 'refused' ? [{ index, given: person, note: noteOfUnreadable(person) }] : [],
    ),
    duplicates: others.filter(({ outcome }) => outcome === 'duplicate').length,
    leadColumns: [],
    incomplete: [],
  };
}

/** The members of a list, as an index keeps them for ten minutes. */
async function membersOf(listId: number, source: IndexSource, context: ToolContext): Promise<CheckedPeople> {
  const { idByKey, profileByKey, incomplete } = await readListPeople(listId, source);
  if (idByKey.size === 0 && incomplete.length === 0) await assertListType(listId, 'USER_LIST', context);
  const table = tableOfProfiles([...idByKey.keys()].map((key) => profileByKey.get(key) ?? {}));
  const { columns: leadColumns, cellsOf } = leadCells({ ...table, name: `list ${listId}` });
  const people = [...idByKey].map(([key, memberId], index): CheckedPerson => {
    const url = urlOf(key);
    const shown = shortProfileUrl(url) || url || key;
    return { key, index, shown, url, memberId: memberId || undefined, lead: cellsOf(table.rows[index] ?? []) };
  });
  return { people, unreadable: [], duplicates: 0, leadColumns, incomplete };
}

/** The URL of a comparison key. Empty for a key of a member id. */
function urlOf(key: string): string {
  const name = key.slice(key.indexOf('/') + 1);
  if (key.startsWith('in/')) return profileUrlOf(name);
  return key.startsWith('sales/') ? `https://www.linkedin.com/sales/lead/${encodeURIComponent(name)}` : '';
}
