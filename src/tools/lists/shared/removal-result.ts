import * as z from 'zod';
import { outsideString } from '../../../client/operations/fields.ts';
import { lazy } from '../../../lib/lazy.ts';
import type { ToolOutput } from '../../../mcp/tool.ts';
import { range } from '../../shared/add-leads.ts';
import { type BatchReport, toRanges } from '../../shared/batch-calls.ts';

/** The outcome of a removal. HeyReach returns no counts. */
export const removalOutput = lazy(() =>
  z.looseObject({
    listId: z.number(),
    given: z.number(),
    accepted: z.number().describe('entries of calls that HeyReach accepted'),
    notFound: z.array(outsideString).optional().describe('requested, but not in the list'),
    refused: z.array(range()).optional(),
    notSent: z.array(range()).optional().describe('index ranges that never left'),
    unknown: z.array(range()).optional().describe('index ranges whose outcome is unclear'),
    note: z.string().optional(),
  }),
);

/** The result of a removal in several calls. An error when HeyReach accepted none of them. */
export function removalResult(
  listId: number,
  requestedCount: number,
  report: BatchReport<unknown>,
  { note, ...extra }: { notFound?: string[]; note?: string },
): ToolOutput {
  const groups = Object.entries({ refused: report.refused, notSent: report.notSent, unknown: report.unknown })
    .filter(([, indexes]) => indexes.length > 0)
    .map(([name, indexes]) => [name, toRanges(indexes)]);
  const accepted = report.accepted.reduce((sum, { indexes }) => sum + indexes.length, 0);
  const notes = note === undefined ? [] : [note];
  if (report.error !== undefined && accepted > 0) {
    const reason = report.error.message.replace(/\.$/, '');
    notes.push(`A call failed: ${reason}. Call again with the remaining people. Removing a person twice does no harm.`);
  }
  const data = {
    listId,
    given: requestedCount,
    accepted,
    ...extra,
    ...Object.fromEntries(groups),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
  const { error } = report;
  return error !== undefined && accepted === 0 ? { data, error } : { data, partialFailure: error };
}
