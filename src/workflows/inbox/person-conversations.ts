import { readInboxPage, withoutConversations } from '../../client/inbox-pages.ts';
import type { CallOptions, HeyReachClient } from '../../client/index.ts';
import { type Conversation, WHOLE_INBOX } from '../../client/operations/inbox.ts';
import { type Settled, settle } from '../shared/settle.ts';

/** More than a person can have: one conversation with each sender. */
const MAX_CONVERSATIONS = 100;

/** The conversations with one person, newest first. None where HeyReach does not know the person. */
export async function readConversationsOf(
  profileUrl: string,
  client: HeyReachClient,
  call: CallOptions,
): Promise<Settled<Conversation[]>> {
  const filters = { ...WHOLE_INBOX, leadProfileUrl: profileUrl };
  const read = await settle(readInboxPage(client, { start: null, limit: MAX_CONVERSATIONS, filters }, call));
  if (read.ok) {
    const { items, totalCount = 0 } = read.value;
    return items.length === 0 && totalCount > 0
      ? { ok: false, error: withoutConversations() }
      : { ok: true, value: items };
  }
  // HeyReach rejects the URL of a person whom it does not know.
  return read.error.status === 400 && /resolve/i.test(read.error.message) ? { ok: true, value: [] } : read;
}
