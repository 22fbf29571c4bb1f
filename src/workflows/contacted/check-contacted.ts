import type { Cell as FileCell, ResultTable } from '../../mcp/services/caller-files.ts';
import type { ToolContext, ToolOutput } from '../../mcp/tool.ts';
import { CHECKS, type ContactCheck } from '../people-index/index-starts.ts';
import { maxRequestsOf, openIndex } from '../people-index/open-index.ts';
import { incompleteIf, joinSameReasons } from '../shared/incomplete.ts';
import { type Cell, type Table, toTable } from '../shared/table.ts';
import { type CheckedPeople, type PeopleInput, readContactPeople } from './contact-people.ts';
import { type ContactRow, countContacts, countUnknown, countVerdicts } from './count-contacts.ts';
import { readContacts } from './read-contacts.ts';
import { verdictNoteOf } from './uncheckable-note.ts';
import { VERDICTS, verdictOf } from './verdict.ts';

/** Ids in a cell. The file has all of them. */
const MAX_IDS = 5;

export interface ContactedRequest extends PeopleInput {
  checks?: readonly ContactCheck[] | undefined;
  /** Fetch the campaigns of each person. */
  exact: boolean;
  output: 'rows' | 'file';
  limit: number;
}

/** Finds out what the workspace has had to do with people. @throws HeyReachError where the people cannot be read. */
export async function checkContacted(request: ContactedRequest, context: ToolContext): Promise<ToolOutput> {
  const began = performance.now();
  const source = await openIndex(context);
  const checked = await readContactPeople(request, source, context);
  const checks = CHECKS.filter((check) => request.checks === undefined || request.checks.includes(check));
  const scope = { checks, isExact: request.exact, maxRequests: maxRequestsOf(context.call) };
  const contacts = await readContacts(new Map(checked.people.map((person) => [person.key, person])), source, scope);
  const rows = [
    ...checked.people.map(({ key, index, shown, url, lead }): ContactRow => {
      const personContacts = contacts.byPerson.get(key)!;
      return { index, shown, url: url || key, contacts: personContacts, verdict: verdictOf(personContacts), lead };
    }),
    ...checked.unreadable.map(
      ({ index, given: text, note }): ContactRow => ({ index, shown: text, url: text, verdict: 'uncheckable', note }),
    ),
  ].sort((a, b) => a.index - b.index);
  const shown = request.output === 'file' ? [] : firstRows(rows, request.limit);
  const keptFile = shown.length < rows.length ? await context.files.keep(fileOf(rows, checked.leadColumns)) : undefined;
  return {
    data: {
      asked: rows.length,
      ...(checked.duplicates === 0 ? {} : { duplicates: checked.duplicates }),
      unknown: countUnknown(rows),
      verdicts: countVerdicts(rows),
      counts: countContacts(rows, checks),
      plan: {
        way: contacts.way,
        requests: source.requests(),
        seconds: Math.round((performance.now() - began) / 1_000),
        age: contacts.age,
      },
      ...(request.output === 'file' ? {} : toTable(shown, columnsOf(shown))),
      ...(request.output === 'file' ? {} : { campaigns: campaignsOf(shown) }),
      ...(keptFile === undefined ? {} : { resultId: keptFile.resultId, file: keptFile.path ?? keptFile.uri }),
      ...incompleteIf(joinSameReasons([...checked.incomplete, ...contacts.incomplete])),
    },
    ...(keptFile === undefined ? {} : { links: [keptFile] }),
  };
}

/** The rows that a result has room for: those that are not clear come first, in their order. */
function firstRows(rows: readonly ContactRow[], limit: number): ContactRow[] {
  if (rows.length <= limit) return [...rows];
  const byVerdict = VERDICTS.flatMap((verdict) => rows.filter((row) => row.verdict === verdict));
  return byVerdict.slice(0, limit);
}

const campaignIdsOf = ({ contacts }: ContactRow) => (contacts?.campaigns ?? []).map(({ campaignId }) => campaignId);
const listIdsOf = ({ contacts }: ContactRow) => [...(contacts?.lists ?? [])];
const sendersOf = ({ contacts }: ContactRow) => [
  ...new Set((contacts?.conversations ?? []).map(({ linkedInAccountId }) => linkedInAccountId)),
];

const COLUMNS = {
  index: ({ index }: ContactRow) => index,
  person: ({ shown }: ContactRow) => shown,
  verdict: ({ verdict }: ContactRow) => verdict,
  campaignIds: (row: ContactRow) => campaignIdsOf(row).slice(0, MAX_IDS),
  listIds: (row: ContactRow) => listIdsOf(row).slice(0, MAX_IDS),
  linkedInAccountIds: (row: ContactRow) => sendersOf(row).slice(0, MAX_IDS),
};

/** The columns of a result. Rows that could not be checked say why. */
function columnsOf(shown: readonly ContactRow[]): Record<string, (row: ContactRow) => Cell> {
  return shown.some((row) => verdictNoteOf(row) !== undefined) ? { ...COLUMNS, note: verdictNoteOf } : COLUMNS;
}

const FILE_COLUMNS: Record<string, (row: ContactRow) => FileCell> = {
  row: ({ index }) => index,
  profileUrl: ({ url }) => url,
  verdict: ({ verdict }) => verdict,
  campaignIds: (row) => campaignIdsOf(row).join(' '),
  listIds: (row) => listIdsOf(row).join(' '),
  linkedInAccountIds: (row) => sendersOf(row).join(' '),
};

/** All rows, with what the source knows of each person, so that import_leads can take them. */
function fileOf(rows: readonly ContactRow[], leadColumns: CheckedPeople['leadColumns']): ResultTable {
  const hasNotes = rows.some((row) => verdictNoteOf(row) !== undefined);
  const own = Object.entries(hasNotes ? { ...FILE_COLUMNS, verdictNote: verdictNoteOf } : FILE_COLUMNS);
  // A custom field of the same name would be read in place of the own column.
  const isTaken = (name: string) => own.some(([taken]) => taken.toLowerCase() === name.toLowerCase());
  const further = leadColumns.flatMap(({ name, isCustom }, at) => (isTaken(name) ? [] : [{ name, isCustom, at }]));
  return {
    kind: 'check_contacted',
    columns: [...own.map(([name]) => name), ...further.map(({ name }) => name)],
    rows: rows.map((row) => [...own.map(([, cell]) => cell(row)), ...further.map(({ at }) => row.lead?.[at] ?? '')]),
    customColumns: further.filter(({ isCustom }) => isCustom).map(({ name }) => name),
  };
}

/** The campaigns of the shown people. */
function campaignsOf(shown: readonly ContactRow[]): Table {
  const memberships = shown.flatMap(({ contacts }) => (contacts?.campaigns ?? []).slice(0, MAX_IDS));
  const campaigns = new Map(memberships.map((membership) => [membership.campaignId, membership]));
  return toTable([...campaigns.values()], {
    campaignId: ({ campaignId }) => campaignId,
    name: ({ name }) => name,
    status: ({ status }) => status,
  });
}
