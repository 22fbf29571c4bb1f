import { nothingSent, type Refused, sortRows } from './add-leads.ts';
import type { LeadRow } from './lead-input.ts';
import { counted, inline, rowLines, SHOWN_ROWS } from './preview.ts';
import { showPerson } from './preview-lines.ts';

/** Refused rows that a warning names. */
const NAMED = 5;
const LONGEST_REASON = 250;

/** The rows of an add as a preview shows them. */
export interface RowsShown {
  /** Indexes of the rows that would go. */
  good: number[];
  /** `3 people`. */
  people: string;
  lines: string[];
  warnings: string[];
  facts: Record<string, unknown>;
}

/**
 * Tells who would be added, and which rows would stay behind.
 * @param pinOf the sender that a row is pinned to, if it is.
 * @throws HeyReachError `not_sent` when no row could go: there is nothing to ask then.
 */
export function showRows(rows: LeadRow[], pinOf: (index: number) => number | undefined = () => undefined): RowsShown {
  const { good, refused, duplicates } = sortRows(rows);
  if (good.length === 0) throw nothingSent(refused);
  const shown = good.slice(0, SHOWN_ROWS).map((index) => ({ ...showPerson(rows[index]!), pin: pinOf(index) }));
  const fields = new Set(good.flatMap((index) => rows[index]!.customUserFields?.map(({ name }) => name) ?? []));
  return {
    good,
    people: counted(good.length, 'person', 'people'),
    lines: [
      `People to add: ${good.length} of ${counted(rows.length, 'row')}`,
      ...rowLines(
        shown.map(({ line, pin }) => (pin === undefined ? line : `${line} (from LinkedIn account ${pin})`)),
        good.length,
      ),
      ...(fields.size === 0 ? [] : [`Custom fields, which messages may quote: ${inline([...fields].join(', '), 300)}`]),
    ],
    warnings: [
      ...(refused.length === 0 ? [] : [refusedWarning(refused)]),
      ...(duplicates.length === 0
        ? []
        : [`Rows that repeat a person: ${duplicates.length}. Only the first row of each person is sent.`]),
    ],
    facts: {
      given: rows.length,
      toSend: good.length,
      refused: refused.length,
      duplicates: duplicates.length,
      people: shown.map(({ facts, pin }) => (pin === undefined ? facts : { ...facts, linkedInAccountId: pin })),
      refusedRows: refused
        .slice(0, SHOWN_ROWS)
        .map(({ index, reason }) => ({ index, reason: inline(reason, LONGEST_REASON) })),
    },
  };
}

function refusedWarning(refused: readonly Refused[]): string {
  const named = refused.slice(0, NAMED).map(({ index, reason }) => `row ${index} (${inline(reason, LONGEST_REASON)})`);
  const others = refused.length - named.length;
  const all = others === 0 ? named : [...named, `and ${others} more`];
  return `Rows that are not sent, since HeyReach would drop or refuse them: ${refused.length}, ${all.join(', ')}.`;
}
