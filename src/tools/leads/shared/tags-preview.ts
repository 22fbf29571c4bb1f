import { HeyReachError } from '../../../client/index.ts';
import { quoteName } from '../../../lib/outside-text.ts';
import { inline, SHOWN_ROWS } from '../../../lib/text-format.ts';
import { type Preview, titled } from '../../../mcp/confirmation/preview.ts';
import { optionalRead } from '../../../mcp/reads.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { leftOutUrls, showPerson } from '../../../views/people.ts';
import type { TaggingInput } from './tagging.ts';

/** The person whose tags would be replaced. */
interface TaggedPerson {
  person: ReturnType<typeof showPerson>;
  /** undefined when they cannot be read. */
  current: string[] | undefined;
  warnings: string[];
}

/** Shows which tags a person would lose, get and keep. Bound to the current tags. */
export async function previewReplace(input: TaggingInput, context: ToolContext): Promise<Preview> {
  const { createTagIfNotExisting } = input;
  const { person, current, warnings } = await readTaggedPerson(input, context);
  const requested = distinct(input.tags);
  const lost = current?.filter((tag) => !isAmong(tag, requested));
  const added = requested.filter((tag) => !isAmong(tag, current ?? []));
  const keptTags = requested.filter((tag) => isAmong(tag, current ?? []));
  const rows = (tags: readonly string[]) => tags.map((tag) => quoteName(tag));
  const names = (tags: readonly string[]) => tags.slice(0, SHOWN_ROWS).map((tag) => inline(tag));
  return {
    question: `Replace the tags of ${person.name || person.line}?`,
    lines: [
      `Person: ${person.line}`,
      ...(lost === undefined
        ? ['Tags lost: all current tags', ...titled('Tags afterwards', rows(requested))]
        : [
            ...titled('Tags lost', rows(lost)),
            ...titled('Tags added', rows(added)),
            ...titled('Tags kept', rows(keptTags)),
          ]),
      createTagIfNotExisting
        ? 'Missing tags are created. Tags cannot be deleted.'
        : 'HeyReach rejects the whole call if one of the tags does not exist.',
    ],
    warnings: [...warnings, ...leftOutUrls(person.isUrlLeftOut ? 1 : 0)],
    facts: {
      person: person.facts,
      tags:
        lost === undefined
          ? { lost: null, after: names(requested) }
          : { lost: names(lost), new: names(added), kept: names(keptTags) },
      createTagIfNotExisting,
    },
    boundState: { tags: current?.map((tag) => tag.toLowerCase()).toSorted() ?? null },
  };
}

/** HeyReach ignores the case of tags. */
function isAmong(tag: string, tags: readonly string[]): boolean {
  return tags.some((candidate) => candidate.toLowerCase() === tag.toLowerCase());
}

function distinct(tags: readonly string[]): string[] {
  return tags.filter((tag, index) => !isAmong(tag, tags.slice(0, index)));
}

async function readTaggedPerson(input: TaggingInput, context: ToolContext): Promise<TaggedPerson> {
  const { leadProfileUrl, leadLinkedInId } = input;
  if (leadProfileUrl === undefined) return readByMemberId(leadLinkedInId ?? '', context);
  const { client, call } = context;
  const [current, lead] = await Promise.all([
    readCurrentTags(leadProfileUrl, context),
    optionalRead(client.leads.getLead({ profileUrl: leadProfileUrl }, call)),
  ]);
  const memberId = lead?.linkedin_id;
  const isOther = leadLinkedInId !== undefined && memberId != null && memberId !== leadLinkedInId;
  return {
    person: showPerson({ ...lead, profileUrl: lead?.profileUrl ?? leadProfileUrl }),
    current,
    warnings: [
      ...(lead === undefined ? ['The name of the person could not be read.'] : []),
      ...(isOther
        ? [
            `leadLinkedInId may belong to another person, whose tags would be replaced instead. The person of leadProfileUrl has the member id ${quoteName(memberId)}.`,
          ]
        : []),
    ],
  };
}

/** HeyReach reads tags by profile URL only, so this looks up the profile URL of a member id in the inbox. */
async function readByMemberId(leadLinkedInId: string, context: ToolContext): Promise<TaggedPerson> {
  const { client, call } = context;
  const filters = { linkedInAccountIds: [], campaignIds: [], leadLinkedInId };
  const { items } = await client.inbox.getConversationsV2({ offset: 0, limit: 1, filters }, call);
  const profile = items?.[0]?.correspondentProfile;
  // If HeyReach ignores the filter, it returns another person's conversation.
  if (profile?.profileUrl && profile.linkedin_id === leadLinkedInId) {
    return { person: showPerson(profile), current: await readCurrentTags(profile.profileUrl, context), warnings: [] };
  }
  const campaigns = await optionalRead(
    client.campaigns.getForLead({ linkedinId: leadLinkedInId, offset: 0, limit: 1 }, call),
  );
  const person = showPerson({ firstName: campaigns?.leadFullName });
  const member = `LinkedIn member ${quoteName(leadLinkedInId)}`;
  return {
    person: { ...person, line: person.line === '' ? member : `${person.line} (${member})` },
    current: undefined,
    warnings: [
      'The current tags cannot be read by this member id. All except the given ones are lost. With leadProfileUrl they are shown.',
    ],
  };
}

/** @throws HeyReachError `not_sent` when HeyReach returns no tags, since the loss cannot be shown. */
async function readCurrentTags(profileUrl: string, { client, call }: ToolContext): Promise<string[]> {
  const { tags } = await client.leads.getTags({ profileUrl }, call);
  if (tags !== undefined) return tags ?? [];
  throw new HeyReachError({
    kind: 'unreadable_answer',
    outcome: 'not_sent',
    message: 'HeyReach did not return the current tags of the person',
    meaning: 'The tags that would be lost are unknown, so nothing was changed.',
    nextStep: 'Read them with get_lead_tags. Call again once it returns them.',
  });
}
