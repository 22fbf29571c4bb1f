import { z } from 'zod';
import { type CallOptions, HeyReachError } from '../client/index.ts';
import { type AddedCounts, outsideString } from '../client/operations/fields.ts';
import { type CallsReport, sendInCalls, toRanges } from './calls.ts';
import type { ToolAnswer, ToolContext } from './define.ts';
import { faultOf, identityOf, type LeadRow } from './lead-input.ts';

export const range = z.looseObject({ from: z.number(), to: z.number() });

/** The account of every row that was given: each index is in exactly one of the groups. */
export const addLeadsOutput = z.looseObject({
  given: z.number(),
  sent: z.number().describe('rows HeyReach took in'),
  sentRanges: z.array(range).describe('their indexes'),
  refused: z.array(
    z.looseObject({
      index: z.number(),
      reason: outsideString,
      also: z.array(range).optional().describe('further rows refused for it, when they are many'),
    }),
  ),
  duplicates: z.array(z.looseObject({ index: z.number(), of: z.number() })),
  notSent: z.array(range).describe('index ranges that never left'),
  unknown: z.array(range).describe('index ranges whose outcome is unclear'),
  added: z.number().nullable().describe("HeyReach's count"),
  updated: z.number().nullable(),
  failed: z.number().nullable(),
  unaccounted: z.number().nullable().describe('sent, but in none of the three counts'),
  recounted: z
    .number()
    .optional()
    .describe('rows of calls repeated after a lost answer: added and updated may be mixed'),
  nextStep: z.string().optional(),
});

export interface AddLeadsJob {
  rows: LeadRow[];
  /** The last call also resumes the campaign, which a second one might do against somebody's will. */
  resumes?: boolean;
  /** Sends up to 100 rows by their index. @returns the API's counts; the retired routes say one number, or nothing. */
  send(indexes: number[], isLast: boolean, call: CallOptions): Promise<AddedCounts | number | undefined>;
}

/**
 * Adds leads in calls of 100 and accounts for every row. Rows that HeyReach would drop in silence are refused here, and a
 * profile given twice is sent once.
 */
export async function addLeads(job: AddLeadsJob, context: ToolContext): Promise<ToolAnswer> {
  const { refused, duplicates, good } = sortRows(job.rows);
  const report = await sendInCalls(good, job.send, context);
  const reason = `HeyReach refused the call: ${report.error?.message}`;
  refused.push(...report.refused.map((index) => ({ index, reason })));
  const sent = report.accepted.flatMap(({ indexes }) => indexes);
  const counts = sumCounts(report);
  const account = {
    given: job.rows.length,
    sent: sent.length,
    sentRanges: toRanges(sent),
    refused: condense(refused.sort((a, b) => a.index - b.index)),
    duplicates,
    notSent: toRanges(report.notSent),
    unknown: toRanges(report.unknown),
    ...counts,
    unaccounted: unaccountedOf(counts, sent.length),
  };
  const nextStep = adviseOn(report, sent.length, account.unaccounted, job.resumes ?? false);
  const answer: ToolAnswer = { data: { ...account, ...(nextStep === '' ? {} : { nextStep }) } };
  return sent.length > 0
    ? { ...answer, partly: report.error }
    : { ...answer, error: report.error ?? nothingSent(refused, report.notSent.length > 0) };
}

export interface Refused {
  index: number;
  reason: string;
}

/** Tells the rows that can be sent from those that HeyReach would drop in silence, and from those that stand there twice. */
export function sortRows(rows: LeadRow[]) {
  const refused: Refused[] = [];
  const duplicates: { index: number; of: number }[] = [];
  const good: number[] = [];
  const first = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const reason = faultOf(row);
    const of = first.get(identityOf(row));
    if (reason !== undefined) refused.push({ index, reason });
    else if (of !== undefined) duplicates.push({ index, of });
    else {
      first.set(identityOf(row), index);
      good.push(index);
    }
  }
  return { refused, duplicates, good };
}

/** More refused rows than this are told by their reasons, so that a thousand of them fit into an answer. */
const MANY_REFUSED = 300;

function condense(refused: Refused[]): (Refused & { also?: { from: number; to: number }[] })[] {
  if (refused.length <= MANY_REFUSED) return refused;
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

/** HeyReach's own counts, added up; a sum with an unknown part is unknown. */
function sumCounts({ accepted }: CallsReport<AddedCounts | number | undefined>): Counts {
  const sum = (read: (counts: AddedCounts) => number | null | undefined) =>
    accepted.reduce<number | null>(
      (total, { answer }) => {
        const value = read(typeof answer === 'number' ? { addedLeadsCount: answer } : (answer ?? {}));
        return total === null || typeof value !== 'number' ? null : total + value;
      },
      // Where no call was accepted HeyReach counted nothing, which is not the same as having counted none.
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

function unaccountedOf({ added, updated, failed }: Counts, sent: number): number | null {
  return added === null || updated === null || failed === null ? null : sent - added - updated - failed;
}

function adviseOn(report: CallsReport<unknown>, sent: number, unaccounted: number | null, resumes: boolean): string {
  const steps: string[] = [];
  if (report.error !== undefined && sent > 0) steps.push(`A call failed: ${report.error.message.replace(/\.$/, '')}.`);
  if (report.unknown.length > 0) {
    const again = 'leads that are there already are updated, not added twice.';
    steps.push(
      resumes
        ? `Read the status with get_campaign, then give the rows under unknown again without the resume flags (${again.slice(0, -1)}); resume only if it is still wanted.`
        : `Give the rows under unknown again: ${again}`,
    );
  }
  if (report.notSent.length > 0) steps.push('Give the rows under notSent again.');
  if (report.accepted.some(({ repeated }) => repeated)) {
    steps.push('recounted rows went twice after a lost answer: do not trust how they split into added and updated.');
  }
  if (unaccounted !== null && unaccounted > 0) {
    steps.push('HeyReach dropped the unaccounted rows without saying which; read the leads back to find them.');
  }
  return steps.join(' ');
}

/** Reasons that the error of an add without a single good row names. */
const NAMED_REASONS = 5;

/** The error of an add of which no row went. */
export function nothingSent(refused: Refused[], wasCancelled = false): HeyReachError {
  const isRefused = refused.length > 0 && !wasCancelled;
  const reasons = refused.slice(0, NAMED_REASONS).map(({ index, reason }) => `row ${index}: ${reason}`);
  const others = refused.length - reasons.length;
  return new HeyReachError({
    kind: isRefused ? 'invalid_input' : 'cancelled',
    outcome: 'not_sent',
    message: isRefused
      ? `No row could be sent; ${reasons.join('; ')}${others === 0 ? '' : `; and ${others} more`}`
      : 'Cancelled before anything was sent',
    meaning: 'Nothing left this machine.',
    nextStep: isRefused ? 'Mend the rows and call again.' : 'Call again when it is wanted.',
  });
}
