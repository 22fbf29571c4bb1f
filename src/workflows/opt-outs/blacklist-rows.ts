import type { BlacklistInput } from '../../client/operations/blacklist.ts';
import { isRecord } from '../../lib/json.ts';
import { identityOf } from '../../lib/linkedin-url.ts';

interface Response {
  entries?: unknown;
  duplicates?: unknown;
  validationErrors?: unknown;
}

/** What HeyReach's response says of one row. */
export interface RowOutcome {
  outcome: 'added' | 'present' | 'duplicate' | 'invalid' | 'unaccounted';
  id?: unknown;
  reason?: string;
}

/**
 * The outcome of each row. HeyReach's `entries` has a row per input. `duplicates` names people, by any identifier, who are on
 * the blacklist already or in several rows. The form of its errors is not documented.
 * @returns the outcomes, and the parts of the response that match no row.
 */
export function outcomesOf(leads: readonly BlacklistInput[], response: Response) {
  const outcomes: RowOutcome[] = leads.map(() => ({ outcome: 'unaccounted' }));
  const unmatched: unknown[] = [];
  const keys = leads.map((lead) => new Set(Object.values(lead).flatMap((value) => keyOf(value) ?? [])));
  const shareKey = (a: number, b: number) => [...keys[a]!].some((key) => keys[b]!.has(key));
  const rowsLike = (row: number) => leads.flatMap((_, other) => (other !== row && shareKey(row, other) ? [other] : []));
  const hasEarlier = (row: number) => rowsLike(row).some((other) => other < row);
  const rowsOf = (item: unknown): number[] => {
    const index = isRecord(item) ? (item.inputIndex ?? item.index) : undefined;
    if (typeof index === 'number') return index in leads ? [index] : [];
    const named = (isRecord(item) ? Object.values(item) : [item]).flatMap((value) => keyOf(value) ?? []);
    const rows = keys.flatMap((known, row) => (named.some((key) => known.has(key)) ? [row] : []));
    return rows.length === 0 && typeof item === 'number' && item in leads ? [item] : rows;
  };
  const forEachRow = (items: unknown, visit: (row: number, item: unknown) => void) => {
    for (const item of listOf(items)) {
      const rows = rowsOf(item);
      if (rows.length === 0) unmatched.push(item);
      for (const row of rows) visit(row, item);
    }
  };

  forEachRow(response.entries, (row, item) => {
    const { id, created } = isRecord(item) ? item : {};
    // A row that HeyReach rejects has no id.
    if (created === false && id == null) return;
    const outcome = created !== false ? 'added' : hasEarlier(row) ? 'duplicate' : 'present';
    outcomes[row] = { outcome, ...(id === undefined ? {} : { id }) };
  });
  forEachRow(response.duplicates, (row, item) => {
    if (outcomes[row]!.outcome !== 'unaccounted') return;
    const isNamedByIndex = isRecord(item) || typeof item === 'number';
    if (isNamedByIndex || hasEarlier(row)) outcomes[row] = { outcome: 'duplicate', ...reasonOf(item) };
    // HeyReach may have added the first of several rows.
    else if (rowsLike(row).length === 0) outcomes[row] = { outcome: 'present' };
  });
  forEachRow(response.validationErrors, (row, item) => {
    outcomes[row] = { outcome: 'invalid', ...reasonOf(item) };
  });
  return { outcomes, unmatched };
}

/** The comparison key of an identifier in any spelling: a profile URL, a slug, an id, an e-mail address or a name. */
function keyOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '' ? undefined : (identityOf(text) ?? text.normalize('NFC').toLowerCase());
}

function listOf(value: unknown): unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** HeyReach's message about a row, or all of its fields except the index. */
function reasonOf(item: unknown): { reason?: string } {
  if (!isRecord(item)) return {};
  const { inputIndex: _, index: __, ...rest } = item;
  const message = rest.message ?? rest.reason ?? rest.error ?? rest.errorMessage;
  if (typeof message === 'string') return { reason: message };
  return Object.keys(rest).length === 0 ? {} : { reason: JSON.stringify(rest) };
}
