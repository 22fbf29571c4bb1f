import { z } from 'zod';
import type { CallOptions } from '../client/index.ts';
import { HeyReachError } from '../client/index.ts';
import type { AddedCounts } from '../client/operations/fields.ts';
import type { ToolAnswer, ToolContext } from './define.ts';
import { faultOf, identityOf, type LeadRow } from './lead-input.ts';

const ROWS_PER_CALL = 100;

const range = z.looseObject({ from: z.number(), to: z.number() });

/** The account of every row that was given: each index is in exactly one of the groups. */
export const addLeadsOutput = z.looseObject({
  given: z.number(),
  sent: z.number().describe('rows HeyReach accepted for processing'),
  sentRanges: z.array(range).describe('their indexes'),
  refused: z.array(z.looseObject({ index: z.number(), reason: z.string() })),
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
    .describe('rows of calls repeated after a lost answer: added and updated may be mixed up'),
  nextStep: z.string().optional(),
});

export interface AddLeadsJob {
  rows: LeadRow[];
  /** Sends up to 100 rows by their index. @returns the API's counts, or one number from the retired routes. */
  send(indexes: number[], isLast: boolean, call: CallOptions): Promise<AddedCounts | number>;
}

/**
 * Adds leads in calls of 100 and accounts for every row. Rows that HeyReach would drop in silence are refused here, a
 * profile given twice is sent once; after a call that fails nothing more is sent.
 */
export async function addLeads(job: AddLeadsJob, context: ToolContext): Promise<ToolAnswer> {
  const { refused, duplicates, good } = sortRows(job.rows);
  const calls = chunk(good, ROWS_PER_CALL);
  const sent: number[] = [];
  const unknown: number[] = [];
  const notSent: number[] = [];
  const tally = newTally();
  let error: HeyReachError | undefined;
  for (const [place, indexes] of calls.entries()) {
    if (error !== undefined || context.call.signal?.aborted) {
      notSent.push(...indexes);
      continue;
    }
    let attempts = 1;
    const observe: CallOptions['observe'] = (report) => {
      attempts = report.attempt;
      context.call.observe?.(report);
    };
    try {
      const answer = await job.send(indexes, place === calls.length - 1, { ...context.call, observe });
      sent.push(...indexes);
      count(tally, answer, indexes.length, attempts > 1);
    } catch (caught) {
      if (!(caught instanceof HeyReachError)) throw caught;
      error = caught;
      if (caught.outcome === 'unknown') unknown.push(...indexes);
      else if (caught.outcome === 'not_sent') notSent.push(...indexes);
      else for (const index of indexes) refused.push({ index, reason: `HeyReach refused the call: ${caught.message}` });
    }
    await context.progress(place + 1, calls.length, `${sent.length} of ${good.length} leads sent`);
  }
  const data = {
    given: job.rows.length,
    sent: sent.length,
    sentRanges: toRanges(sent),
    refused: refused.sort((a, b) => a.index - b.index),
    duplicates,
    notSent: toRanges(notSent),
    unknown: toRanges(unknown),
    added: tally.added,
    updated: tally.updated,
    failed: tally.failed,
    unaccounted: unaccountedOf(tally, sent.length),
    ...(tally.recounted === 0 ? {} : { recounted: tally.recounted }),
  };
  const nextStep = adviseOn({ ...data, error, good: good.length });
  const answer: ToolAnswer = { data: { ...data, ...(nextStep === undefined ? {} : { nextStep }) } };
  if (sent.length > 0) return answer;
  return { ...answer, error: error ?? nothingToSend(refused) };
}

function sortRows(rows: LeadRow[]) {
  const refused: { index: number; reason: string }[] = [];
  const duplicates: { index: number; of: number }[] = [];
  const good: number[] = [];
  const first = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    const reason = faultOf(row);
    const identity = identityOf(row);
    const of = first.get(identity);
    if (reason !== undefined) refused.push({ index, reason });
    else if (of !== undefined) duplicates.push({ index, of });
    else {
      first.set(identity, index);
      good.push(index);
    }
  }
  return { refused, duplicates, good };
}

interface Tally {
  added: number | null;
  updated: number | null;
  failed: number | null;
  recounted: number;
}

function newTally(): Tally {
  return { added: 0, updated: 0, failed: 0, recounted: 0 };
}

function count(tally: Tally, answer: AddedCounts | number, rows: number, repeated: boolean): void {
  if (repeated) tally.recounted += rows;
  const counts =
    typeof answer === 'number' ? { addedLeadsCount: answer, updatedLeadsCount: null, failedLeadsCount: null } : answer;
  tally.added = plus(tally.added, counts.addedLeadsCount);
  tally.updated = plus(tally.updated, counts.updatedLeadsCount);
  tally.failed = plus(tally.failed, counts.failedLeadsCount);
}

/** A sum with an unknown part is unknown. */
function plus(sum: number | null, value: number | null | undefined): number | null {
  return sum === null || typeof value !== 'number' ? null : sum + value;
}

function unaccountedOf(tally: Tally, sent: number): number | null {
  if (tally.added === null || tally.updated === null || tally.failed === null) return null;
  return sent - tally.added - tally.updated - tally.failed;
}

interface Account {
  error: HeyReachError | undefined;
  good: number;
  sent: number;
  unknown: unknown[];
  notSent: unknown[];
  unaccounted: number | null;
}

function adviseOn(account: Account): string | undefined {
  const steps: string[] = [];
  if (account.error !== undefined && account.sent > 0) steps.push(`A call failed: ${account.error.message}.`);
  if (account.unknown.length > 0) {
    steps.push('Give the rows under unknown again: leads that are there already are updated, not added twice.');
  }
  if (account.notSent.length > 0) steps.push('Give the rows under notSent again.');
  if (account.unaccounted !== null && account.unaccounted > 0) {
    steps.push('HeyReach dropped the unaccounted rows without saying which; read the leads back to find them.');
  }
  return steps.length === 0 ? undefined : steps.join(' ');
}

function nothingToSend(refused: { index: number; reason: string }[]): HeyReachError {
  const first = refused[0];
  const which = first === undefined ? 'no row was given' : `row ${first.index}: ${first.reason}`;
  return new HeyReachError({
    kind: first === undefined ? 'cancelled' : 'invalid_input',
    outcome: 'not_sent',
    message: `None of the rows could be sent; ${which}`,
    meaning: 'Every row was refused before anything was sent.',
    nextStep: 'Mend the rows under refused and call again.',
  });
}

function chunk(indexes: number[], size: number): number[][] {
  const chunks: number[][] = [];
  for (let at = 0; at < indexes.length; at += size) chunks.push(indexes.slice(at, at + size));
  return chunks;
}

function toRanges(indexes: number[]): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === index - 1) last.to = index;
    else ranges.push({ from: index, to: index });
  }
  return ranges;
}
