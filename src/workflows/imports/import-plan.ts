import { digest } from '../../lib/json.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import type { LeadRow } from '../leads/lead-input.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import { type LeadColumns, mapColumns } from '../sources/lead-columns.ts';
import { peopleInOtherColumns } from '../sources/people-in-other-columns.ts';
import { readSource, type Source, type SourceInput } from '../sources/read-source.ts';
import { sourceError } from '../sources/source-error.ts';
import { DEFAULT_SKIPS, type OwnTarget, readSkips, type Skip } from './import-skips.ts';
import { type RowRejection, readLeadRows, rowRejectionOf, type SourceRow, type SourceRows } from './lead-rows.ts';
import { type Condition, compileConditions } from './row-conditions.ts';
import { readUpdates } from './update-rows.ts';

/** How rows become leads. */
export interface ImportInput extends SourceInput {
  columns?: readonly { column: string; field: string }[] | undefined;
  where?: readonly Condition[] | undefined;
  skip?: readonly Skip[] | undefined;
  mode: 'add' | 'update';
  senderColumn?: string | undefined;
  max?: number | undefined;
}

/** Why a row is not sent, besides what the workspace knows of the person. */
type Omission = 'filtered' | 'duplicate' | 'over_max' | 'not_in_target' | 'nothing_to_update';
/** What happens with a row. */
export type Decision = 'send' | `refused:${RowRejection}` | `skipped:${Skip | Omission}`;

/** A row of the source. `number` counts from 1, without the header. */
export interface PlannedRow {
  number: number;
  url: string;
  decision: Decision;
}

/** A row that is sent. */
export interface RowToSend {
  number: number;
  /** The comparison key of the person. */
  identity: string | undefined;
  /** undefined for a person that left the target since the job began. */
  lead: LeadRow | undefined;
  /** The sender that it is pinned to. */
  linkedInAccountId?: number | undefined;
}

/** What an import does with each row. */
export interface ImportPlan {
  source: Pick<Source, 'name' | 'digest' | 'incomplete' | 'tooLong'>;
  columns: LeadColumns;
  /** The names of the columns of the source, and its first rows with a person. */
  header: readonly string[];
  samples: readonly (readonly string[])[];
  /** Every row, in the order of the source. */
  rows: PlannedRow[];
  send: RowToSend[];
  /** Only people of the target are sent. */
  isUpdate: boolean;
  names: Omit<SourceRows, 'rows'>;
  /** The senders that the target does not have, with how many rows name each. */
  unknownSenders: ReadonlyMap<string, number>;
  /** Rows to send of which a comparison could not be made. */
  unread: number;
  incomplete: MissingPart[];
  /** Everything that decides which rows are sent, and how. */
  digest: string;
}

/** The target of an import, as far as its rows depend on it. */
export interface TargetScope extends OwnTarget {
  /** The ids of senders by the texts that can name them. Any sender outside of it is unknown. */
  senderOf(text: string): number | undefined;
  /** The list with the people of the target. undefined for a list that does not exist yet. */
  membersOf: number | undefined;
}

const SAMPLE_ROWS = 50;
/** HeyReach takes 100 leads a call. */
export const ROWS_PER_CALL = 100;

/**
 * Decides what happens with each row of a source.
 * @param decided the rows to send of an earlier run, by number. What the workspace knows is then not asked again.
 * @throws HeyReachError `not_sent`
 */
export async function planImport(
  input: ImportInput,
  target: TargetScope,
  context: ToolContext,
  decided?: ReadonlyMap<number, Decision>,
): Promise<ImportPlan> {
  const source = await readSource(input, context);
  const { columns: chosen, senderColumn, mode } = input;
  const columns = mapColumns(source, { columns: chosen, senderColumn, customColumns: source.customColumns });
  if (mode === 'update' && columns.custom.length === 0) {
    throw sourceError(
      source.name,
      'fills no custom field',
      'Name one in columns: mode update sends custom fields only.',
    );
  }
  const { rows: all, ...names } = readLeadRows(source, columns);
  const isGiven = input.text !== undefined || input.file !== undefined;
  const leftOut = isGiven ? peopleInOtherColumns(source, columns.fields.get('profileUrl')!) : [];
  const decisions = new Map<number, Decision>();
  const candidates = decided === undefined ? sift(all, input, { source, columns, target }, decisions) : [];
  for (const [number, decision] of decided ?? []) decisions.set(number, decision);
  const skips = await readSkips(
    candidates,
    { skip: mode === 'update' ? onlyStops(input.skip ?? DEFAULT_SKIPS) : (input.skip ?? DEFAULT_SKIPS), own: target },
    context,
  );
  for (const row of candidates) {
    const reason = skips.reasonOf(row);
    if (reason !== undefined) decisions.set(row.number, `skipped:${reason}`);
  }
  const open = all.filter(({ number }) => (decisions.get(number) ?? 'send') === 'send');
  const updates = mode === 'update' ? await readUpdates(open, target.membersOf, context) : undefined;
  const send: RowToSend[] = [];
  const isOver = () => decided === undefined && send.length >= (input.max ?? Number.POSITIVE_INFINITY);
  for (const row of open) {
    const { lead, omission } = updates === undefined ? { lead: row.lead } : updates(row);
    // A job that is resumed keeps its rows, and so its chunks.
    if (omission !== undefined && decided === undefined) decisions.set(row.number, `skipped:${omission}`);
    else if (isOver()) decisions.set(row.number, 'skipped:over_max');
    else send.push(toSend(row, lead, target));
  }
  const unknownSenders = new Map<string, number>();
  for (const { number, sender = '' } of all) {
    if (decisions.get(number) !== 'refused:unknown_sender') continue;
    unknownSenders.set(sender, (unknownSenders.get(sender) ?? 0) + 1);
  }
  const sent = new Set(send.map(({ number }) => number));
  return {
    source,
    columns,
    header: source.columns,
    samples: source.rows.slice(0, SAMPLE_ROWS),
    rows: all.map(({ number, url }) => ({ number, url, decision: decisions.get(number) ?? 'send' })),
    send,
    isUpdate: mode === 'update',
    names,
    unknownSenders,
    unread: candidates.filter((row) => sent.has(row.number) && skips.isUnread(row)).length,
    incomplete: [...source.incomplete, ...leftOut, ...skips.incomplete],
    digest: digest([source.digest, [...columns.fields], columns.custom, columns.sender, mode, [...sent]]),
  };
}

/** An update contacts no one, so what matters of people is whether they may be touched at all. */
function onlyStops(skip: readonly Skip[]): readonly Skip[] {
  return skip.filter((reason) => reason === 'do_not_contact' || reason === 'blacklisted');
}

interface Sieve {
  source: Source;
  columns: LeadColumns;
  target: TargetScope;
}

/** Leaves out rows that need no look at the workspace. */
function sift(
  rows: readonly SourceRow[],
  { where = [], mode }: ImportInput,
  { source, columns, target }: Sieve,
  decisions: Map<number, Decision>,
): SourceRow[] {
  const isWanted = compileConditions(where, source, columns);
  const seen = new Set<string>();
  return rows.filter((row) => {
    const decide = (decision: Decision) => {
      decisions.set(row.number, decision);
      return false;
    };
    if (!isWanted(row.cells)) return decide('skipped:filtered');
    const rejection = rowRejectionOf(row, mode === 'add');
    if (rejection !== undefined) return decide(`refused:${rejection}`);
    if (row.sender !== undefined && target.senderOf(row.sender) === undefined) return decide('refused:unknown_sender');
    if (seen.has(row.identity ?? '')) return decide('skipped:duplicate');
    seen.add(row.identity ?? '');
    return true;
  });
}

function toSend({ number, identity, sender }: SourceRow, lead: LeadRow | undefined, target: TargetScope): RowToSend {
  const linkedInAccountId = sender === undefined ? undefined : target.senderOf(sender);
  return { number, identity, lead, ...(linkedInAccountId === undefined ? {} : { linkedInAccountId }) };
}
