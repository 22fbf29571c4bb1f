import { identityOf } from '../../lib/linkedin-url.ts';
import { countNoun } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { readConversationsOf } from '../inbox/person-conversations.ts';
import type { PersonConversation } from '../people-index/conversations.ts';
import { readInboxStart } from '../people-index/conversations.ts';
import { openIndex } from '../people-index/open-index.ts';
import { memberKey } from '../people-index/person-keys.ts';
import { planIndex } from '../people-index/plan.ts';
import { readPeopleIndex } from '../people-index/read-people-index.ts';
import { type IndexSource, partOf } from '../people-index/source.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import type { WorkTime } from '../shared/work-time.ts';
import type { StageLead } from './stages.ts';

/** Up to this many people take one request each, whatever the size of the inbox. */
const FEW_PEOPLE = 3;
const MAX_SIDE_BY_SIDE = 8;

/** What the inbox says of a person. */
export interface InboxContact {
  /** A sender wrote to them. */
  weWrote: boolean;
  /** They wrote to a sender. */
  theyWrote: boolean;
}

export interface InboxContacts {
  /** Undefined where it was not read, or where there is no conversation. */
  of(lead: StageLead): InboxContact | undefined;
  way: 'person by person' | 'whole inbox' | 'none';
  incomplete: MissingPart[];
}

/** Reads what the inbox says of people: one request a person, or the whole inbox where that takes fewer. */
export async function readInboxContacts(
  leads: readonly StageLead[],
  context: ToolContext,
  time: WorkTime,
): Promise<InboxContacts> {
  const people = new Map(leads.map((lead) => [keysOf(lead)[0] ?? '', lead]));
  people.delete('');
  if (people.size === 0) return { of: () => undefined, way: 'none', incomplete: [] };
  const source = await openIndex(context);
  return (await isIndexCheaper(people.size, source, context))
    ? readFromIndex(source)
    : readOneByOne([...people.values()], context, time);
}

function keysOf({ profileUrl, memberId }: StageLead): string[] {
  return [identityOf(profileUrl), memberKey(memberId)].filter((key) => key !== undefined);
}

async function isIndexCheaper(people: number, source: IndexSource, { client }: ToolContext): Promise<boolean> {
  if (source.cache.get(client.fingerprint, 'inbox') !== undefined) return true;
  if (people <= FEW_PEOPLE) return false;
  const start = await settle(partOf(source, 'inbox start', readInboxStart));
  if (!start.ok) return false;
  const conversations = start.value.value.totalCount ?? Number.POSITIVE_INFINITY;
  return planIndex({ lists: [], conversations, senders: 1, blacklist: 0 }).requests < people;
}

async function readFromIndex(source: IndexSource): Promise<InboxContacts> {
  const read = await readPeopleIndex(source, { checks: ['conversations'], maxRequests: Number.POSITIVE_INFINITY });
  if (read.state === 'not_checked') return unread(read.reason);
  const { conversations, incomplete } = read.index;
  const of = (lead: StageLead) => {
    const own = keysOf(lead).flatMap((key) => conversations?.get(key) ?? []);
    return own.length === 0 ? undefined : contactOf(own);
  };
  return { of, way: 'whole inbox', incomplete };
}

function contactOf(conversations: readonly PersonConversation[]): InboxContact {
  return {
    weWrote: conversations.some(({ weWrote }) => weWrote),
    theyWrote: conversations.some(({ theyAnswered }) => theyAnswered),
  };
}

async function readOneByOne(
  people: readonly StageLead[],
  { client }: ToolContext,
  time: WorkTime,
): Promise<InboxContacts> {
  const contacts = new Map<string, InboxContact>();
  const withUrl = people.filter(({ profileUrl }) => profileUrl !== undefined);
  const reads = await sideBySide(withUrl, MAX_SIDE_BY_SIDE, async (lead) => ({
    lead,
    read: await readConversationsOf(lead.profileUrl!, client, time.call),
  }));
  for (const { lead, read } of reads) {
    if (!read.ok || read.value.length === 0) continue;
    const senders = read.value.flatMap(({ messages, lastMessageSender }) => [
      lastMessageSender,
      ...(messages ?? []).map(({ sender }) => sender),
    ]);
    const contact = { weWrote: senders.includes('ME'), theyWrote: senders.includes('CORRESPONDENT') };
    for (const key of keysOf(lead)) contacts.set(key, contact);
  }
  const failed = reads.flatMap(({ read }) => (read.ok ? [] : [read.error]));
  const part = (count: number) => `inbox of ${countNoun(count, 'person', 'people')}`;
  const withoutUrl = people.length - withUrl.length;
  return {
    of: (lead) => keysOf(lead).flatMap((key) => contacts.get(key) ?? [])[0],
    way: 'person by person',
    incomplete: [
      ...(failed[0] === undefined ? [] : [missing(part(failed.length), failed[0], time)]),
      ...(withoutUrl === 0 ? [] : [{ part: part(withoutUrl), reason: 'they have no profile URL to ask for' }]),
    ],
  };
}

function unread(reason: string): InboxContacts {
  return { of: () => undefined, way: 'none', incomplete: [{ part: 'inbox', reason }] };
}
