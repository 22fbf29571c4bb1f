import type { Campaign, CampaignStatus, Enrolment } from '../model/index.ts';
import { roll } from '../random.ts';
import type { World } from '../state.ts';
import { HOUR, MINUTE } from '../time.ts';
import { delayOf, isBlacklisted, isOver, nodeAt, planStep } from './enrolments.ts';
import { dateOnly, nextOpening } from './schedule.ts';
import { queueDeliveries } from './webhooks.ts';

/** Most pending leads per sender, and the interval of insertions. */
const MAX_PENDING = 2;
const INSERT_EVERY = 6 * HOUR;

/** Adds a person to a campaign. The lead waits until it is inserted. */
export function enrol(
  world: World,
  campaign: Campaign,
  personId: string,
  at: number,
  senderId?: number | undefined,
): Enrolment {
  const { workspace } = world;
  const senderIndex = campaign.enrolments.size % Math.max(1, campaign.accountIds.length);
  const enrolment: Enrolment = {
    id: workspace.nextId.enrolment++,
    personId,
    senderId: senderId ?? campaign.accountIds[senderIndex] ?? 0,
    addedAt: at,
    insertedAt: null,
    status: 'Waiting',
    connection: 'None',
    message: 'None',
    lastActionTime: null,
    failedTime: null,
    errorCode: null,
    statusMessage: null,
    path: '',
    dueAt: null,
    token: 0,
    note: '',
    contacted: false,
  };
  campaign.enrolments.set(personId, enrolment);
  return enrolment;
}

/** Enrols the people of the campaign's list that are not enrolled yet. */
export function enrolList(world: World, campaign: Campaign, at: number): void {
  const list = world.workspace.lists.get(campaign.listId ?? -1);
  for (const personId of list?.members.keys() ?? []) {
    if (!campaign.enrolments.has(personId)) enrol(world, campaign, personId, at);
  }
}

function isRunnable(campaign: Campaign): boolean {
  for (const enrolment of campaign.enrolments.values()) if (!isOver(enrolment)) return true;
  return false;
}

/** Changes the status of a campaign, and records the change. */
export function setStatus(world: World, campaign: Campaign, status: CampaignStatus, at: number): void {
  if (campaign.status === status) return;
  const { id: campaignId, status: from } = campaign;
  world.workspace.journal.push({ kind: 'campaignStatus', at, campaignId, from, to: status });
  campaign.status = status;
}

/** Runs a campaign: after StartCampaign, Resume, the start date, or leads added with a resume flag. */
export function run(world: World, campaign: Campaign, at: number): void {
  setStatus(world, campaign, 'IN_PROGRESS', at);
  campaign.startedAt ??= at;
  enrolList(world, campaign, at);
  const { endDate, timeZoneId } = campaign.schedule;
  const end = endDate === null ? undefined : dateOnly(endDate, timeZoneId);
  if (end !== undefined) world.tasks.push({ kind: 'endDate', at: Math.max(end, at), campaignId: campaign.id });
  if (!isRunnable(campaign)) {
    campaign.autoPauseAt = at + world.quirks.emptyListMs;
    world.tasks.push({ kind: 'autoPause', at: campaign.autoPauseAt, campaignId: campaign.id });
    return;
  }
  // Leads continue at their step. Overdue steps are spread over the next half hour.
  for (const enrolment of campaign.enrolments.values()) {
    if (enrolment.dueAt === null || isOver(enrolment)) continue;
    const delayed = at + roll(world.seed, 'late', campaign.id, enrolment.personId) * 30 * MINUTE;
    planStep(world, campaign, enrolment, Math.max(enrolment.dueAt, Math.floor(delayed)));
  }
  planInsertion(world, campaign, at);
}

/** Plans the next insertion. Only the earliest planned time counts. */
export function planInsertion(world: World, campaign: Campaign, at: number): void {
  if (campaign.insertAt !== null && campaign.insertAt <= at) return;
  campaign.insertAt = at;
  world.tasks.push({ kind: 'insert', at, campaignId: campaign.id });
}

/** Pauses a campaign that has no leads left to run. */
export function autoPause(world: World, campaign: Campaign, at: number): void {
  if (campaign.autoPauseAt !== at) return;
  campaign.autoPauseAt = null;
  if (campaign.status === 'IN_PROGRESS' && !isRunnable(campaign)) setStatus(world, campaign, 'PAUSED', at);
}

/** Starts a draft: at once, or at its start date. */
export function start(world: World, campaign: Campaign, at: number): void {
  const { startDate, timeZoneId } = campaign.schedule;
  const begin = startDate === null ? undefined : dateOnly(startDate, timeZoneId);
  if (begin !== undefined && begin > at) {
    setStatus(world, campaign, 'SCHEDULED', at);
    world.tasks.push({ kind: 'begin', at: begin, campaignId: campaign.id });
  } else if (world.quirks.startingMs > 0) {
    setStatus(world, campaign, 'STARTING', at);
    campaign.startedAt ??= at;
    world.tasks.push({ kind: 'begin', at: at + world.quirks.startingMs, campaignId: campaign.id });
  } else {
    run(world, campaign, at);
  }
}

/** Runs a SCHEDULED or STARTING campaign, unless it was edited or paused meanwhile. */
export function begin(world: World, campaign: Campaign, at: number): void {
  if (campaign.status !== 'SCHEDULED' && campaign.status !== 'STARTING') return;
  if (campaign.status === 'SCHEDULED') {
    const { startDate, timeZoneId } = campaign.schedule;
    const day = startDate === null ? undefined : dateOnly(startDate, timeZoneId);
    if (day !== undefined && day > at) return;
  }
  run(world, campaign, at);
}

/** Finishes a campaign when all of its leads are over. */
export function finishIfDone(world: World, campaign: Campaign, at: number): void {
  if (campaign.status !== 'IN_PROGRESS' || isRunnable(campaign)) return;
  finish(world, campaign, at);
}

function finish(world: World, campaign: Campaign, at: number): void {
  setStatus(world, campaign, 'FINISHED', at);
  queueDeliveries(world, 'CAMPAIGN_COMPLETED', at, { campaign });
}

/** Finishes a campaign and its leads at the end date. */
export function reachEndDate(world: World, campaign: Campaign, at: number): void {
  const { endDate, timeZoneId } = campaign.schedule;
  const end = endDate === null ? undefined : dateOnly(endDate, timeZoneId);
  if (campaign.status !== 'IN_PROGRESS' || end === undefined || end > at) return;
  for (const enrolment of campaign.enrolments.values()) {
    if (isOver(enrolment)) continue;
    enrolment.status = 'Finished';
    enrolment.token++;
    enrolment.dueAt = null;
    // A lead that was never inserted still appears in a finished campaign.
    enrolment.insertedAt ??= at;
  }
  finish(world, campaign, at);
}

function isExcluded(world: World, campaign: Campaign, enrolment: Enrolment): boolean {
  const { workspace } = world;
  const { personId, senderId } = enrolment;
  if (isBlacklisted(world, personId)) return true;
  if (workspace.lists.get(campaign.excludeListId ?? -1)?.members.has(personId)) return true;
  const elsewhere = [...workspace.campaigns.values()].flatMap((otherCampaign) => {
    const membership = otherCampaign.id === campaign.id ? undefined : otherCampaign.enrolments.get(personId);
    return membership?.contacted ? [membership] : [];
  });
  if (campaign.excludeInOtherCampaigns && elsewhere.length > 0) return true;
  if (
    campaign.excludeContactedFromSenderInOtherCampaign &&
    elsewhere.some((membership) => membership.senderId === senderId)
  ) {
    return true;
  }
  if (!campaign.excludeHasOtherAccConversations) return false;
  return [...workspace.accounts.keys()].some((id) => id !== senderId && workspace.threads.has(`${id}:${personId}`));
}

/** Inserts the next waiting leads. HeyReach does not insert a whole list at once. */
export function insertLeads(world: World, campaign: Campaign, at: number): void {
  if (campaign.insertAt !== at) return;
  campaign.insertAt = null;
  if (campaign.status !== 'IN_PROGRESS') return;
  const opening = nextOpening(campaign.schedule, at);
  if (opening > at) {
    planInsertion(world, campaign, opening);
    return;
  }
  // The limit is per sender, so that an inactive sender does not block the others.
  const pending = new Map<number, number>();
  for (const { status, senderId } of campaign.enrolments.values()) {
    if (status === 'Pending') pending.set(senderId, (pending.get(senderId) ?? 0) + 1);
  }
  let waiting = false;
  for (const enrolment of campaign.enrolments.values()) {
    if (enrolment.status !== 'Waiting') continue;
    const before = pending.get(enrolment.senderId) ?? 0;
    if (before >= MAX_PENDING) {
      waiting = true;
      continue;
    }
    if (isExcluded(world, campaign, enrolment)) {
      enrolment.status = 'Excluded';
      continue;
    }
    pending.set(enrolment.senderId, before + 1);
    enrolment.status = 'Pending';
    enrolment.insertedAt = at;
    const root = nodeAt(campaign.sequence, '');
    const spread = Math.floor(roll(world.seed, 'insert', campaign.id, enrolment.personId) * 90 * MINUTE);
    planStep(world, campaign, enrolment, at + (root ? delayOf(root) : 0) + spread);
  }
  if (waiting) planInsertion(world, campaign, at + INSERT_EVERY);
  else finishIfDone(world, campaign, at);
}
