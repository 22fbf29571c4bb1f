import type * as z from 'zod';
import { isRecord } from '../../lib/json.ts';
import { unwrap } from './normalize-input.ts';

/** An issue of zod, with the path of the value. */
export type Issue = z.core.$ZodIssue;
type RawInput = Record<string, unknown>;

type MarkRejected = (reason: string, rawRow: unknown) => unknown;

const markers = new WeakMap<z.ZodType, MarkRejected>();

/**
 * Marks a list whose rows are accepted or rejected one by one, so that one bad row does not reject a thousand good ones.
 * @param markRejected makes what stands in for a row that cannot be read.
 */
export function rowByRow<Schema extends z.ZodType>(schema: Schema, markRejected: MarkRejected): Schema {
  markers.set(schema, markRejected);
  return schema;
}

/**
 * Parses arguments again after issues in such rows. A number or a boolean becomes a text where a text is expected. A row that
 * still cannot be read is replaced by its marker.
 * @returns undefined where another parameter has an issue, or no row can be read.
 */
export function parseRowByRow(
  schema: z.ZodObject,
  input: RawInput,
  issues: readonly Issue[],
  describe: (issues: readonly Issue[], input: RawInput) => string,
): RawInput | undefined {
  if (!issues.every((issue) => rowOf(schema, issue) !== undefined)) return undefined;
  const mended = withTexts(input, issues);
  const second = schema.safeParse(mended, { reportInput: true });
  if (second.success) return second.data;
  const rejected = new Map<string, Issue[]>();
  for (const issue of second.error.issues) {
    const row = rowOf(schema, issue);
    if (row === undefined) return undefined;
    const key = JSON.stringify(row);
    rejected.set(key, [...(rejected.get(key) ?? []), issue]);
  }
  const rows = [...rejected.keys()].map((key) => JSON.parse(key) as [string, number]);
  const third = schema.safeParse(withGoodRows(mended, rows));
  if (!third.success) return undefined;
  for (const [name, index] of rows) {
    const reason = describe(rejected.get(JSON.stringify([name, index])) ?? [], mended);
    const rawRow = (mended[name] as unknown[])[index];
    (third.data[name] as unknown[])[index] = markerOf(schema, name)?.(reason, rawRow);
  }
  return third.data;
}

/** The list and the index of an issue's row. undefined for an issue elsewhere. */
function rowOf(schema: z.ZodObject, { path }: Issue): [string, number] | undefined {
  const [name, index] = path;
  if (typeof name !== 'string' || typeof index !== 'number') return undefined;
  return markerOf(schema, name) === undefined ? undefined : [name, index];
}

function markerOf(schema: z.ZodObject, name: string) {
  const field = schema.shape[name] as z.ZodType | undefined;
  return field === undefined ? undefined : markers.get(unwrap(field).inner);
}

/** A copy with a text at every place where a text is expected, and where a number, a boolean or null is. */
function withTexts(input: RawInput, issues: readonly Issue[]): RawInput {
  const copy = structuredClone(input);
  for (const issue of issues) {
    if (issue.code !== 'invalid_type' || issue.expected !== 'string') continue;
    const parent = issue.path
      .slice(0, -1)
      .reduce<unknown>(
        (value, key) => (isRecord(value) || Array.isArray(value) ? value[key as never] : undefined),
        copy,
      );
    const key = issue.path.at(-1) as string;
    if (!isRecord(parent)) continue;
    const value = parent[key];
    if (value === null) parent[key] = '';
    else if (typeof value === 'number' || typeof value === 'boolean') parent[key] = String(value);
  }
  return copy;
}

/** A copy with a readable row in the place of each row that cannot be read. */
function withGoodRows(input: RawInput, rejected: readonly [string, number][]): RawInput {
  const copy = { ...input };
  for (const name of new Set(rejected.map(([name]) => name))) {
    const bad = new Set(rejected.filter(([list]) => list === name).map(([, index]) => index));
    const rows = copy[name] as unknown[];
    const good = rows.find((_, index) => !bad.has(index));
    copy[name] = good === undefined ? [] : rows.map((row, index) => (bad.has(index) ? good : row));
  }
  return copy;
}
