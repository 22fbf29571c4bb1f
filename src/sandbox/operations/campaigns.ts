import { array, bind, int, oneOf, paging, text } from '../http/binding.ts';
import { empty, json, type Reply, refuse } from '../http/reply.ts';
import { type Call, queryId, type Route } from '../http/router.ts';
import type { CampaignStatus } from '../model.ts';
import * as lifecycle from '../simulation/lifecycle.ts';
import { iso } from '../time.ts';
import { campaignOf, contains, pageOf, personBy } from './find.ts';
import { sequenceFault } from './sequence-rules.ts';
import { campaignView, leadStatusOf } from './views.ts';

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

function getAll({ world, body }: Call): Reply {
  const input = bind(body, {
    ...paging,
    keyword: text(),
    statuses: array(oneOf(STATUSES, 'Campaigns.CampaignStatus')),
    accountIds: array(int),
  });
  const { statuses = [], accountIds = [] } = input;
  const found = [...world.workspace.campaigns.values()]
    .filter((one) => contains(input.keyword, one.name))
    .filter((one) => statuses.length === 0 || statuses.includes(one.status))
    .filter((one) => accountIds.length === 0 || one.accountIds.some((id) => accountIds.includes(id)))
    .sort((a, b) => b.creationTime - a.creationTime || b.id - a.id);
  return json(pageOf(found, input, (one) => campaignView(world, one)));
}

function getById(call: Call): Reply {
  const { world } = call;
  return json(campaignView(world, campaignOf(world.workspace, queryId(call, 'campaignId'))));
}

function getSequence(call: Call): Reply {
  const { sequence } = campaignOf(call.world.workspace, queryId(call, 'campaignId'));
  return sequence === null ? empty() : json(sequence);
}

function start(call: Call): Reply {
  const { world } = call;
  const campaign = campaignOf(world.workspace, queryId(call, 'campaignId'));
  if (campaign.status !== 'DRAFT') throw refuse('You can only start a campaign that is in draft.');
  if (campaign.sequence === null) throw refuse('The campaign cannot be started without a sequence.');
  const fault = sequenceFault(campaign.sequence);
  if (fault !== undefined) throw refuse(fault);
  const isUsable = (id: number) => world.workspace.accounts.get(id)?.authIsValid === true;
  if (!campaign.accountIds.some(isUsable)) throw refuse('The campaign has no connected LinkedIn account.');
  lifecycle.start(world, campaign, world.now());
  return empty();
}

function pause(call: Call): Reply {
  const campaign = campaignOf(call.world.workspace, queryId(call, 'campaignId'));
  if (campaign.status !== 'IN_PROGRESS' && campaign.status !== 'STARTING') {
    throw refuse('You cannot pause an inactive campaign');
  }
  campaign.status = 'PAUSED';
  return empty();
}

function resume(call: Call): Reply {
  const { world } = call;
  const campaign = campaignOf(world.workspace, queryId(call, 'campaignId'));
  if (!['PAUSED', 'FINISHED', 'FAILED'].includes(campaign.status)) {
    throw refuse('The campaign you are trying to resume is not paused, finished or failed.');
  }
  lifecycle.run(world, campaign, world.now());
  return empty();
}

function forLead({ world, body }: Call): Reply {
  const input = bind(body, { ...paging, email: text(), linkedinId: text(), profileUrl: text() });
  const person = personBy(world.workspace, {
    url: input.profileUrl,
    memberId: input.linkedinId,
    email: input.email,
  });
  const found = [...world.workspace.campaigns.values()].flatMap((campaign) => {
    const enrolment = person && campaign.enrolments.get(person.linkedinId);
    return enrolment ? [{ campaign, enrolment }] : [];
  });
  const rows = pageOf(found.reverse(), input, ({ campaign, enrolment }) => ({
    campaignId: campaign.id,
    campaignName: campaign.name,
    campaignStatus: campaign.status,
    leadStatus: leadStatusOf(world, campaign, enrolment),
    creationTime: iso(enrolment.addedAt),
  }));
  return json({ leadFullName: person ? `${person.firstName} ${person.lastName}` : null, ...rows });
}

export const campaignRoutes: Route[] = [
  { method: 'POST', path: '/campaign/GetAll', body: true, handle: getAll },
  { method: 'GET', path: '/campaign/GetById', handle: getById },
  { method: 'GET', path: '/campaign/GetCampaignSequence', handle: getSequence },
  { method: 'POST', path: '/campaign/StartCampaign', handle: start },
  { method: 'POST', path: '/campaign/Pause', handle: pause },
  { method: 'POST', path: '/campaign/Resume', handle: resume },
  { method: 'POST', path: '/campaign/GetCampaignsForLead', body: true, handle: forLead },
];
