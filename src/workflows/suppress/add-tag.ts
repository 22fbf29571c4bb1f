import { type CallOptions, type HeyReachClient, saysNotFound } from '../../client/index.ts';
import { tryWrite, type WriteResult } from '../shared/outcomes.ts';

/** `set`: HeyReach accepted the tag without saying whether it was new. `unknown_person`: HeyReach has no such person to tag. */
export type TagState = 'added' | 'present' | 'set' | 'unknown_person';

/** Adds one tag to a person, and creates the tag if it is missing. */
export async function addTag(
  profileUrl: string,
  tag: string,
  client: HeyReachClient,
  call: CallOptions,
): Promise<WriteResult<TagState>> {
  const request = { leadProfileUrl: profileUrl, tags: [tag], createTagIfNotExisting: true };
  const hasTag = (tags: readonly string[] | null | undefined) =>
    tags?.some((name) => name.toLowerCase() === tag.toLowerCase()) === true;
  const written = await tryWrite<TagState>(
    async () => {
      const response = await client.leads.addTags(request, call);
      if (response?.newAssignedTags == null) return 'set';
      return hasTag(response.newAssignedTags) ? 'added' : 'present';
    },
    async () => (hasTag((await client.leads.getTags({ profileUrl }, call)).tags) ? 'present' : undefined),
  );
  const isUnknown = !written.ok && written.error.outcome === 'refused' && saysNotFound(written.error);
  return isUnknown ? { ok: true, value: 'unknown_person' } : written;
}
