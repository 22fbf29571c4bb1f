import { type InboxPage, type InboxStart, isUnknownTag, readInboxPage } from '../../client/inbox-pages.ts';
import type { HeyReachError } from '../../client/index.ts';
import { WHOLE_INBOX } from '../../client/operations/inbox.ts';
import { identityOf } from '../../lib/linkedin-url.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { openIndex } from '../people-index/open-index.ts';
import type { PartRead } from '../people-index/part-cache.ts';
import { memberKey } from '../people-index/person-keys.ts';
import { PAGE_ROWS } from '../people-index/plan.ts';
import { type PartSource, partOf } from '../people-index/source.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import { type Settled, settle, settlePerson } from '../shared/settle.ts';

/** The tag that suppress_leads sets by default. */
export const DO_NOT_CONTACT_TAG = 'do-not-contact';
/** 100 conversations a request. */
const MAX_PAGES = 10;

/** The people with the tag do-not-contact. */
export interface TaggedPeople {
  /** Comparison keys of people and of their member ids. */
  keys: ReadonlySet<string>;
  /** Whose tags are not known. */
  incomplete: MissingPart[];
}

/**
 * Finds the people with the tag, for any number of people in one request. HeyReach filters conversations by tag, and shows the
 * tags of other people one by one only. Where it does not know the tag, no one has it.
 * @throws HeyReachError only when the call is cancelled.
 */
export async function readTaggedPeople(context: ToolContext): Promise<TaggedPeople> {
  // Its requests have another unit than the progress of the call.
  const source = await openIndex({ ...context, progress: async () => {} });
  const read = await settle(partOf(source, 'tagged', readTagged));
  return read.ok ? read.value.value : unknownTags(read.error);
}

/** Reads the tags of one person, also of one without a conversation. */
export async function readTagsOf(profileUrl: string, { client, call }: ToolContext): Promise<TaggedPeople> {
  // A person that HeyReach does not know has no tags.
  const read = await settlePerson<{ tags?: readonly string[] | null | undefined }>(
    client.leads.getTags({ profileUrl }, call),
    { tags: [] },
  );
  if (!read.ok) return unknownTags(read.error);
  const key = identityOf(profileUrl);
  return hasTag(read.value.tags) && key !== undefined ? { keys: new Set([key]), incomplete: [] } : NO_ONE;
}

export function hasTag(tags: readonly string[] | null | undefined): boolean {
  return tags?.some((tag) => tag.toLowerCase() === DO_NOT_CONTACT_TAG) === true;
}

const NO_ONE: TaggedPeople = { keys: new Set(), incomplete: [] };

function unknownTags({ message }: HeyReachError): TaggedPeople {
  return { keys: new Set(), incomplete: [{ part: `the tag ${DO_NOT_CONTACT_TAG}`, reason: message }] };
}

async function readTagged({ client, call }: PartSource): Promise<PartRead<TaggedPeople>> {
  const filters = { ...WHOLE_INBOX, tags: [DO_NOT_CONTACT_TAG] };
  const keys = new Set<string>();
  let next: InboxStart = null;
  for (let page = 0; page === 0 || (next !== null && page < MAX_PAGES); page += 1) {
    const read: Settled<InboxPage> = await settle(
      readInboxPage(client, { start: next, limit: PAGE_ROWS, filters }, call),
    );
    if (!read.ok && page === 0 && isUnknownTag(read.error, filters)) return { value: NO_ONE, rows: 0, isWhole: true };
    if (!read.ok) throw read.error;
    for (const { correspondentProfile: person } of read.value.items) {
      // HeyReach ignores a filter that it does not know, and then returns every conversation.
      if (person?.tags != null && !hasTag(person.tags)) continue;
      for (const key of [identityOf(person?.profileUrl), memberKey(person?.linkedin_id)]) if (key) keys.add(key);
    }
    next = read.value.next;
  }
  const others = next === null ? 'people without a conversation' : 'people with older or without conversations';
  const incomplete = [
    { part: `the tag ${DO_NOT_CONTACT_TAG} of ${others}`, reason: 'HeyReach lists tags with conversations only' },
  ];
  return { value: { keys, incomplete }, rows: keys.size, isWhole: true };
}
