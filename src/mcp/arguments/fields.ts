import * as z from 'zod';
import { isBlank } from '../../lib/blank-text.ts';
import { lazy } from '../../lib/lazy.ts';
import { readProfileUrl } from '../../lib/linkedin-url.ts';
import { isIdPlaceholder, isPlaceholder } from '../../lib/placeholder.ts';

/** Building blocks of parameters. Each takes the description that the model sees. */

// Every step of a chain creates a schema, and the server creates hundreds at its start: common ones are shared.
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
  return list(positive, description, { min, max });
}

/** A list. Some hosts drop the keywords of schemas, so the description says the bounds too. */
export function list<Item extends z.ZodType>(item: Item, description: string, { min = 0, max }: Bounds) {
  const many = z.array(item).max(max);
  return (min > 0 ? many.min(min) : many).describe(
    `${description}; ${min > 0 ? `${min} to ${max}` : `at most ${max}`}`,
  );
}

interface Bounds {
  min?: number;
  max: number;
}

/** Rejects a text of which nothing is visible. */
export const notBlank = z.refine<string>((value) => !isBlank(value), { error: 'must not be blank', abort: true });
const filledIn = z.refine<string>(
  (value) => !isPlaceholder(value),
  'must not be a placeholder: a program did not fill it in',
);
/** Rejects what a program writes for an id that it did not fill in. */
export const filledInId = z.refine<string>(
  (value) => !isIdPlaceholder(value),
  'must not be a placeholder: a program did not fill in the id or address',
);

/** A text that must not be blank, such as a search. */
export function text(description: string, max = 500) {
  return string.check(notBlank, z.minLength(1), z.maxLength(max)).describe(description);
}

/** A text that HeyReach stores or sends, such as a name or a message. A placeholder is rejected. */
export function content(description: string, max = 500, min = 1) {
  return string.check(notBlank, z.minLength(min), z.maxLength(max), filledIn).describe(description);
}

const textIds = new WeakSet<z.ZodType>();

/** True for ids and addresses that are texts. Invisible characters around them are removed. */
export function isTextId(schema: z.ZodType): boolean {
  return textIds.has(schema);
}

/** The id or e-mail address of a person or a conversation, as a text. */
export function textId(description: string | undefined, max = 60) {
  const schema = string.check(notBlank, z.minLength(1), z.maxLength(max), filledInId);
  return copied(description === undefined ? schema : schema.describe(description));
}

/** Marks a text that people copy from formatted documents, such as a URL. Markdown around it is removed. */
export function copied<Schema extends z.ZodType>(schema: Schema): Schema {
  textIds.add(schema);
  return schema;
}

/** The name of a tag that HeyReach gets. */
export const tagName = lazy(() => string.check(notBlank, z.minLength(1), z.maxLength(200), filledIn));
/** The name of a tag to search for. */
export const tagFilterName = lazy(() => string.check(notBlank, z.minLength(1), z.maxLength(200)));

/** True or false. */
export function flag(description: string) {
  return boolean.describe(description);
}

/** A flag that is off unless it is given. */
export function offFlag(description: string) {
  return flag(`${description}; default false`).default(false);
}

/** A whole number from `min` to `max`. */
export function integer(description: string, min: number, max: number) {
  return int.check(z.gte(min), z.lte(max)).describe(description);
}

/** How many rows or messages to return. The description says bounds and default, because some hosts drop the keywords. */
export function limit(description: string, { min = 1, max, byDefault = 20 }: Bounds & { byDefault?: number }) {
  return integer(`${description}, ${min} to ${max}, default ${byDefault}`, min, max).default(byDefault);
}

const offset = lazy(() => integer('Rows to skip', 0, 10_000_000).default(0));
/** Paging by rows. */
export const paging = (max = 100) => ({ offset: offset(), limit: limit('Rows', { max }) });

/** The parameter of tools whose compact form omits fields. */
export const detail = lazy(() => ({
  detail: z.enum(['compact', 'full']).default('compact').describe('full: everything; default compact'),
}));

const profileUrls = new WeakSet<z.ZodType>();

/** True for profile URLs. They may also be given as the slug in a compact result. */
export function isProfileUrl(schema: z.ZodType): boolean {
  return profileUrls.has(schema);
}

/** The published schema leaves this limit out, because no real profile URL is that long. */
const MAX_URL_LENGTH = 1_000;

/** A person's LinkedIn URL: `/in/` or Sales Navigator. */
export function profileUrl(description?: string) {
  const checked = z.string().superRefine((value, refinement) => {
    const parsed = readProfileUrl(value.slice(0, MAX_URL_LENGTH + 1));
    if (value.length > MAX_URL_LENGTH) refinement.addIssue(`must have at most ${MAX_URL_LENGTH} characters`);
    else if (!parsed.ok) refinement.addIssue({ code: 'custom', message: parsed.reason });
  });
  const schema = description === undefined ? checked : checked.describe(description);
  profileUrls.add(schema);
  return schema;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** A UTC day, or a time with offset. */
export function date(description: string) {
  return z
    .string()
    .refine(isDate, {
      error: () =>
        `must be a UTC day (2026-06-01) or a time with offset (2026-06-01T09:00:00Z, 2026-06-01T09:00:00+02:00); ${today()}`,
    })
    .describe(`${description} (ISO day or time with offset)`);
}

/** A model that writes "yesterday" does not know the date. */
function today(): string {
  return `today is ${new Date().toISOString().slice(0, 10)} (UTC)`;
}

function isDate(value: string): boolean {
  if (value.length > 40 || (!DAY.test(value) && !MOMENT.test(value))) return false;
  const day = value.slice(0, 10);
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(Date.parse(value)) && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

/** The start of a date. */
export function startOfDate(value: string): string {
  return DAY.test(value) ? `${value}T00:00:00Z` : value;
}

/** The end of a date. */
export function endOfDate(value: string): string {
  return DAY.test(value) ? `${value}T23:59:59.999Z` : value;
}

/** A calendar day. */
export function day(description: string) {
  return z
    .string()
    .refine((value) => DAY.test(value) && isDate(value), {
      error: () => `must be a day such as 2026-06-01; ${today()}`,
    })
    .describe(`${description} (ISO day)`);
}

const published = new WeakMap<z.ZodType, readonly string[]>();

/** Publishes fields as required that validation does not require, since rows are accepted or rejected one by one. */
export function publishRequired<Schema extends z.ZodType>(schema: Schema, names: readonly string[]): Schema {
  published.set(schema, names);
  return schema;
}

/** The fields that are published as required, where they differ from the schema. */
export function publishedRequired(schema: z.ZodType): readonly string[] | undefined {
  return published.get(schema);
}

const forms = new WeakMap<z.ZodType, z.ZodObject>();

/** Publishes known fields of an object that validation leaves open, because its own rules check it. */
export function publishFields<Schema extends z.ZodType>(schema: Schema, fields: z.ZodRawShape): Schema {
  forms.set(schema, z.looseObject(fields));
  return schema;
}

/** What is published of an object that validation leaves open. */
export function publishedForm(schema: z.ZodType): z.ZodObject | undefined {
  return forms.get(schema);
}

type ReadForm = (value: Record<string, unknown>) => unknown;

const olderForms = new WeakMap<z.ZodType, ReadForm>();

/** Also accepts an object, the form of a parameter in earlier versions. The published schema does not show it. */
export function acceptOlderForm<Schema extends z.ZodType>(schema: Schema, read: ReadForm): Schema {
  olderForms.set(schema, read);
  return schema;
}

/** Reads the older form of a parameter, where it has one. */
export function olderFormOf(schema: z.ZodType): ReadForm | undefined {
  return olderForms.get(schema);
}
