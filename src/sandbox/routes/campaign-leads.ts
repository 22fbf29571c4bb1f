import { array, bind, bool, date, int, long, object, oneOf, paging, required, text } from '../http/model-binding.ts';
import { type ApiResponse, apiError, emptyResponse, jsonResponse } from '../http/response.ts';
import type { Route, RouteCall } from '../http/router.ts';
import type { Campaign, Enrolment, LeadList } from '../model/index.ts';
import * as lifecycle from '../simulation/campaign-lifecycle.ts';
import { isOver } from '../simulation/enrolments.ts';
import { endLead } from '../simulation/sequence-steps.ts';
import type { World } from '../state.ts';
import { addOrUpdateLead, checkCustomFields, leadInput } from './shared/lead-input.ts';
import { campaignOf, pageOf, personBy } from './shared/lookup.ts';
import { campaignLeadView } from './shared/views.ts';

/** The list of a campaign. A campaign without a list gets one with its first lead. */
function listOfCampaign(world: World, campaign: Campaign): LeadList {
  const { workspace } = world;
  const existing = workspace.lists.get(campaign.listId ?? -1);
  if (existing) return existing;
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

function checkAcceptsLeads(world: World, campaign: Campaign): void {
  const { status } = campaign;
  if (status === 'DRAFT') throw apiError('You cannot add leads to a campaign that was never started.');
  if (status === 'SCHEDULED' && !world.quirks.scheduledAcceptsLeads) {
    throw apiError('You cannot add leads to a campaign that has not started yet.');
  }
  if (status === 'FAILED' || status === 'CANCELED') {
    throw apiError(`You cannot add leads to a campaign that is ${status.toLowerCase()}.`);
  }
  if (campaign.accountIds.length === 0) throw apiError('The campaign has no LinkedIn accounts.');
}

/** Adds leads, for both versions. Only V2 returns all counts. */
function addLeads({ world, body }: RouteCall) {
  const input = bind(body, {
    campaignId: required(long),
    accountLeadPairs: required(
      array(object({ linkedInAccountId: int, lead: required(leadInput) }), { min: 1, max: 100 }),
    ),
    resumeFinishedCampaign: bool,
    resumePausedCampaign: bool,
  });
  const campaign = campaignOf(world.workspace, input.campaignId);
  checkAcceptsLeads(world, campaign);
  checkCustomFields(input.accountLeadPairs.map(({ lead }) => lead));
  for (const { linkedInAccountId: id } of input.accountLeadPairs) {
    if (id !== undefined && !campaign.accountIds.includes(id)) {
      throw apiError(`LinkedIn account with id ${id} is not part of the campaign.`);
    }
  }
  const now = world.now();
  const counts = { addedLeadsCount: 0, updatedLeadsCount: 0, failedLeadsCount: 0 };
  for (const { lead, linkedInAccountId } of input.accountLeadPairs) {
    const added = addOrUpdateLead(world, lead);
    if (added === 'dropped') continue;
    if (added === 'failed') {
      counts.failedLeadsCount++;
      continue;
    }
    const { linkedinId } = added.person;
    const list = listOfCampaign(world, campaign);
    if (!list.members.has(linkedinId)) list.members.set(linkedinId, now);
    const existing = campaign.enrolments.get(linkedinId);
    if (existing) {
      counts.updatedLeadsCount++;
      if (existing.status === 'Waiting' && linkedInAccountId !== undefined) existing.senderId = linkedInAccountId;
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

function getLeads({ world, body }: RouteCall): ApiResponse {
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
  const leads = [...campaign.enrolments.values()]
    .filter((lead) => lead.insertedAt !== null && lead.status !== 'Excluded')
    .filter((lead) => (timeFrom ?? timeTo) === undefined || timesOf(lead, timeFilter).some(isInside));
  return jsonResponse(pageOf(leads, input, (lead) => campaignLeadView(world, campaign, lead)));
}

function stopLead({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { campaignId: required(long), leadMemberId: text(), leadUrl: text() });
  const campaign = campaignOf(world.workspace, input.campaignId);
  const person = personBy(world.workspace, { url: input.leadUrl, memberId: input.leadMemberId });
  const enrolment = person && campaign.enrolments.get(person.linkedinId);
  if (!enrolment) {
    // A draft accepts the call: it has no leads yet.
    if (campaign.status === 'DRAFT') return emptyResponse();
    throw apiError('The lead was not found in the campaign.', 404);
  }
  if (!isOver(enrolment)) endLead(world, campaign, enrolment, 'Stopped', world.now());
  return emptyResponse();
}

export const campaignLeadRoutes: Route[] = [
  {
    method: 'POST',
    path: '/campaign/AddLeadsToCampaignV2',
    body: true,
    handle: (call) => jsonResponse(addLeads(call)),
  },
  {
    method: 'POST',
    path: '/campaign/AddLeadsToCampaign',
    body: true,
    handle: (call) => jsonResponse(addLeads(call).addedLeadsCount),
  },
  { method: 'POST', path: '/campaign/GetLeadsFromCampaign', body: true, handle: getLeads },
  { method: 'POST', path: '/campaign/StopLeadInCampaign', body: true, handle: stopLead },
];
