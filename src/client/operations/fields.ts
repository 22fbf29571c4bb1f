import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';

/**
 * Who wrote a text:
 *
 * - `outside`: people outside the workspace. Names, messages, profiles, and sentences about them.
 * - `own`: HeyReach or the workspace. Ids, states, dates, names of campaigns, lists, tags, senders and webhooks.
 */
export type Origin = 'outside' | 'own';

/** A registry, because its marks survive `.describe()` and do not appear in published schemas. */
const origins = z.registry<{ origin: Origin }>();

/** The origin that a schema is marked with. */
export function originOf(schema: z.core.$ZodType): Origin | undefined {
  return origins.get(schema)?.origin;
}

/** Marks a schema and all its fields as the workspace's own. Without it, fields without a known shape count as outside. */
export function markOwn<Schema extends z.ZodType>(schema: Schema): Schema {
  origins.add(schema, { origin: 'own' });
  return schema;
}

/** A text written by people outside the workspace. */
export const outsideString = z.string().register(origins, { origin: 'outside' });

/**
 * Building blocks of response schemas. Every field is optional and nullable, because HeyReach omits fields and sets them to
 * null. Unknown fields pass through.
 */
export const text = z.string().nullish();
export const outsideText = outsideString.nullish();
/** A number that HeyReach may leave out or send as null, as the fields below. */
export const count = z.number().nullish();
export const id = z.number().nullish();
export const flag = z.boolean().nullish();
export const texts = z.array(z.string()).nullish();
export const outsideTexts = z.array(outsideString).nullish();
export const ids = z.array(z.number()).nullish();

/** Paging in the body: how many rows to skip, how many to return. */
export interface PageRequest {
  offset?: number | undefined;
  limit?: number | undefined;
}

/** A page of rows, with the total number of rows. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.looseObject({ totalCount: count, items: z.array(row).nullish() });
}

const customField = lazy(() => z.looseObject({ name: outsideText, value: outsideText }));

/** A person's profile. Which of the fields are present differs by operation. */
export const leadProfile = lazy(() =>
  z.looseObject({
    linkedin_id: text,
    profileUrl: outsideText,
    firstName: outsideText,
    lastName: outsideText,
    headline: outsideText,
    imageUrl: outsideText,
    location: outsideText,
    companyName: outsideText,
    companyUrl: outsideText,
    position: outsideText,
    about: outsideText,
    connections: count,
    followers: count,
    emailAddress: outsideText,
    enrichedEmailAddress: outsideText,
    customEmailAddress: outsideText,
    tags: texts,
    autoTags: z.array(z.looseObject({ name: outsideText, campaignId: id })).nullish(),
    customFields: z.array(customField()).nullish(),
    linkedInUserProfileId: text,
  }),
);
export type LeadProfile = z.infer<ReturnType<typeof leadProfile>>;

/** The response to an upsert of leads: counts, no rows. Rows without a name are in none of them. */
export const addedCounts = lazy(() =>
  z.looseObject({ addedLeadsCount: count, updatedLeadsCount: count, failedLeadsCount: count }),
);
export type AddedCounts = z.infer<ReturnType<typeof addedCounts>>;

/** A lead in a request. The profile URL is its identity. HeyReach silently drops leads without both names. */
export interface LeadInput {
  profileUrl: string;
  firstName: string;
  lastName: string;
  location?: string | undefined;
  summary?: string | undefined;
  companyName?: string | undefined;
  position?: string | undefined;
  about?: string | undefined;
  emailAddress?: string | undefined;
  customUserFields?: { name: string; value: string }[] | undefined;
}

/** The identity of a lead: at least one of the three. */
export interface LeadIdentity {
  email?: string | undefined;
  linkedinId?: string | undefined;
  profileUrl?: string | undefined;
}
