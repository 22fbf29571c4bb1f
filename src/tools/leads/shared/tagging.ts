import * as z from 'zod';
import type { CallOptions, HeyReachError } from '../../../client/index.ts';
import { lazy } from '../../../lib/lazy.ts';
import { flag, list, profileUrl, tagName, textId } from '../../../mcp/arguments/fields.ts';
import type { InputOf, ToolContext, ToolOutput } from '../../../mcp/tool.ts';
import { keepFieldTypes } from '../../shared/keep-field-types.ts';

export const taggingInput = lazy(() => ({
  leadProfileUrl: profileUrl('Profile URL or slug').optional(),
  leadLinkedInId: textId('LinkedIn member id; this or leadProfileUrl', 60).optional(),
  tags: list(tagName(), 'Tag names', { min: 1, max: 50 }),
  createTagIfNotExisting: flag('Create missing tags, the default; false rejects the call').default(true),
}));
export type TaggingInput = InputOf<ReturnType<typeof taggingInput>>;

export const taggingOutput = lazy(() =>
  z.looseObject({
    newAssignedTags: z.array(z.string()).optional().describe('tags the person did not have before'),
    note: z.string().optional(),
  }),
);

/** The result of setting tags. HeyReach may accept them without saying which were new. */
export function taggingResult(
  response: { newAssignedTags?: string[] | null | undefined } | undefined,
  call: CallOptions,
): ToolOutput {
  if (response === undefined) {
    return { data: { note: 'HeyReach accepted the tags, and did not say which of them were new.' } };
  }
  const data = { ...response, newAssignedTags: response.newAssignedTags ?? [] };
  return { data: keepFieldTypes(taggingOutput(), data, call) };
}

/** One of profileUrl and member id is required. */
export function checkTagging({ leadProfileUrl, leadLinkedInId }: TaggingInput): string | undefined {
  return (leadProfileUrl ?? leadLinkedInId) === undefined ? 'leadProfileUrl or leadLinkedInId is required' : undefined;
}

/** The next step where HeyReach does not know the person or the tag. */
export function tagStep({ kind }: HeyReachError, { createTagIfNotExisting }: TaggingInput): string | undefined {
  if (kind === 'not_found') {
    return 'HeyReach only knows people who are in its lists, campaigns or inbox: search them there.';
  }
  if (kind !== 'bad_request' || createTagIfNotExisting) return undefined;
  return 'Correct what the message names. With createTagIfNotExisting true, missing tags are created.';
}

/**
 * The current tags of a person, in lower case because HeyReach ignores case.
 * @throws RangeError without a profile URL, the only way to read tags from HeyReach.
 */
export async function readTags({ leadProfileUrl }: TaggingInput, context: ToolContext): Promise<string[]> {
  if (leadProfileUrl === undefined) throw new RangeError('tags are read by profile URL only');
  const response = await context.client.leads.getTags({ profileUrl: leadProfileUrl }, context.call);
  return (response.tags ?? []).map((tag) => tag.toLowerCase());
}
