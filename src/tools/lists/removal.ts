import { z } from 'zod';
import { outsideString } from '../../client/operations/fields.ts';
import { range } from '../add-leads.ts';
import { type CallsReport, toRanges } from '../calls.ts';
import type { ToolAnswer } from '../define.ts';

/** How a removal went; HeyReach answers no counts. */
export const removalOutput = z.looseObject({
  listId: z.number(),
  given: z.number(),
  accepted: z.number().describe('entries of calls that HeyReach accepted'),
  notFound: z.array(outsideString).optional().describe('given, and not in the list'),
  refused: z.array(range).optional(),
  notSent: z.array(range).optional().describe('index ranges that never left'),
  unknown: z.array(range).optional().describe('index ranges whose outcome is unclear'),
  note: z.string().optional(),
});

/** The answer of a removal in several calls; an error when none was accepted. */
export function removalAnswer(
  listId: number,
  given: number,
  report: CallsReport<unknown>,
  { note, ...extra }: { notFound?: string[]; note?: string },
): ToolAnswer {
  const groups = Object.entries({ refused: report.refused, notSent: report.notSent, unknown: report.unknown })
    .filter(([, indexes]) => indexes.length > 0)
    .map(([name, indexes]) => [name, toRanges(indexes)]);
  const accepted = report.accepted.reduce((sum, { indexes }) => sum + indexes.length, 0);
  const notes = note === undefined ? [] : [note];
  if (report.error !== undefined && accepted > 0) {
    const said = report.error.message.replace(/\.$/, '');
    notes.push(`A call failed: ${said}. Give the rest again; removing twice does no harm.`);
  }
  const data = {
    listId,
    given,
    accepted,
    ...extra,
    ...Object.fromEntries(groups),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
  };
  const { error } = report;
  return error !== undefined && accepted === 0 ? { data, error } : { data, partly: error };
}
