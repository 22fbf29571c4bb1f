import { z } from 'zod';

/**
 * Who wrote a text: people outside the workspace (names, messages, profiles, and sentences about them), or HeyReach and
 * the workspace itself (ids, states, dates, the names of campaigns, lists, tags, senders and webhooks).
 */
export type Origin = 'outside' | 'own';

/** A registry, since its marks outlive `.describe()` and are published nowhere. */
const origins = z.registry<{ origin: Origin }>();

/** What a schema is marked as, if it is. */
export function originOf(schema: z.core.$ZodType): Origin | undefined {
  return origins.get(schema)?.origin;
}

/** Marks a schema, with all that it holds, as the workspace's own: for what would count as outside for want of a shape. */
export function own<Schema extends z.ZodType>(schema: Schema): Schema {
  origins.add(schema, { origin: 'own' });
  return schema;
}

/** A text by people outside the workspace. */
export const outsideString = z.string().register(origins, { origin: 'outside' });

/**
 * Building blocks of answers. Everything is optional and nullable: HeyReach leaves fields out and sets them to null as it
 * likes, and an answer is never refused for it. Unknown fields pass through.
 */
export const text = z.string().nullish();
export const outsideText = outsideString.nullish();
export const count = z.number().nullish();
export const id = z.number().nullish();
export const flag = z.boolean().nullish();
export const texts = z.array(z.string()).nullish();
export const outsideTexts = z.array(outsideString).nullish();
export const ids = z.array(z.number()).nullish();

/** Paging in the body: how many rows to skip, how many to answer. */
export interface PageRequest {
  offset?: number | undefined;
  limit?: number | undefined;
}

/** A page of rows with the number of all rows there are. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.looseObject({ totalCount: count, items: z.array(row).nullish() });
}

const customField = z.looseObject({ name: outsideText, value: outsideText });

/** A person's profile. Which of the fields are present differs by operation. */
export const leadProfile = z.looseObject({
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
  customFields: z.array(customField).nullish(),
  linkedInUserProfileId: text,
});
export type LeadProfile = z.infer<typeof leadProfile>;

/** What an upsert of leads answers: counts, no rows. Rows without a name are in none of them. */
export const addedCounts = z.looseObject({ addedLeadsCount: count, updatedLeadsCount: count, failedLeadsCount: count });
export type AddedCounts = z.infer<typeof addedCounts>;

/** A lead as it is sent: the profile URL is its identity; without both names HeyReach drops it in silence. */
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

/** Who a lead is; at least one of the three. */
export interface LeadIdentity {
  email?: string | undefined;
  linkedinId?: string | undefined;
  profileUrl?: string | undefined;
}
