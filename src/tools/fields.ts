import { z } from 'zod';
import { readProfileUrl } from './profile-url.ts';

/** Parameter building blocks. Each takes the description the model sees. */

// Every step of a chain makes a schema, and hundreds of them are made before the server answers: what is common is made once.
const string = z.string();
const boolean = z.boolean();
const int = z.number().int();
const positive = int.positive();

const identifiers = new WeakSet<z.ZodType>([positive]);

/** True for numeric ids, which may also come as a canonical digit string ("123"). */
export function isIdentifier(schema: z.ZodType): boolean {
  return identifiers.has(schema);
}

/** A numeric id of HeyReach. */
export function id(description: string) {
  const schema = positive.describe(description);
  identifiers.add(schema);
  return schema;
}

/** Several numeric ids. */
export function ids(description: string, { min = 0, max = 100 } = {}) {
  const many = z.array(positive).max(max);
  return (min > 0 ? many.min(min) : many).describe(description);
}

/** A text that must not be empty. */
export function text(description: string, max = 500) {
  return string.check(z.minLength(1), z.maxLength(max)).describe(description);
}

export function flag(description: string) {
  return boolean.describe(description);
}

export function whole(description: string, min: number, max: number) {
  return int.check(z.gte(min), z.lte(max)).describe(description);
}

const offset = whole('Rows to skip', 0, 10_000_000).default(0);
/** Paging by rows. */
export const paging = (cap = 100) => ({ offset, limit: whole('Rows to return', 1, cap).default(20) });

/** Stands on tools whose compact form leaves something out. */
export const detail = {
  detail: z.enum(['compact', 'full']).default('compact').describe('full: every field, unclipped'),
};

const profileUrls = new WeakSet<z.ZodType>();

/** True for profile URLs, for which the bare slug of a compact result may be given. */
export function isProfileUrl(schema: z.ZodType): boolean {
  return profileUrls.has(schema);
}

/** A person's LinkedIn URL: `/in/` or Sales Navigator. */
export function profileUrl(description: string) {
  const schema = z
    .string()
    .max(1_000)
    .superRefine((value, refinement) => {
      const read = readProfileUrl(value);
      if (!read.ok) refinement.addIssue({ code: 'custom', message: read.reason });
    })
    .describe(description);
  profileUrls.add(schema);
  return schema;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** A UTC day, or a moment with time and offset. */
export function date(description: string) {
  return z
    .string()
    .max(40)
    .refine(
      isDate,
      'must be a UTC day (2026-06-01) or a time with offset (2026-06-01T09:00:00Z, 2026-06-01T09:00:00+02:00)',
    )
    .describe(`${description} (2026-06-01, or ISO time with offset)`);
}

function isDate(value: string): boolean {
  if (!DAY.test(value) && !MOMENT.test(value)) return false;
  const day = value.slice(0, 10);
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(Date.parse(value)) && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

/** The first moment a given date means. */
export function startOf(value: string): string {
  return DAY.test(value) ? `${value}T00:00:00Z` : value;
}

/** The last moment a given date means: the end of a day. */
export function endOf(value: string): string {
  return DAY.test(value) ? `${value}T23:59:59.999Z` : value;
}

/** A day of the calendar. */
export function day(description: string) {
  return z
    .string()
    .refine((value) => DAY.test(value) && isDate(value), 'must be a day such as 2026-06-01')
    .describe(`${description} (2026-06-01)`);
}

const published = new WeakMap<z.ZodType, readonly string[]>();

/**
 * Publishes fields as required although a missing one is not refused with the whole call: rows are judged one by one.
 */
export function publishRequired<Schema extends z.ZodType>(schema: Schema, names: readonly string[]): Schema {
  published.set(schema, names);
  return schema;
}

/** The fields an object schema is published with as required, where they differ from its own. */
export function publishedRequired(schema: z.ZodType): readonly string[] | undefined {
  return published.get(schema);
}
