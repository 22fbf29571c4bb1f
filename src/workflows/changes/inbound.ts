import type { Conversation } from '../../client/operations/inbox.ts';
import { fullName, inline } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { missingLanes, sweepInbox, uncovered } from '../inbox/inbox-sweep.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import { dayOf } from '../shared/periods.ts';
import type { ThrottledProgress } from '../shared/throttled-progress.ts';
import type { WorkTime } from '../shared/work-time.ts';
import { markOf } from './snapshot.ts';

/** A message of a person. */
export interface InboundMessage {
  conversationId: string;
  sender: number | undefined;
  name: string;
  company: string;
  profileUrl: string | undefined;
  /** ms since the epoch. */
  at: number;
  text: string;
  mark: string;
}

export interface InboundRead {
  messages: InboundMessage[];
  incomplete: MissingPart[];
  /** Every conversation that HeyReach returns was read. */
  isWhole: boolean;
}

/** Reads the messages of people after a moment, in ms since the epoch. */
export async function readInbound(
  after: number,
  { context, time, progress }: { context: ToolContext; time: WorkTime; progress: ThrottledProgress },
): Promise<InboundRead> {
  const scope = { from: dayOf(after), linkedInAccountIds: [], campaignIds: [] };
  // The texts of all other messages would stay in memory until the last page is read.
  const trim = ({ messages, ...conversation }: Conversation): Conversation => ({
    ...conversation,
    messages: messages?.filter(
      ({ sender, createdAt }) => sender === 'CORRESPONDENT' && Date.parse(createdAt ?? '') > after,
    ),
  });
  const sweep = await sweepInbox({ bounds: {}, isRest: false }, { scope, context, time, progress, trim });
  // A conversation that moves to the front while its lane is read is on two pages.
  const conversations = new Map(
    sweep.reads.flatMap((read) => read.conversations).map((item) => [`${item.linkedInAccountId} ${item.id}`, item]),
  );
  return {
    messages: [...conversations.values()].flatMap(messagesOf).sort((a, b) => a.at - b.at),
    incomplete: [...missingLanes(sweep, time), ...uncovered(sweep)],
    isWhole: sweep.reads.every(({ stopped }) => stopped === undefined),
  };
}

function messagesOf({ id, linkedInAccountId, correspondentProfile: person, messages }: Conversation): InboundMessage[] {
  const conversationId = id ?? '';
  return (messages ?? []).map(({ createdAt, body }) => ({
    conversationId,
    sender: linkedInAccountId ?? undefined,
    name: inline(fullName(person)),
    company: inline(person?.companyName),
    profileUrl: person?.profileUrl ?? undefined,
    at: Date.parse(createdAt ?? ''),
    text: inline(body, Number.POSITIVE_INFINITY),
    // HeyReach gives messages no id.
    mark: markOf('message', conversationId, createdAt, body),
  }));
}
