import { anything, array, bind, int, long, required, text } from '../http/binding.ts';
import { empty, json, type Reply, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import type { Campaign, Workspace } from '../model.ts';
import { isOver, nodeAt } from '../simulation/enrolments.ts';
import { endLead } from '../simulation/walk.ts';
import type { World } from '../world.ts';
import { checkAccounts, checkExcludeList, checkList, excludeFields } from './campaign-create.ts';
import { campaignOf } from './find.ts';
import { readSchedule, scheduleInput } from './schedule-input.ts';
import { readSequence } from './sequence-input.ts';

/** A campaign that can be edited: not started yet, or paused. */
function editable(workspace: Workspace, id: number): Campaign {
  const campaign = campaignOf(workspace, id);
  if (!['DRAFT', 'SCHEDULED', 'PAUSED'].includes(campaign.status)) {
    throw refuse('You can only update a campaign that is in draft, scheduled or paused.');
  }
  return campaign;
}

/** An edit takes a scheduled campaign back to DRAFT: it must be started anew. */
function edited(campaign: Campaign): Reply {
  if (campaign.status === 'SCHEDULED') campaign.status = 'DRAFT';
  return empty();
}

function updateSettings({ world, body }: Call): Reply {
  const input = bind(body, {
    campaignId: required(long),
    name: text({ min: 1, max: 50 }),
    linkedInUserListId: long,
    ...excludeFields,
  });
  const { workspace } = world;
  const campaign = editable(workspace, input.campaignId);
  const listId = input.linkedInUserListId ?? campaign.listId;
  checkList(workspace, input.linkedInUserListId);
  if (campaign.startedAt !== null && listId !== campaign.listId) {
    throw refuse('The list of a campaign cannot be changed after it has been started.');
  }
  checkExcludeList(workspace, input.excludeListId, listId);
  campaign.name = input.name ?? campaign.name;
  campaign.listId = listId;
  // What is left out goes back to its default.
  campaign.excludeInOtherCampaigns = input.excludeContactedFromOtherCampaigns ?? false;
  campaign.excludeHasOtherAccConversations = input.excludeHasOtherAccConversations ?? false;
  campaign.excludeContactedFromSenderInOtherCampaign = input.excludeContactedFromSenderInOtherCampaign ?? false;
  campaign.excludeListId = input.excludeListId ?? null;
  return edited(campaign);
}

function updateSequence({ world, body }: Call): Reply {
  const input = bind(body, { campaignId: required(long), sequence: required(anything) });
  const campaign = editable(world.workspace, input.campaignId);
  const sequence = readSequence(input.sequence);
  for (const enrolment of campaign.enrolments.values()) {
    if (isOver(enrolment) || enrolment.insertedAt === null) continue;
    const present = nodeAt(campaign.sequence, enrolment.path)?.nodeType;
    if (present !== undefined && nodeAt(sequence, enrolment.path)?.nodeType !== present) {
      throw refuse('Inconsistent sequences for update');
    }
  }
  campaign.sequence = sequence;
  return edited(campaign);
}

function updateSchedule({ world, body }: Call): Reply {
  const input = bind(body, { campaignId: required(long), schedule: required(scheduleInput) });
  const campaign = editable(world.workspace, input.campaignId);
  const schedule = readSchedule(input.schedule);
  if (campaign.startedAt !== null && schedule.startDate !== campaign.schedule.startDate) {
    throw refuse('The start date cannot be changed after the campaign has been started.');
  }
  campaign.schedule = schedule;
  return edited(campaign);
}

/** Leads a removed sender worked on are stopped for good; those not begun go to the others. */
function dropSenders(world: World, campaign: Campaign, left: number[]): void {
  campaign.accountIds = left;
  let turn = 0;
  for (const enrolment of campaign.enrolments.values()) {
    if (left.includes(enrolment.senderId) || isOver(enrolment)) continue;
    if (enrolment.status === 'Waiting') enrolment.senderId = left[turn++ % Math.max(1, left.length)] ?? 0;
    else endLead(world, campaign, enrolment, 'Stopped', world.now());
  }
}

const accountsInput = { campaignId: required(long), linkedInAccountIds: required(array(int, { min: 1, max: 100 })) };

function updateAccounts({ world, body }: Call): Reply {
  const input = bind(body, accountsInput);
  const campaign = editable(world.workspace, input.campaignId);
  checkAccounts(world.workspace, input.linkedInAccountIds);
  dropSenders(world, campaign, [...new Set(input.linkedInAccountIds)]);
  return edited(campaign);
}

/** The outcome for each account: a 200 can hide a failed one. */
function perAccount(ids: number[], act: (id: number) => string | null): Reply {
  const results = ids.map((linkedInAccountId) => {
    const errorMessage = act(linkedInAccountId);
    return { linkedInAccountId, succeeded: errorMessage === null, errorMessage };
  });
  return json({ results });
}

function addAccounts({ world, body }: Call): Reply {
  const input = bind(body, accountsInput);
  const campaign = editable(world.workspace, input.campaignId);
  const reply = perAccount(input.linkedInAccountIds, (id) => {
    const account = world.workspace.accounts.get(id);
    if (!account) return 'The LinkedIn account was not found.';
    if (!account.authIsValid) return 'The LinkedIn account does not have valid authentication.';
    if (campaign.accountIds.includes(id)) return 'The LinkedIn account is already part of the campaign.';
    campaign.accountIds.push(id);
    return null;
  });
  edited(campaign);
  return reply;
}

function removeAccounts({ world, body }: Call): Reply {
  const input = bind(body, accountsInput);
  const campaign = editable(world.workspace, input.campaignId);
  const reply = perAccount(input.linkedInAccountIds, (id) => {
    if (!campaign.accountIds.includes(id)) return 'The LinkedIn account is not part of the campaign.';
    if (campaign.accountIds.length === 1) return 'The last LinkedIn account of a campaign cannot be removed.';
    dropSenders(
      world,
      campaign,
      campaign.accountIds.filter((one) => one !== id),
    );
    return null;
  });
  edited(campaign);
  return reply;
}

export const campaignUpdateRoutes: Route[] = [
  { method: 'POST', path: '/campaign/UpdateSettings', body: true, handle: updateSettings },
  { method: 'POST', path: '/campaign/UpdateSequence', body: true, handle: updateSequence },
  { method: 'POST', path: '/campaign/UpdateSchedule', body: true, handle: updateSchedule },
  { method: 'POST', path: '/campaign/UpdateAccounts', body: true, handle: updateAccounts },
  { method: 'POST', path: '/campaign/AddLinkedInAccountsToCampaign', body: true, handle: addAccounts },
  { method: 'POST', path: '/campaign/RemoveLinkedInAccountsFromCampaign', body: true, handle: removeAccounts },
];
