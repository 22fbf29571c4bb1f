import * as z from 'zod';
import { type CallOptions, HeyReachError } from '../../client/index.ts';
import { type AddedCounts, outsideString } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import { quoteText } from '../../lib/outside-text.ts';
import type { ToolContext, ToolOutput } from '../../mcp/tool.ts';
import type { DoNotContact } from '../../safety/do-not-contact.ts';
import { identityOf, type LeadRow, rejectReasonOf } from '../../workflows/leads/lead-input.ts';
import { type BatchReport, sendInCalls, toRanges } from './batch-calls.ts';

export const range = lazy(() => z.looseObject({ from: z.number(), to: z.number() }));

/** Accounts for every row: each index is in exactly one of the groups. */
export const addLeadsOutput = lazy(() =>
  z.looseObject({
    given: z.number(),
    sent: z.number().describe('rows HeyReach accepted'),
    sentRanges: z.array(range()).describe('their indexes'),
    refused: z.array(
      z.looseObject({
        index: z.number(),
        reason: outsideString,
        also: z.array(range()).optional().describe('further rows with this reason, when there are many'),
      }),
    ),
    duplicates: z.array(z.looseObject({ index: z.number(), of: z.number() })),
    notSent: z.array(range()).describe('index ranges that were not sent'),
    unknown: z.array(range()).describe('index ranges whose outcome is unclear'),
    added: z.number().nullable().describe("HeyReach's count"),
    updated: z.number().nullable(),
    failed: z.number().nullable(),
    unaccounted: z.number().nullable().describe('sent, but not reported as added, updated or failed'),
    recounted: z
      .number()
      .optional()
      .describe('rows of calls repeated after a lost response: added and updated may be mixed'),
    nextStep: z.string().optional(),
  }),
);

type AddResponse = AddedCounts | number | undefined;

/** The rows of an add, and how to send some of them. */
export interface AddLeadsTask {
  rows: LeadRow[];
  /** The last call also resumes the campaign. Repeating it could resume a campaign that a person paused since. */
  resumes?: boolean;
  /** Sends up to 100 rows by index. @returns HeyReach's counts. The retired routes return one number or nothing. */
  send(indexes: number[], isLast: boolean, call: CallOptions): Promise<AddResponse>;
}

/**
 * Adds leads in calls of 100 and accounts for every row. Rows that HeyReach would silently drop are rejected here. A profile in
 * several rows is sent once.
 */
export async function addLeads(task: AddLeadsTask, context: ToolContext): Promise<ToolOutput> {
  const { refused, duplicates, valid } = partitionRows(task.rows, context.doNotContact);
  const report = await sendInCalls(valid, task.send, context);
  const reason = `HeyReach rejected the call: ${report.error?.message}`;
  refused.push(...report.refused.map((index) => ({ index, reason })));
  const sent = report.accepted.flatMap(({ indexes }) => indexes);
  const counts = sumCounts(report);
  const account = {
    given: task.rows.length,
    sent: sent.length,
    sentRanges: toRanges(sent),
    refused: condense(refused.sort((a, b) => a.index - b.index)),
    duplicates,
    notSent: toRanges(report.notSent),
    unknown: toRanges(report.unknown),
    ...counts,
    unaccounted: unaccountedOf(counts, sent.length),
  };
  const nextStep = nextStepOf(report, sent.length, account.unaccounted, task.resumes ?? false);
  const output: ToolOutput = { data: { ...account, ...(nextStep === '' ? {} : { nextStep }) } };
  return sent.length > 0
    ? { ...output, partialFailure: report.error }
    : { ...output, error: report.error ?? nothingSentError(refused, report.notSent.length > 0) };
}

/** A row that is not sent. `index` counts from 0 in the arguments. */
export interface RejectedRow {
  index: number;
  reason: string;
}

/** Separates rows that can be sent from rows that HeyReach would drop, from people not to contact and from repeated people. */
export function partitionRows(rows: LeadRow[], doNotContact: DoNotContact | undefined) {
  const refused: RejectedRow[] = [];
  const duplicates: { index: number; of: number }[] = [];
  const valid: number[] = [];
  const firstIndexes = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const reason = rejectReasonOf(row) ?? notContacted(row, doNotContact);
    const of = firstIndexes.get(identityOf(row));
    if (reason !== undefined) refused.push({ index, reason });
    else if (of !== undefined) duplicates.push({ index, of });
    else {
      firstIndexes.set(identityOf(row), index);
      valid.push(index);
    }
  }
  return { refused, duplicates, valid };
}

const MAX_ENTRY = 200;
/** How the reason of a row begins whose person is on the list. */
export const DO_NOT_CONTACT = 'the do-not-contact list of this server';

function notContacted(row: LeadRow, doNotContact: DoNotContact | undefined): string | undefined {
  const entry = doNotContact?.find(row);
  return entry === undefined ? undefined : `${DO_NOT_CONTACT} has ${quoteText(entry, MAX_ENTRY)}`;
}

/** Above this number rejected rows are grouped by reason, so that a thousand of them fit into a result. */
const MAX_LISTED_ROWS = 300;

function condense(refused: RejectedRow[]): (RejectedRow & { also?: { from: number; to: number }[] })[] {
  if (refused.length <= MAX_LISTED_ROWS) return refused;
  const byReason = new Map<string, number[]>();
  for (const { index, reason } of refused) byReason.set(reason, [...(byReason.get(reason) ?? []), index]);
  return [...byReason].map(([reason, [index = 0, ...others]]) => ({
    index,
    reason,
    ...(others.length === 0 ? {} : { also: toRanges(others) }),
  }));
}

interface Counts {
  added: number | null;
  updated: number | null;
  failed: number | null;
  recounted?: number;
}

/** The sums of HeyReach's counts. A sum with an unknown part is unknown. */
function sumCounts({ accepted }: BatchReport<AddResponse>): Counts {
  const sum = (read: (counts: AddedCounts) => number | null | undefined) =>
    accepted.reduce<number | null>(
      (total, { response }) => {
        const value = read(typeof response === 'number' ? { addedLeadsCount: response } : (response ?? {}));
        return total === null || typeof value !== 'number' ? null : total + value;
      },
      // Without an accepted call there is no count, which is not the same as a count of 0.
      accepted.length === 0 ? null : 0,
    );
  const recounted = accepted.reduce((rows, { indexes, repeated }) => rows + (repeated ? indexes.length : 0), 0);
  return {
    added: sum((counts) => counts.addedLeadsCount),
    updated: sum((counts) => counts.updatedLeadsCount),
    failed: sum((counts) => counts.failedLeadsCount),
    ...(recounted === 0 ? {} : { recounted }),
  };
}

/** HeyReach may count more rows than it was sent. Then no row is missing. */
function unaccountedOf({ added, updated, failed }: Counts, sent: number): number | null {
  if (added === null || updated === null || failed === null) return null;
  return Math.max(0, sent - added - updated - failed);
}

function nextStepOf(report: BatchReport<unknown>, sent: number, unaccounted: number | null, resumes: boolean): string {
  const steps: string[] = [];
  if (report.error !== undefined && sent > 0) steps.push(`A call failed: ${report.error.message.replace(/\.$/, '')}.`);
  if (report.unknown.length > 0) {
    steps.push(
      resumes
        ? 'Read the status with get_campaign. Then call again with the rows in unknown, without the resume flags. Resume only if that is still intended.'
        : 'Call again with the rows in unknown.',
      'Leads that were already added are updated, not added twice.',
    );
  }
  if (report.notSent.length > 0) steps.push('Call again with the rows in notSent.');
  if (report.accepted.some(({ repeated }) => repeated)) {
    steps.push('The recounted rows were sent twice after a lost response, so added and updated may be mixed.');
  }
  if (unaccounted !== null && unaccounted > 0) {
    steps.push('HeyReach dropped the unaccounted rows without naming them. List the leads to find them.');
  }
  return steps.join(' ');
}

/** How many rejected rows an error names. */
const MAX_NAMED_ROWS = 5;

/** The error of an add that sent no row. */
export function nothingSentError(refused: RejectedRow[], wasCancelled = false): HeyReachError {
  const isRefused = refused.length > 0 && !wasCancelled;
  const reasons = refused.slice(0, MAX_NAMED_ROWS).map(({ index, reason }) => `row ${index}: ${reason}`);
  const others = refused.length - reasons.length;
  return new HeyReachError({
    kind: isRefused ? 'invalid_input' : 'cancelled',
    outcome: 'not_sent',
    message: isRefused
      ? `No row can be sent; ${reasons.join('; ')}${others === 0 ? '' : `; and ${others} more`}`
      : 'Cancelled before anything was sent',
    meaning: 'Nothing was sent.',
    nextStep: isRefused ? 'Correct the rows and call again.' : 'Call again if the rows should still be added.',
  });
}
