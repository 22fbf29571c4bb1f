import { z } from 'zod';
import type { HeyReachError } from '../../client/index.ts';
import type { InputOf, ToolContext } from '../define.ts';
import { flag, profileUrl, text } from '../fields.ts';

/** Whom to tag, with what. */
export const taggingInput = {
  leadProfileUrl: profileUrl('Profile URL or slug').optional(),
  leadLinkedInId: text('LinkedIn member id; one of the two is needed', 60).optional(),
  tags: z.array(z.string().min(1).max(200)).min(1).max(50).describe('Tag names'),
  createTagIfNotExisting: flag('Create tags that do not exist; false refuses them').default(true),
};
export type TaggingInput = InputOf<typeof taggingInput>;

export const taggingOutput = z.looseObject({
  newAssignedTags: z.array(z.string()).describe('tags the person did not have before'),
  note: z.string().optional(),
});

export function checkTagging({ leadProfileUrl, leadLinkedInId }: TaggingInput): string | undefined {
  const given = leadProfileUrl ?? leadLinkedInId;
  return given === undefined ? 'leadProfileUrl or leadLinkedInId is required' : undefined;
}

export function tagStep({ kind }: HeyReachError, { createTagIfNotExisting }: TaggingInput): string | undefined {
  if (kind === 'not_found') {
    return 'HeyReach only knows people who are in its lists, campaigns or inbox: search them there.';
  }
  if (kind !== 'bad_request' || createTagIfNotExisting) return undefined;
  return 'Correct what the sentence names; with createTagIfNotExisting true a missing tag is created.';
}

/**
 * The tags on a person now, in lower case as HeyReach compares them.
 * @throws RangeError without a profile URL: HeyReach reads tags by nothing else.
 */
export async function readTags({ leadProfileUrl }: TaggingInput, context: ToolContext): Promise<string[]> {
  if (leadProfileUrl === undefined) throw new RangeError('tags are read by profile URL only');
  const found = await context.client.leads.getTags({ profileUrl: leadProfileUrl }, context.call);
  return (found.tags ?? []).map((tag) => tag.toLowerCase());
}
