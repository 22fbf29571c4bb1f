import { array, bind, int, oneOf, paging, text } from '../http/model-binding.ts';
import { type ApiResponse, apiError, emptyResponse, jsonResponse } from '../http/response.ts';
import { type Route, type RouteCall, requiredQueryId } from '../http/router.ts';
import type { CampaignStatus } from '../model/index.ts';
import * as lifecycle from '../simulation/campaign-lifecycle.ts';
import { iso } from '../time.ts';
import { campaignOf, contains, pageOf, personBy } from './shared/lookup.ts';
import { findSequenceIssue } from './shared/sequence-rules.ts';
import { campaignView, leadStatusOf } from './shared/views.ts';

const STATUSES = [
  'DRAFT',
  'IN_PROGRESS',
  'PAUSED',
  'FINISHED',
  'CANCELED',
  'FAILED',
  'STARTING',
  'SCHEDULED',
] as const satisfies readonly CampaignStatus[];

function getAll({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, {
    ...paging,
    keyword: text(),
    statuses: array(oneOf(STATUSES, 'Campaigns.CampaignStatus')),
    accountIds: array(int),
  });
  const { statuses = [], accountIds = [] } = input;
  const campaigns = [...world.workspace.campaigns.values()]
    .filter((campaign) => contains(input.keyword, campaign.name))
    .filter((campaign) => statuses.length === 0 || statuses.includes(campaign.status))
    .filter((campaign) => accountIds.length === 0 || campaign.accountIds.some((id) => accountIds.includes(id)))
    .sort((a, b) => b.creationTime - a.creationTime || b.id - a.id);
  return jsonResponse(pageOf(campaigns, input, (campaign) => campaignView(world, campaign)));
}

function getById(call: RouteCall): ApiResponse {
  const { world } = call;
  return jsonResponse(campaignView(world, campaignOf(world.workspace, requiredQueryId(call, 'campaignId'))));
}

function getSequence(call: RouteCall): ApiResponse {
  const { sequence } = campaignOf(call.world.workspace, requiredQueryId(call, 'campaignId'));
  return sequence === null ? emptyResponse() : jsonResponse(sequence);
}

function start(call: RouteCall): ApiResponse {
  const { world } = call;
  const campaign = campaignOf(world.workspace, requiredQueryId(call, 'campaignId'));
  if (campaign.status !== 'DRAFT') throw apiError('You can only start a campaign that is in draft.');
  if (campaign.sequence === null) throw apiError('The campaign cannot be started without a sequence.');
  const issue = findSequenceIssue(campaign.sequence);
  if (issue !== undefined) throw apiError(issue);
  const isUsable = (id: number) => world.workspace.accounts.get(id)?.authIsValid === true;
  if (!campaign.accountIds.some(isUsable)) throw apiError('The campaign has no connected LinkedIn account.');
  lifecycle.start(world, campaign, world.now());
  return emptyResponse();
}

function pause(call: RouteCall): ApiResponse {
  const campaign = campaignOf(call.world.workspace, requiredQueryId(call, 'campaignId'));
  if (campaign.status !== 'IN_PROGRESS' && campaign.status !== 'STARTING') {
    throw apiError('You cannot pause an inactive campaign');
  }
  lifecycle.setStatus(call.world, campaign, 'PAUSED', call.world.now());
  return emptyResponse();
}

function resume(call: RouteCall): ApiResponse {
  const { world } = call;
  const campaign = campaignOf(world.workspace, requiredQueryId(call, 'campaignId'));
  if (!['PAUSED', 'FINISHED', 'FAILED'].includes(campaign.status)) {
    throw apiError('The campaign you are trying to resume is not paused, finished or failed.');
  }
  lifecycle.run(world, campaign, world.now());
  return emptyResponse();
}

function getCampaignsForLead({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { ...paging, email: text(), linkedinId: text(), profileUrl: text() });
  const person = personBy(world.workspace, {
    url: input.profileUrl,
    memberId: input.linkedinId,
    email: input.email,
  });
  const memberships = [...world.workspace.campaigns.values()].flatMap((campaign) => {
    const enrolment = person && campaign.enrolments.get(person.linkedinId);
    return enrolment ? [{ campaign, enrolment }] : [];
  });
  const rows = pageOf(memberships.reverse(), input, ({ campaign, enrolment }) => ({
    campaignId: campaign.id,
    campaignName: campaign.name,
    campaignStatus: campaign.status,
    leadStatus: leadStatusOf(world, campaign, enrolment),
    creationTime: iso(enrolment.addedAt),
  }));
  return jsonResponse({ leadFullName: person ? `${person.firstName} ${person.lastName}` : null, ...rows });
}

export const campaignRoutes: Route[] = [
  { method: 'POST', path: '/campaign/GetAll', body: true, handle: getAll },
  { method: 'GET', path: '/campaign/GetById', handle: getById },
  { method: 'GET', path: '/campaign/GetCampaignSequence', handle: getSequence },
  { method: 'POST', path: '/campaign/StartCampaign', handle: start },
  { method: 'POST', path: '/campaign/Pause', handle: pause },
  { method: 'POST', path: '/campaign/Resume', handle: resume },
  { method: 'POST', path: '/campaign/GetCampaignsForLead', body: true, handle: getCampaignsForLead },
];
