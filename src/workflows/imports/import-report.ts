import * as z from 'zod';
import { HeyReachError } from '../../client/index.ts';
import { markOwn, outsideString } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import type { KeptTable, ResultTable } from '../../mcp/services/caller-files.ts';
import type { ChunkResult, ToolOutput } from '../../mcp/tool.ts';
import { previewJobOutputs } from '../jobs/job-answer.ts';
import { type CallOutcome, classifyRows, type ImportCounts, type Presence } from './classify-rows.ts';
import { type Decision, type ImportPlan, ROWS_PER_CALL, type RowToSend } from './import-plan.ts';

const counts = markOwn(z.record(z.string(), z.number()));

/** The fields of the result of an import. */
export const importOutput = lazy(() => ({
  target: z.string(),
  rows: z.number().describe('of the source'),
  sent: z.number(),
  added: z.number().nullable().describe('new in the target'),
  updated: z.number().nullable(),
  failed: z.number().nullable(),
  unaccounted: z.number().nullable().describe('sent, but not reported as added, updated or failed'),
  addedOrUpdated: z.number().optional().describe('rows added or updated; HeyReach does not say which'),
  recounted: z.number().optional().describe('rows of calls that were sent twice'),
  notSent: z.number().optional(),
  unknown: z.number().optional().describe('rows whose outcome is unclear'),
  refused: counts.optional(),
  skipped: counts.optional(),
  rejected: z.looseObject({ rows: z.number(), reason: outsideString }).optional(),
  listSize: z.looseObject({ before: z.number(), after: z.number(), grewBy: z.number() }).optional(),
  outcome: z
    .looseObject({ resultId: z.string(), uri: z.string(), rows: z.number(), path: z.string().optional() })
    .optional()
    .describe('CSV with a row for each row of the source'),
  ...previewJobOutputs(),
}));

/** The end of a run. */
export interface ImportEnd {
  /** Why it ended before its last call. */
  error: unknown;
}

interface ReportScope {
  target: string;
  outcomeFile: KeptTable | undefined;
  presence: Presence;
  ended: ImportEnd | undefined;
}

/** The result of an import, or what is known of it so far. */
export function reportOf(
  plan: ImportPlan,
  all: readonly ChunkResult[],
  { target, outcomeFile, presence, ended }: ReportScope,
): ToolOutput {
  const callCounts = all.map((chunkResult) => chunkResult.result as unknown as ImportCounts);
  const calls = all.map((chunkResult) => callOutcome(plan, chunkResult, presence));
  const sum = <Item>(items: readonly Item[], read: (item: Item) => number | null) =>
    items.length === 0 ? null : items.map(read).reduce((a, b) => (a === null || b === null ? null : a + b));
  const sent = sum(callCounts, (counts) => counts.sent) ?? 0;
  const [added, updated] = [sum(calls, (call) => call.added), sum(calls, (call) => call.updated)];
  const failed = sum(callCounts, (counts) => counts.failed);
  const recounted = all.filter((chunkResult, index) => chunkResult.recounted || callCounts[index]!.repeated === true);
  const rejected = all.filter((_, index) => callCounts[index]!.rejected !== undefined);
  const before = callCounts.find((counts) => counts.before !== undefined)?.before;
  const after = callCounts.find((counts) => counts.after !== undefined)?.after;
  const reached = total(all.map(({ chunk }) => rowsIn(plan, chunk)));
  const broken = brokenOutcome(ended);
  const unknown = broken === 'unknown' ? rowsIn(plan, all.length) : 0;
  const refused = broken === 'refused' ? rowsIn(plan, all.length) : 0;
  const known = added !== null && updated !== null && failed !== null;
  return {
    data: {
      target,
      rows: plan.rows.length,
      sent,
      ...{ added, updated, failed },
      unaccounted: known ? Math.max(0, sent - added - updated - failed) : null,
      ...unlessZero('addedOrUpdated', known ? (sum(calls, (call) => call.undecided) ?? 0) : 0),
      ...unlessZero('recounted', total(recounted.map(({ chunk }) => rowsIn(plan, chunk)))),
      ...unlessZero('notSent', countSendable(plan) - reached - unknown - refused),
      ...unlessZero('unknown', unknown),
      ...countDecisions(plan),
      ...(rejected.length === 0
        ? {}
        : {
            rejected: {
              rows: total(rejected.map(({ chunk }) => rowsIn(plan, chunk))),
              reason: (rejected[0]!.result as unknown as ImportCounts).rejected,
            },
          }),
      ...(before === undefined || after === undefined ? {} : { listSize: { before, after, grewBy: after - before } }),
      ...(outcomeFile === undefined
        ? {}
        : {
            outcome: {
              resultId: outcomeFile.resultId,
              uri: outcomeFile.uri,
              rows: outcomeFile.rows,
              path: outcomeFile.path,
            },
          }),
    },
    nullFields: ['added', 'updated', 'failed', 'unaccounted'],
    ...(outcomeFile === undefined ? {} : { links: [outcomeFile] }),
  };
}

/** How many rows are refused and skipped, by reason. */
export function countDecisions({ rows }: Pick<ImportPlan, 'rows'>): {
  refused?: Record<string, number>;
  skipped?: Record<string, number>;
} {
  const counts = { refused: new Map<string, number>(), skipped: new Map<string, number>() };
  for (const { decision } of rows) {
    const [kind = '', reason = ''] = decision.split(':');
    const group = kind === 'refused' || kind === 'skipped' ? counts[kind] : undefined;
    group?.set(reason, (group.get(reason) ?? 0) + 1);
  }
  return {
    ...(counts.refused.size === 0 ? {} : { refused: Object.fromEntries(counts.refused) }),
    ...(counts.skipped.size === 0 ? {} : { skipped: Object.fromEntries(counts.skipped) }),
  };
}

/** The rows that a chunk sends. */
function rowsOf({ send }: ImportPlan, chunk: number): RowToSend[] {
  return send.slice(chunk * ROWS_PER_CALL, (chunk + 1) * ROWS_PER_CALL).filter(({ lead }) => lead !== undefined);
}

function callOutcome(plan: ImportPlan, { chunk, result, recounted }: ChunkResult, presence: Presence): CallOutcome {
  const counts = result as unknown as ImportCounts;
  if (counts.rejected !== undefined) return { added: 0, updated: 0, undecided: 0, of: () => 'added_or_updated' };
  return classifyRows(rowsOf(plan, chunk), counts, { presence, isRecounted: recounted || counts.repeated === true });
}

/** The column with the members of the target before the first run. A run that goes on reads it. */
const WAS_IN_TARGET = 'wasInTarget';
const PRESENCE = new Map([
  ['yes', true],
  ['no', false],
]);

/** Who was in the target before the run that kept this table. */
export function presenceIn({ columns, rows }: ResultTable): Presence {
  const [row, wasInTarget] = [columns.indexOf('row'), columns.indexOf(WAS_IN_TARGET)];
  return new Map(
    rows.flatMap((cells): [number, boolean][] => {
      const was = PRESENCE.get(String(cells[wasInTarget]));
      return was === undefined ? [] : [[Number(cells[row]), was]];
    }),
  );
}

/**
 * What happened to each row of the source: `added`, `updated`, `added_or_updated`, `failed`, `refused:…`, `skipped:…`, `unknown`
 * or `not_sent`.
 * @param scope.ended undefined while the run goes on: then rows without a result are `pending`.
 */
export function outcomeTable(
  plan: ImportPlan,
  all: readonly ChunkResult[],
  { presence, ended }: Pick<ReportScope, 'presence' | 'ended'>,
): ResultTable {
  const byChunk = new Map(
    all.map((chunkResult) => [
      chunkResult.chunk,
      outcomesOf(chunkResult, rowsOf(plan, chunkResult.chunk).length, callOutcome(plan, chunkResult, presence)),
    ]),
  );
  const broken = brokenOutcome(ended);
  const placeOf = new Map(plan.send.map((row, index) => [row.number, { row, index }]));
  const wasInTarget = new Map([...presence].map(([number, was]) => [number, was ? 'yes' : 'no']));
  return {
    kind: 'import_leads',
    columns: ['row', 'profileUrl', 'outcome', 'note', WAS_IN_TARGET],
    rows: plan.rows.map(({ number, url, decision }) => {
      const place = placeOf.get(number);
      if (place === undefined) return [number, url, decision, '', ''];
      const cells = (outcome: string, note = '') => [number, url, outcome, note, wasInTarget.get(number) ?? ''];
      if (place.row.lead === undefined) return cells(LEFT_TARGET, 'since the import began');
      const chunk = Math.floor(place.index / ROWS_PER_CALL);
      const outcomeOf = byChunk.get(chunk);
      if (outcomeOf !== undefined) return cells(...outcomeOf(place.row));
      if (ended === undefined) return cells('pending');
      const outcome = chunk !== all.length || broken === undefined ? 'not_sent' : broken;
      return cells(outcome === 'refused' ? BY_HEYREACH : outcome);
    }),
  };
}

/** The person was in the target when the import began. */
const LEFT_TARGET = 'skipped:left_target';
const BY_HEYREACH = 'refused:by_heyreach';

/** The decision that led to an outcome. Rows that were not left out at the start were to be sent. */
export function decisionOf(outcome: string): Decision {
  const isOmitted = /^(?:skipped|refused):/.test(outcome) && outcome !== BY_HEYREACH && outcome !== LEFT_TARGET;
  return isOmitted ? (outcome as Decision) : 'send';
}

/** What became of the call after the last one with a result. */
function brokenOutcome(ended: ImportEnd | undefined): HeyReachError['outcome'] | undefined {
  return ended?.error instanceof HeyReachError ? ended.error.outcome : undefined;
}

/** The outcome of each row of a chunk, with a note. */
function outcomesOf(
  { result, recounted }: ChunkResult,
  rows: number,
  call: CallOutcome,
): (row: RowToSend) => [outcome: string, note: string] {
  const { rejected, sent, failed, added, updated, repeated } = result as unknown as ImportCounts;
  if (rejected !== undefined) return () => [BY_HEYREACH, rejected];
  if (failed !== null && failed > 0 && failed === sent) return () => ['failed', ''];
  const missing = added === null || updated === null || failed === null ? 0 : sent - added - updated;
  const notes = [
    ...(recounted || repeated ? ['recounted'] : []),
    ...(missing > 0 ? [`HeyReach counts ${missing} of the ${sent} rows of this call as neither`] : []),
    ...(missing === 0 && call.undecided > 0 && added !== null && !(recounted || repeated)
      ? [`HeyReach counts ${added} of the ${rows} rows of this call as added`]
      : []),
  ];
  return (row) => [call.of(row), notes.join('; ')];
}

function rowsIn(plan: ImportPlan, chunk: number): number {
  return rowsOf(plan, chunk).length;
}

function countSendable({ send }: ImportPlan): number {
  return send.filter(({ lead }) => lead !== undefined).length;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, count) => sum + count, 0);
}

function unlessZero<Name extends string>(name: Name, value: number): { [Key in Name]?: number } {
  return value === 0 ? {} : ({ [name]: value } as { [Key in Name]?: number });
}
