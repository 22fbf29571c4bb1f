import { HeyReachError } from '../../client/index.ts';
import { unlessUnreadable } from '../decoration.ts';
import type { ToolContext } from '../define.ts';
import { inline, type Preview, SHOWN_ROWS } from '../preview.ts';
import { showPerson, titled } from '../preview-lines.ts';
import type { TaggingInput } from './tagging.ts';

/** Whose tags would be replaced, and what they have now. */
interface Tagged {
  person: ReturnType<typeof showPerson>;
  /** undefined where no read can tell. */
  present: string[] | undefined;
  warnings: string[];
}

/** Which tags a person would lose, get and keep. Bound to the present ones. */
export async function previewReplace(input: TaggingInput, context: ToolContext): Promise<Preview> {
  const { createTagIfNotExisting } = input;
  const { person, present, warnings } = await readTagged(input, context);
  const given = distinct(input.tags);
  const lost = present?.filter((tag) => !isAmong(tag, given));
  const added = given.filter((tag) => !isAmong(tag, present ?? []));
  const kept = given.filter((tag) => isAmong(tag, present ?? []));
  const rows = (tags: readonly string[]) => tags.map((tag) => inline(tag));
  return {
    question: `Replace the tags of ${person.facts.name ?? person.line}?`,
    lines: [
      `Person: ${person.line}`,
      ...(lost === undefined
        ? ['Tags lost: all that there are', ...titled('Tags afterwards', rows(given))]
        : [
            ...titled('Tags lost', rows(lost)),
            ...titled('Tags that are new', rows(added)),
            ...titled('Tags that stay', rows(kept)),
          ]),
      createTagIfNotExisting
        ? 'A tag that does not exist yet is created; tags cannot be deleted.'
        : 'HeyReach refuses all of it if one of the tags does not exist.',
    ],
    warnings,
    facts: {
      person: person.facts,
      tags:
        lost === undefined
          ? { lost: null, after: rows(given).slice(0, SHOWN_ROWS) }
          : {
              lost: rows(lost).slice(0, SHOWN_ROWS),
              new: rows(added).slice(0, SHOWN_ROWS),
              kept: rows(kept).slice(0, SHOWN_ROWS),
            },
      createTagIfNotExisting,
    },
    binds: { tags: present?.map((tag) => tag.toLowerCase()).toSorted() ?? null },
  };
}

/** HeyReach compares tags without regard to case. */
function isAmong(tag: string, tags: readonly string[]): boolean {
  return tags.some((other) => other.toLowerCase() === tag.toLowerCase());
}

function distinct(tags: readonly string[]): string[] {
  return tags.filter((tag, at) => !isAmong(tag, tags.slice(0, at)));
}

async function readTagged(input: TaggingInput, context: ToolContext): Promise<Tagged> {
  const { leadProfileUrl, leadLinkedInId } = input;
  if (leadProfileUrl === undefined) return readByMemberId(leadLinkedInId ?? '', context);
  const { client, call } = context;
  const [present, lead] = await Promise.all([
    readPresent(leadProfileUrl, context),
    unlessUnreadable(client.leads.getLead({ profileUrl: leadProfileUrl }, call)),
  ]);
  const known = lead?.linkedin_id;
  const isOther = leadLinkedInId !== undefined && known != null && known !== leadLinkedInId;
  return {
    person: showPerson({ ...lead, profileUrl: lead?.profileUrl ?? leadProfileUrl }),
    present,
    warnings: [
      ...(lead === undefined ? ['The name of the person could not be read.'] : []),
      ...(isOther
        ? [
            `leadLinkedInId may name somebody else, whose tags would be replaced instead: the person of leadProfileUrl has the member id ${inline(known)}.`,
          ]
        : []),
    ],
  };
}

/** Tags are read by profile URL only, so a person known by the member id is looked for in the inbox first. */
async function readByMemberId(leadLinkedInId: string, context: ToolContext): Promise<Tagged> {
  const { client, call } = context;
  const filters = { linkedInAccountIds: [], campaignIds: [], leadLinkedInId };
  const { items } = await client.inbox.getConversationsV2({ offset: 0, limit: 1, filters }, call);
  const profile = items?.[0]?.correspondentProfile;
  // A filter that HeyReach overlooks would bring somebody else.
  if (profile?.profileUrl && profile.linkedin_id === leadLinkedInId) {
    return { person: showPerson(profile), present: await readPresent(profile.profileUrl, context), warnings: [] };
  }
  const campaigns = await unlessUnreadable(
    client.campaigns.getForLead({ linkedinId: leadLinkedInId, offset: 0, limit: 1 }, call),
  );
  const { facts, line } = showPerson({ firstName: campaigns?.leadFullName });
  const member = `LinkedIn member ${inline(leadLinkedInId)}`;
  return {
    person: { line: line === '' ? member : `${line} (${member})`, facts },
    present: undefined,
    warnings: [
      'The present tags cannot be read by this member id: whatever they are, all but the given ones are lost. With leadProfileUrl they are shown.',
    ],
  };
}

/** @throws HeyReachError `not_sent` where HeyReach does not say them: nobody could tell what is lost. */
async function readPresent(profileUrl: string, { client, call }: ToolContext): Promise<string[]> {
  const { tags } = await client.leads.getTags({ profileUrl }, call);
  if (tags !== undefined) return tags ?? [];
  throw new HeyReachError({
    kind: 'unreadable_answer',
    outcome: 'not_sent',
    message: 'HeyReach did not say the present tags of the person',
    meaning: 'Nobody could tell which tags would be lost, so nothing was changed.',
    nextStep: 'Read them with get_lead_tags; call again once they are there.',
  });
}
