import { array, bind, bool, date, int, long, object, oneOf, paging, required, text } from '../http/binding.ts';
import { empty, json, type Reply, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import type { Campaign, Enrolment, LeadList } from '../model.ts';
import { isOver } from '../simulation/enrolments.ts';
import * as lifecycle from '../simulation/lifecycle.ts';
import { endLead } from '../simulation/walk.ts';
import type { World } from '../world.ts';
import { campaignOf, pageOf, personBy } from './find.ts';
import { checkCustomFields, landLead, leadInput } from './lead-input.ts';
import { campaignLeadView } from './views.ts';

/** The list of a campaign; one that was made without gets it with its first lead. */
function listFor(world: World, campaign: Campaign): LeadList {
  const { workspace } = world;
  const known = workspace.lists.get(campaign.listId ?? -1);
  if (known) return known;
  const list: LeadList = {
    id: workspace.nextId.list++,
    name: `${campaign.name} list`,
    listType: 'USER_LIST',
    creationTime: world.now(),
    members: new Map(),
    companies: [],
  };
  workspace.lists.set(list.id, list);
  campaign.listId = list.id;
  return list;
}

function checkAccepts(world: World, campaign: Campaign): void {
  const { status } = campaign;
  if (status === 'DRAFT') throw refuse('You cannot add leads to a campaign that was never started.');
  if (status === 'SCHEDULED' && !world.quirks.scheduledAcceptsLeads) {
    throw refuse('You cannot add leads to a campaign that has not started yet.');
  }
  if (status === 'FAILED' || status === 'CANCELED') {
    throw refuse(`You cannot add leads to a campaign that is ${status.toLowerCase()}.`);
  }
  if (campaign.accountIds.length === 0) throw refuse('The campaign has no LinkedIn accounts.');
}

/** Adds leads as both versions do; the counts are V2's. */
function addLeads({ world, body }: Call) {
  const input = bind(body, {
    campaignId: required(long),
    accountLeadPairs: required(
      array(object({ linkedInAccountId: int, lead: required(leadInput) }), { min: 1, max: 100 }),
    ),
    resumeFinishedCampaign: bool,
    resumePausedCampaign: bool,
  });
  const campaign = campaignOf(world.workspace, input.campaignId);
  checkAccepts(world, campaign);
  checkCustomFields(input.accountLeadPairs.map(({ lead }) => lead));
  for (const { linkedInAccountId: id } of input.accountLeadPairs) {
    if (id !== undefined && !campaign.accountIds.includes(id)) {
      throw refuse(`LinkedIn account with id ${id} is not part of the campaign.`);
    }
  }
  const now = world.now();
  const counts = { addedLeadsCount: 0, updatedLeadsCount: 0, failedLeadsCount: 0 };
  for (const { lead, linkedInAccountId } of input.accountLeadPairs) {
    const landed = landLead(world, lead);
    if (landed === 'dropped') continue;
    if (landed === 'failed') {
      counts.failedLeadsCount++;
      continue;
    }
    const { linkedinId } = landed.person;
    const list = listFor(world, campaign);
    if (!list.members.has(linkedinId)) list.members.set(linkedinId, now);
    const known = campaign.enrolments.get(linkedinId);
    if (known) {
      counts.updatedLeadsCount++;
      if (known.status === 'Waiting' && linkedInAccountId !== undefined) known.senderId = linkedInAccountId;
    } else {
      counts.addedLeadsCount++;
      lifecycle.enrol(world, campaign, linkedinId, now, linkedInAccountId);
    }
  }
  const wakes =
    (campaign.status === 'PAUSED' && input.resumePausedCampaign) ||
    (campaign.status === 'FINISHED' && input.resumeFinishedCampaign);
  if (wakes) lifecycle.run(world, campaign, now);
  else if (campaign.status === 'IN_PROGRESS') lifecycle.planInsertion(world, campaign, now);
  return counts;
}

const TIME_FILTERS = [
  'CreationTime',
  'LastActionTakenTime',
  'FailedTime',
  'LastActionTakenOrFailedTime',
  'Everywhere',
] as const;

function timesOf(enrolment: Enrolment, filter: (typeof TIME_FILTERS)[number]): (number | null)[] {
  const created = enrolment.insertedAt ?? enrolment.addedAt;
  switch (filter) {
    case 'CreationTime':
      return [created];
    case 'LastActionTakenTime':
      return [enrolment.lastActionTime];
    case 'FailedTime':
      return [enrolment.failedTime];
    case 'LastActionTakenOrFailedTime':
      return [enrolment.lastActionTime, enrolment.failedTime];
    default:
      return [created, enrolment.lastActionTime, enrolment.failedTime];
  }
}

function getLeads({ world, body }: Call): Reply {
  const input = bind(body, {
    ...paging,
    campaignId: required(long),
    timeFrom: date,
    timeTo: date,
    timeFilter: oneOf(TIME_FILTERS, 'Campaigns.TimeFilter'),
  });
  const campaign = campaignOf(world.workspace, input.campaignId);
  const { timeFrom, timeTo, timeFilter = 'Everywhere' } = input;
  const isInside = (at: number | null): boolean =>
    at !== null && at >= (timeFrom ?? Number.NEGATIVE_INFINITY) && at <= (timeTo ?? Number.POSITIVE_INFINITY);
  // Leads that are not inserted yet, and excluded ones, are not part of the analytics.
  const shown = [...campaign.enrolments.values()]
    .filter((one) => one.insertedAt !== null && one.status !== 'Excluded')
    .filter((one) => (timeFrom ?? timeTo) === undefined || timesOf(one, timeFilter).some(isInside));
  return json(pageOf(shown, input, (one) => campaignLeadView(world, campaign, one)));
}

function stopLead({ world, body }: Call): Reply {
  const input = bind(body, { campaignId: required(long), leadMemberId: text(), leadUrl: text() });
  const campaign = campaignOf(world.workspace, input.campaignId);
  const person = personBy(world.workspace, { url: input.leadUrl, memberId: input.leadMemberId });
  const enrolment = person && campaign.enrolments.get(person.linkedinId);
  if (!enrolment) {
    // A draft takes the call without complaint: it has no leads of its own yet.
    if (campaign.status === 'DRAFT') return empty();
    throw refuse('The lead was not found in the campaign.', 404);
  }
  if (!isOver(enrolment)) endLead(world, campaign, enrolment, 'Stopped', world.now());
  return empty();
}

export const campaignLeadRoutes: Route[] = [
  {
    method: 'POST',
    path: '/campaign/AddLeadsToCampaignV2',
    body: true,
    handle: (call) => json(addLeads(call)),
  },
  {
    method: 'POST',
    path: '/campaign/AddLeadsToCampaign',
    body: true,
    handle: (call) => json(addLeads(call).addedLeadsCount),
  },
  { method: 'POST', path: '/campaign/GetLeadsFromCampaign', body: true, handle: getLeads },
  { method: 'POST', path: '/campaign/StopLeadInCampaign', body: true, handle: stopLead },
];
