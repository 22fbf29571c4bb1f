import type { World } from '../state.ts';
import { DAY } from '../time.ts';
import { eventsOf } from './campaigns.ts';
import { conversationsIn, moment, slugOf } from './state-queries.ts';
import type { Changes, TruthQuery } from './types.ts';

function sinceOf(world: World, since: TruthQuery['since']): number {
  if (since === undefined) return world.now() - 7 * DAY;
  return typeof since === 'number' ? since : Date.parse(since);
}

/** ISO texts of one format sort like their moments. */
const byTime = (a: { at: string }, b: { at: string }): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

/** See `Truth.changesSince`. */
export function changesSince(world: World, query: TruthQuery): Changes {
  const { journal, campaigns, lists } = world.workspace;
  const since = sinceOf(world, query.since);
  const inbound = conversationsIn(world).flatMap(({ id, accountId, personId, messages }) =>
    messages
      .filter(({ sender, createdAt }) => sender === 'CORRESPONDENT' && createdAt > since)
      .map(({ createdAt, body }) => ({
        conversationId: id,
        linkedInAccountId: accountId,
        slug: slugOf(world, personId),
        at: moment(createdAt),
        text: body,
      })),
  );
  const failures = [...campaigns.values()].flatMap(({ id, enrolments }) =>
    [...enrolments.values()].flatMap(({ personId, senderId, failedTime, errorCode }) => {
      if (failedTime === null || failedTime <= since) return [];
      const event = { slug: slugOf(world, personId), at: moment(failedTime), campaignId: id };
      return [{ ...event, linkedInAccountId: senderId, errorCode: errorCode ?? '' }];
    }),
  );
  const listAdditions = [...lists.values()].flatMap(({ id, members }) =>
    [...members].flatMap(([personId, at]) =>
      at > since ? [{ listId: id, slug: slugOf(world, personId), at: moment(at) }] : [],
    ),
  );
  const later = journal.filter(({ at }) => at > since).sort((a, b) => a.at - b.at);
  return {
    since: moment(since),
    inbound: inbound.sort(byTime),
    invitations: eventsOf(world, ['connectionsSent'], since),
    acceptances: eventsOf(world, ['connectionsAccepted'], since),
    replies: eventsOf(world, ['totalMessageReplies', 'totalInmailReplies'], since),
    failures: failures.sort(byTime),
    campaignStatuses: later.flatMap((entry) => {
      if (entry.kind !== 'campaignStatus') return [];
      const { campaignId, at, from, to } = entry;
      return [{ campaignId, at: moment(at), from, to }];
    }),
    listAdditions: listAdditions.sort(byTime),
    listRemovals: later.flatMap((entry) =>
      entry.kind === 'listRemoval'
        ? [{ listId: entry.listId, slug: slugOf(world, entry.personId), at: moment(entry.at) }]
        : [],
    ),
  };
}
