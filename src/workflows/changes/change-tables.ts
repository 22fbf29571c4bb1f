import { shortProfileUrl } from '../../lib/linkedin-url.ts';
import { inline } from '../../lib/text-format.ts';
import type { CallerFiles, Cell as FileCell } from '../../mcp/services/caller-files.ts';
import { type Table, toTable } from '../shared/table.ts';
import { clipTo } from '../shared/text-room.ts';
import type { StateChange } from './compare.ts';
import type { InboundMessage } from './inbound.ts';
import type { LeadEvent } from './lead-changes.ts';

const MAX_TEXT = 120;

/** What changed. A kind without an earlier state to compare with is undefined. */
export interface Changes {
  inbound: InboundMessage[];
  accepted: LeadEvent[] | undefined;
  replied: LeadEvent[] | undefined;
  failures: LeadEvent[];
  campaigns: StateChange[] | undefined;
  lists: StateChange[] | undefined;
  senders: StateChange[] | undefined;
}

/** The messages of a conversation, the last one last. */
type Thread = [InboundMessage, ...InboundMessage[]];

/** Inbound messages by conversation, the newest conversation first. */
function threadsOf(messages: readonly InboundMessage[]): Thread[] {
  const threads = new Map<string, Thread>();
  for (const message of messages) {
    const name = `${message.sender} ${message.conversationId}`;
    const thread = threads.get(name);
    if (thread === undefined) threads.set(name, [message]);
    else thread.push(message);
  }
  return [...threads.values()].toSorted((a, b) => b.at(-1)!.at - a.at(-1)!.at);
}

const personColumns = {
  name: ({ name }: LeadEvent) => name,
  company: ({ company }: LeadEvent) => company || null,
  profileUrl: ({ profileUrl }: LeadEvent) => shortProfileUrl(profileUrl),
  campaignId: ({ campaignId }: LeadEvent) => campaignId,
  linkedInAccountId: ({ sender }: LeadEvent) => sender,
};
const minute = (at: number) => `${new Date(at).toISOString().slice(0, 16)}Z`;

/** The tables of a result, at most `limit` rows each. A table without rows is left out. */
export function changeTables(changes: Changes, limit: number): Record<string, Table> {
  const { inbound, accepted = [], replied = [], failures } = changes;
  const tables: Record<string, Table> = {
    inbound: toTable(threadsOf(inbound).slice(0, limit), {
      conversationId: ([first]) => first.conversationId,
      linkedInAccountId: ([first]) => first.sender,
      name: ([first]) => first.name,
      profileUrl: ([first]) => shortProfileUrl(first.profileUrl),
      messages: (thread) => thread.length,
      at: (thread) => minute(thread.at(-1)!.at),
      said: (thread) => clipTo(thread.at(-1)!.text, { characters: MAX_TEXT }),
    }),
    accepted: toTable(accepted.slice(0, limit), personColumns),
    replied: toTable(replied.slice(0, limit), personColumns),
    failures: toTable(failures.slice(0, limit), {
      ...personColumns,
      at: ({ at }) => minute(at),
      errorCode: ({ errorCode }) => errorCode,
    }),
    campaigns: stateTable(changes.campaigns, 'campaignId', limit),
    lists: stateTable(changes.lists, 'listId', limit),
    senders: stateTable(changes.senders, 'linkedInAccountId', limit),
  };
  return Object.fromEntries(Object.entries(tables).filter(([, { rows }]) => rows.length > 0));
}

function stateTable(changes: readonly StateChange[] = [], idColumn: string, limit: number): Table {
  return toTable(changes.slice(0, limit), {
    [idColumn]: ({ id }: StateChange) => id,
    name: ({ name }: StateChange) => inline(name),
    before: ({ before }: StateChange) => before,
    now: ({ now }: StateChange) => now,
  });
}

/** Whether some table has more rows than a result shows. */
export function isCutAt({ inbound, accepted = [], replied = [], ...others }: Changes, limit: number): boolean {
  return [threadsOf(inbound), accepted, replied, ...Object.values(others)].some((rows = []) => rows.length > limit);
}

/** Keeps all changes as a file, where a result shows a part of them. */
export async function keepChanges(changes: Changes, files: CallerFiles) {
  const { inbound, accepted = [], replied = [], failures } = changes;
  const ofState = (kind: string, rows: readonly StateChange[] = []): FileCell[][] =>
    rows.map(({ id, name, before, now }) => {
      const what = `${before ?? 'none'} -> ${now ?? 'none'}`;
      return [kind, undefined, inline(name), undefined, undefined, id, undefined, undefined, what];
    });
  const ofLead = (kind: string, rows: readonly LeadEvent[], hasTime: boolean): FileCell[][] =>
    rows.map(({ at, name, company, profileUrl, campaignId, sender, errorCode }) => {
      const time = hasTime ? new Date(at).toISOString() : undefined;
      return [kind, time, name, company, profileUrl, campaignId, sender, undefined, hasTime ? errorCode : undefined];
    });
  const link = await files.keep({
    kind: 'get_changes',
    columns: ['change', 'at', 'name', 'company', 'profileUrl', 'id', 'linkedInAccountId', 'conversationId', 'text'],
    rows: [
      ...inbound.map(({ at, name, company, profileUrl, sender, conversationId, text }): FileCell[] => {
        const time = new Date(at).toISOString();
        return ['inbound', time, name, company, profileUrl, undefined, sender, conversationId, text];
      }),
      ...ofLead('accepted', accepted, false),
      ...ofLead('replied', replied, false),
      ...ofLead('failure', failures, true),
      ...ofState('campaign', changes.campaigns),
      ...ofState('list', changes.lists),
      ...ofState('sender', changes.senders),
    ],
  });
  const { resultId, uri, rows, path } = link;
  return { link, fields: { resultId, file: { uri, rows, ...(path === undefined ? {} : { path }) } } };
}
