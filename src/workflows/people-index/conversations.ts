import { type InboxPage, readInboxPage } from '../../client/inbox-pages.ts';
import { type Conversation, WHOLE_INBOX } from '../../client/operations/inbox.ts';
import { identityOf } from '../../lib/linkedin-url.ts';
import { countNoun } from '../../lib/text-format.ts';
import { missingLanes, sweepInbox, uncovered } from '../inbox/inbox-sweep.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import type { PartRead } from './part-cache.ts';
import { memberKey } from './person-keys.ts';
import { PAGE_ROWS } from './plan.ts';
import type { PartSource } from './source.ts';

/** A conversation of a person with one sender. */
export interface PersonConversation {
  conversationId: string;
  linkedInAccountId: number;
  wroteLast: 'us' | 'them' | undefined;
  /** A message of the person is in it. */
  theyAnswered: boolean;
  /** A message of the sender is in it. */
  weWrote: boolean;
}

export interface Conversations {
  /** By comparison key and by member key. */
  byPerson: Map<string, PersonConversation[]>;
  incomplete: MissingPart[];
}

/** The first page of the inbox, which says how many conversations there are. */
export async function readInboxStart({ client, call }: PartSource): Promise<PartRead<InboxPage>> {
  const page = await readInboxPage(client, { start: null, limit: PAGE_ROWS, filters: WHOLE_INBOX }, call);
  return { value: { ...page, items: page.items.map(trim) }, rows: page.items.length, isWhole: true };
}

/** Reads the whole inbox. @param first its first page, where it was read a moment ago. */
export async function readConversations(
  first: InboxPage | undefined,
  source: PartSource,
): Promise<PartRead<Conversations>> {
  const { client, time, progress } = source;
  const scope = { linkedInAccountIds: [], campaignIds: [] };
  const sweep = await sweepInbox(
    { bounds: {}, isRest: false },
    { scope, context: { client }, time, progress, first, trim },
  );
  const conversations = sweep.reads.flatMap((read) => read.conversations);
  const byPerson = new Map<string, PersonConversation[]>();
  let unknown = 0;
  for (const conversation of conversations) {
    const { profileUrl, linkedin_id: memberId } = conversation.correspondentProfile ?? {};
    const keys = [identityOf(profileUrl), memberKey(memberId)].filter((key) => key !== undefined);
    if (keys.length === 0) unknown += 1;
    const state = personConversation(conversation);
    for (const key of keys) byPerson.set(key, [...(byPerson.get(key) ?? []), state]);
  }
  const lost = missingLanes(sweep, time);
  const unnamed = {
    part: countNoun(unknown, 'conversation'),
    reason: 'HeyReach gives neither a readable profile URL nor a member id',
  };
  return {
    value: { byPerson, incomplete: [...lost, ...uncovered(sweep), ...(unknown === 0 ? [] : [unnamed])] },
    rows: conversations.length,
    isWhole: lost.length === 0,
  };
}

/** The fields that an index needs. The texts of 10,000 conversations have 25 MB. */
function trim(conversation: Conversation): Conversation {
  const { id, linkedInAccountId, lastMessageAt, lastMessageSender, correspondentProfile, messages } = conversation;
  const senders = ['CORRESPONDENT', 'ME'].filter((each) => messages?.some(({ sender }) => sender === each));
  return {
    id,
    linkedInAccountId,
    lastMessageAt,
    lastMessageSender,
    correspondentProfile: {
      profileUrl: correspondentProfile?.profileUrl,
      linkedin_id: correspondentProfile?.linkedin_id,
    },
    messages: senders.map((sender) => ({ sender })),
  };
}

/** What an index keeps of a conversation. */
export function personConversation(conversation: Conversation): PersonConversation {
  const { id, linkedInAccountId, lastMessageSender, messages } = conversation;
  const wroteLast = lastMessageSender === 'ME' ? 'us' : lastMessageSender === 'CORRESPONDENT' ? 'them' : undefined;
  return {
    conversationId: id ?? '',
    linkedInAccountId: linkedInAccountId ?? 0,
    wroteLast,
    theyAnswered: wroteLast === 'them' || (messages ?? []).some(({ sender }) => sender === 'CORRESPONDENT'),
    weWrote: wroteLast === 'us' || (messages ?? []).some(({ sender }) => sender === 'ME'),
  };
}
