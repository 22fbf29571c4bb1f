import type * as z from 'zod';
import { identityOf, shortProfileUrl } from '../../lib/linkedin-url.ts';
import { inline } from '../../lib/text-format.ts';
import { list, profileUrl } from '../../mcp/arguments/fields.ts';
import { rowByRow } from '../../mcp/arguments/row-by-row.ts';
import type { Item } from '../shared/outcomes.ts';

/** A row of a parameter with people: a profile URL, or why the row names no person. */
export type PersonRow = string | { given: string; rejected: string };

const MAX_SHOWN = 80;

/** A list of people by profile URL. A row that cannot be read does not reject the others. */
export function personRows(description: string, max: number) {
  const rows = rowByRow(list(profileUrl(), description, { min: 1, max }), (rejected, rawRow) => ({
    given: inline(typeof rawRow === 'string' ? rawRow : JSON.stringify(rawRow), MAX_SHOWN),
    rejected,
  }));
  return rows as unknown as z.ZodType<PersonRow[]>;
}

/** A person of a call. */
export interface Person {
  index: number;
  url: string;
  /** The slug where tools take it back, otherwise the URL. */
  shown: string;
}

/** A row with its outcome, as a table shows it. */
export interface PersonItem extends Item {
  person: string;
}

/** Separates the people of a call, each once, from rows that name no person and rows that repeat one. */
export function readPeople(rows: readonly PersonRow[]): { people: Person[]; others: PersonItem[] } {
  const people: Person[] = [];
  const others: PersonItem[] = [];
  const firstIndexes = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    if (typeof row !== 'string') {
      others.push({ index, person: row.given, outcome: 'refused', note: row.rejected });
      continue;
    }
    const key = identityOf(row) ?? row;
    const first = firstIndexes.get(key);
    const shown = shortProfileUrl(row) ?? row;
    if (first === undefined) {
      firstIndexes.set(key, index);
      people.push({ index, url: row, shown });
    } else {
      others.push({ index, person: shown, outcome: 'duplicate', note: `the person of index ${first}` });
    }
  }
  return { people, others };
}
