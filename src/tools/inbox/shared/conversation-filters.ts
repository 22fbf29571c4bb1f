import type * as z from 'zod';
import type { HeyReachError } from '../../../client/index.ts';
import type { ConversationFilters } from '../../../client/operations/inbox.ts';
import { lazy } from '../../../lib/lazy.ts';
import { flag, ids, list, profileUrl, tagFilterName, text, textId } from '../../../mcp/arguments/fields.ts';

/** Inbox filters as flat tool parameters. HeyReach takes them as one object. */
export const filterFields = lazy(() => ({
  linkedInAccountIds: ids('Only these senders').optional(),
  campaignIds: ids('Only these campaigns').optional(),
  searchString: text('Search text').optional(),
  leadLinkedInId: textId('LinkedIn member id, instead of leadProfileUrl', 60).optional(),
  leadProfileUrl: profileUrl("The person's profile URL").optional(),
  seen: flag('true: read; false: unread, answered or not').optional(),
}));

export const tagFilter = lazy(() => ({ tags: list(tagFilterName(), 'Any of these tags', { max: 50 }).optional() }));

type FilterInput = {
  [Name in keyof ReturnType<typeof filterFields>]?: z.output<ReturnType<typeof filterFields>[Name]>;
} & {
  tags?: string[] | undefined;
};

/** HeyReach takes either the member id or the profile URL of a person, not both. */
export function checkFilters(input: FilterInput): string | undefined {
  if (input.leadLinkedInId === undefined || input.leadProfileUrl === undefined) return undefined;
  return 'leadLinkedInId and leadProfileUrl exclude each other; leave one out';
}

/** From which offset on HeyReach may reject a page of conversations. */
const LARGE_OFFSET = 1_000;

/** The next step after HeyReach rejected a page deep in the inbox. */
export function stepAfterLargeOffset({ status }: HeyReachError, { offset }: { offset: number }): string | undefined {
  if (status !== 400 || offset < LARGE_OFFSET) return undefined;
  return 'HeyReach rejects large offsets here. Read on with scan_conversations, which takes the same filters and pages by cursor.';
}

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
