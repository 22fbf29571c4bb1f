import type { Activity, ActivityKind, Campaign, Enrolment, SequenceNode } from '../model/index.ts';
import { nodeAt } from '../simulation/enrolments.ts';
import type { World } from '../state.ts';
import { DAY, dayOf } from '../time.ts';
import { conversationsIn, hasStepsLeft, leadStatusOf, moment, slugOf } from './state-queries.ts';
import type { AcceptedLead, CampaignQueue, PersonEvent, Statistics, StatisticsRow, TruthQuery } from './types.ts';

/** Recorded actions of a kind as events, in order of time. */
export function eventsOf(
  world: World,
  kinds: readonly ActivityKind[],
  after = Number.NEGATIVE_INFINITY,
): PersonEvent[] {
  return world.workspace.activity
    .filter(({ kind, at }) => kinds.includes(kind) && at > after)
    .sort((a, b) => a.at - b.at)
    .map(({ personId, at, campaignId, accountId }) => ({
      slug: slugOf(world, personId),
      at: moment(at),
      campaignId,
      linkedInAccountId: accountId,
    }));
}

/** See `Truth.acceptances`. */
export function acceptances(world: World): PersonEvent[] {
  return eventsOf(world, ['connectionsAccepted']);
}

function hasMessageStep(node: SequenceNode | undefined): boolean {
  if (node === undefined) return false;
  return node.nodeType === 'MESSAGE' || hasMessageStep(node.conditionalNode) || hasMessageStep(node.unconditionalNode);
}

function outcomeOf(campaign: Campaign, enrolment: Enrolment): AcceptedLead['outcome'] {
  if (!hasStepsLeft(enrolment)) return 'never';
  if (campaign.status === 'PAUSED') return 'held';
  if (campaign.status !== 'IN_PROGRESS') return 'never';
  return hasMessageStep(nodeAt(campaign.sequence, enrolment.path)) ? 'comes' : 'never';
}

/** See `Truth.acceptedNotMessaged`. */
export function acceptedNotMessaged(world: World): AcceptedLead[] {
  const { campaigns, activity } = world.workspace;
  const acceptedAt = new Map<string, number>();
  for (const { kind, at, campaignId, personId } of activity) {
    if (kind === 'connectionsAccepted') acceptedAt.set(`${campaignId}:${personId}`, at);
  }
  const written = new Set<string>();
  for (const { personId, messages } of conversationsIn(world)) {
    if (messages.some(({ sender }) => sender === 'ME')) written.add(personId);
  }
  return [...campaigns.values()]
    .flatMap((campaign) => [...campaign.enrolments.values()].map((enrolment) => ({ campaign, enrolment })))
    .filter(({ enrolment }) => enrolment.connection === 'ConnectionAccepted' && enrolment.message === 'None')
    .map(({ campaign, enrolment }) => ({
      slug: slugOf(world, enrolment.personId),
      campaignId: campaign.id,
      campaignStatus: campaign.status,
      leadStatus: leadStatusOf(world, campaign, enrolment),
      linkedInAccountId: enrolment.senderId,
      acceptedAt: moment(acceptedAt.get(`${campaign.id}:${enrolment.personId}`)!),
      outcome: outcomeOf(campaign, enrolment),
      wroteOtherwise: written.has(enrolment.personId),
    }))
    .sort((a, b) => Date.parse(a.acceptedAt) - Date.parse(b.acceptedAt));
}

/** See `Truth.queues`. */
export function queues(world: World): CampaignQueue[] {
  return [...world.workspace.campaigns.values()].map(({ id, status, accountIds, enrolments }) => {
    const counts: Partial<Record<Enrolment['status'], number>> = {};
    const waitingBySender: Record<string, number> = {};
    for (const lead of enrolments.values()) {
      counts[lead.status] = (counts[lead.status] ?? 0) + 1;
      if (lead.status !== 'Waiting' && lead.status !== 'Pending') continue;
      waitingBySender[lead.senderId] = (waitingBySender[lead.senderId] ?? 0) + 1;
    }
    const { Waiting = 0, Pending = 0, InSequence = 0 } = counts;
    return {
      campaignId: id,
      status,
      linkedInAccountIds: [...accountIds],
      total: enrolments.size,
      waiting: Waiting + Pending,
      notInserted: Waiting,
      pending: Pending,
      inSequence: InSequence,
      waitingBySender,
    };
  });
}

const COLUMNS: Partial<Record<ActivityKind, Exclude<keyof StatisticsRow, 'campaignId' | 'linkedInAccountId'>>> = {
  connectionsSent: 'invitationsSent',
  connectionsAccepted: 'invitationsAccepted',
  totalMessageStarted: 'messagesStarted',
  totalMessageReplies: 'messageReplies',
  totalInmailStarted: 'inmailsStarted',
  totalInmailReplies: 'inmailReplies',
};

const dayText = (ms: number): string => moment(ms).slice(0, 10);

/** See `Truth.stats`. */
export function stats(world: World, { from, to }: TruthQuery): Statistics {
  const { activity } = world.workspace;
  const earliest = activity.reduce((least, { at }) => Math.min(least, at), world.now());
  const first = from === undefined ? dayOf(earliest) : Date.parse(from);
  const last = to === undefined ? dayOf(world.now()) : Date.parse(to);
  const rows = new Map<string, StatisticsRow>();
  for (const action of activity) {
    const column = COLUMNS[action.kind];
    if (column === undefined || action.at < first || action.at >= last + DAY) continue;
    rowOf(rows, action)[column]++;
  }
  return {
    from: dayText(first),
    to: dayText(last),
    rows: [...rows.values()].sort((a, b) => a.campaignId - b.campaignId || a.linkedInAccountId - b.linkedInAccountId),
  };
}

function rowOf(rows: Map<string, StatisticsRow>, { campaignId, accountId }: Activity): StatisticsRow {
  const key = `${campaignId}:${accountId}`;
  const row = rows.get(key) ?? {
    campaignId,
    linkedInAccountId: accountId,
    invitationsSent: 0,
    invitationsAccepted: 0,
    messagesStarted: 0,
    messageReplies: 0,
    inmailsStarted: 0,
    inmailReplies: 0,
  };
  rows.set(key, row);
  return row;
}
