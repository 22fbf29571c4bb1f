import { z } from 'zod';
import type { ConversationFilters } from '../../client/operations/inbox.ts';
import { flag, ids, profileUrl, text } from '../fields.ts';

/** Filters of the inbox as parameters of a tool; on the wire they are one object. */
export const filterFields = {
  linkedInAccountIds: ids('Only these senders').optional(),
  campaignIds: ids('Only these campaigns').optional(),
  searchString: text('Text to search for').optional(),
  leadLinkedInId: text("The person's LinkedIn member id; not with leadProfileUrl", 60).optional(),
  leadProfileUrl: profileUrl("The person's profile URL").optional(),
  seen: flag('true: read; false: unread').optional(),
};

export const tagFilter = { tags: z.array(z.string().min(1).max(200)).max(50).describe('Any of these tags').optional() };

type FilterInput = { [Name in keyof typeof filterFields]?: z.output<(typeof filterFields)[Name]> } & {
  tags?: string[] | undefined;
};

/** Both ways of naming the person at once is not a filter HeyReach knows. */
export function checkFilters(input: FilterInput): string | undefined {
  if (input.leadLinkedInId === undefined || input.leadProfileUrl === undefined) return undefined;
  return 'leadLinkedInId and leadProfileUrl exclude each other; leave one out';
}

/** The filters as HeyReach takes them. */
export function toFilters(input: FilterInput): ConversationFilters {
  return {
    linkedInAccountIds: input.linkedInAccountIds ?? [],
    campaignIds: input.campaignIds ?? [],
    searchString: input.searchString ?? null,
    leadLinkedInId: input.leadLinkedInId ?? null,
    leadProfileUrl: input.leadProfileUrl ?? null,
    tags: input.tags ?? [],
    seen: input.seen ?? null,
  };
}

/** Filters that leave nothing out, as the cursor route takes them. */
export const WHOLE_INBOX = { ...toFilters({}), latestAutoTagNames: [] };
