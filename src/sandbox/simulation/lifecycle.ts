import type { Campaign, Enrolment } from '../model.ts';
import { roll } from '../random.ts';
import { HOUR, MINUTE } from '../time.ts';
import type { World } from '../world.ts';
import { delayOf, isBlacklisted, isOver, nodeAt, planStep } from './enrolments.ts';
import { dateOnly, nextOpening } from './schedule.ts';

import { fire } from './webhooks.ts';

/** How many leads of a sender may be about to start, and how often there are new ones. */
const ABOUT_TO_START = 2;
const INSERT_EVERY = 6 * HOUR;

/** Puts a person into a campaign; it waits there until it is inserted. */
export function enrol(
  world: World,
  campaign: Campaign,
  personId: string,
  at: number,
  senderId?: number | undefined,
): Enrolment {
  const { workspace } = world;
  const turn = campaign.enrolments.size % Math.max(1, campaign.accountIds.length);
  const enrolment: Enrolment = {
    id: workspace.nextId.enrolment++,
    personId,
    senderId: senderId ?? campaign.accountIds[turn] ?? 0,
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

/** Takes in what the bound list has and the campaign does not know yet. */
export function takeInList(world: World, campaign: Campaign, at: number): void {
  const list = world.workspace.lists.get(campaign.listId ?? -1);
  for (const personId of list?.members.keys() ?? []) {
    if (!campaign.enrolments.has(personId)) enrol(world, campaign, personId, at);
  }
}

function isRunnable(campaign: Campaign): boolean {
  for (const enrolment of campaign.enrolments.values()) if (!isOver(enrolment)) return true;
  return false;
}

/** Makes a campaign run: StartCampaign, Resume, a reached start date or leads added with a resume flag. */
export function run(world: World, campaign: Campaign, at: number): void {
  campaign.status = 'IN_PROGRESS';
  campaign.startedAt ??= at;
  takeInList(world, campaign, at);
  const { endDate, timeZoneId } = campaign.schedule;
  const end = endDate === null ? undefined : dateOnly(endDate, timeZoneId);
  if (end !== undefined) world.tasks.push({ kind: 'endDate', at: Math.max(end, at), campaignId: campaign.id });
  if (!isRunnable(campaign)) {
    campaign.autoPauseAt = at + world.quirks.emptyListMs;
    world.tasks.push({ kind: 'autoPause', at: campaign.autoPauseAt, campaignId: campaign.id });
    return;
  }
  // Leads that were held at a step go on; what fell due in the meantime is spread over the next half hour.
  for (const enrolment of campaign.enrolments.values()) {
    if (enrolment.dueAt === null || isOver(enrolment)) continue;
    const late = at + roll(world.seed, 'late', campaign.id, enrolment.personId) * 30 * MINUTE;
    planStep(world, campaign, enrolment, Math.max(enrolment.dueAt, Math.floor(late)));
  }
  planInsertion(world, campaign, at);
}

/** Makes sure that waiting leads are looked at by `at`; only the earliest plan counts. */
export function planInsertion(world: World, campaign: Campaign, at: number): void {
  if (campaign.insertAt !== null && campaign.insertAt <= at) return;
  campaign.insertAt = at;
  world.tasks.push({ kind: 'insert', at, campaignId: campaign.id });
}

/** A campaign that found nothing to do pauses itself. */
export function autoPause(campaign: Campaign, at: number): void {
  if (campaign.autoPauseAt !== at) return;
  campaign.autoPauseAt = null;
  if (campaign.status === 'IN_PROGRESS' && !isRunnable(campaign)) campaign.status = 'PAUSED';
}

/** Starts a campaign that was prepared: at once, or when its start date comes. */
export function start(world: World, campaign: Campaign, at: number): void {
  const { startDate, timeZoneId } = campaign.schedule;
  const begin = startDate === null ? undefined : dateOnly(startDate, timeZoneId);
  if (begin !== undefined && begin > at) {
    campaign.status = 'SCHEDULED';
    world.tasks.push({ kind: 'begin', at: begin, campaignId: campaign.id });
  } else if (world.quirks.startingMs > 0) {
    campaign.status = 'STARTING';
    campaign.startedAt ??= at;
    world.tasks.push({ kind: 'begin', at: at + world.quirks.startingMs, campaignId: campaign.id });
  } else {
    run(world, campaign, at);
  }
}

/** A SCHEDULED or STARTING campaign begins; one that was edited or paused meanwhile does not. */
export function begin(world: World, campaign: Campaign, at: number): void {
  if (campaign.status !== 'SCHEDULED' && campaign.status !== 'STARTING') return;
  if (campaign.status === 'SCHEDULED') {
    const { startDate, timeZoneId } = campaign.schedule;
    const day = startDate === null ? undefined : dateOnly(startDate, timeZoneId);
    if (day !== undefined && day > at) return;
  }
  run(world, campaign, at);
}

/** Every lead is done: the campaign is FINISHED. */
export function finishIfDone(world: World, campaign: Campaign, at: number): void {
  if (campaign.status !== 'IN_PROGRESS' || isRunnable(campaign)) return;
  finish(world, campaign, at);
}

function finish(world: World, campaign: Campaign, at: number): void {
  campaign.status = 'FINISHED';
  fire(world, 'CAMPAIGN_COMPLETED', at, { campaign });
}

/** The end date has come: the campaign stops by itself, and so do its leads. */
export function reachEndDate(world: World, campaign: Campaign, at: number): void {
  const { endDate, timeZoneId } = campaign.schedule;
  const end = endDate === null ? undefined : dateOnly(endDate, timeZoneId);
  if (campaign.status !== 'IN_PROGRESS' || end === undefined || end > at) return;
  for (const enrolment of campaign.enrolments.values()) {
    if (isOver(enrolment)) continue;
    enrolment.status = 'Finished';
    enrolment.token++;
    enrolment.dueAt = null;
    // A lead that never got its turn still appears once the campaign is over.
    enrolment.insertedAt ??= at;
  }
  finish(world, campaign, at);
}

function isExcluded(world: World, campaign: Campaign, enrolment: Enrolment): boolean {
  const { workspace } = world;
  const { personId, senderId } = enrolment;
  if (isBlacklisted(world, personId)) return true;
  if (workspace.lists.get(campaign.excludeListId ?? -1)?.members.has(personId)) return true;
  const elsewhere = [...workspace.campaigns.values()].flatMap((other) => {
    const found = other.id === campaign.id ? undefined : other.enrolments.get(personId);
    return found?.contacted ? [found] : [];
  });
  if (campaign.excludeInOtherCampaigns && elsewhere.length > 0) return true;
  if (campaign.excludeContactedFromSenderInOtherCampaign && elsewhere.some((one) => one.senderId === senderId)) {
    return true;
  }
  if (!campaign.excludeHasOtherAccConversations) return false;
  return [...workspace.accounts.keys()].some((id) => id !== senderId && workspace.threads.has(`${id}:${personId}`));
}

/** Inserts the next few waiting leads: a list is never taken in at once. */
export function insertLeads(world: World, campaign: Campaign, at: number): void {
  if (campaign.insertAt !== at) return;
  campaign.insertAt = null;
  if (campaign.status !== 'IN_PROGRESS') return;
  const opening = nextOpening(campaign.schedule, at);
  if (opening > at) {
    planInsertion(world, campaign, opening);
    return;
  }
  // Each sender has only so many leads about to start; one that delivers nothing must not hold up the others.
  const pending = new Map<number, number>();
  for (const { status, senderId } of campaign.enrolments.values()) {
    if (status === 'Pending') pending.set(senderId, (pending.get(senderId) ?? 0) + 1);
  }
  let waiting = false;
  for (const enrolment of campaign.enrolments.values()) {
    if (enrolment.status !== 'Waiting') continue;
    const before = pending.get(enrolment.senderId) ?? 0;
    if (before >= ABOUT_TO_START) {
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
