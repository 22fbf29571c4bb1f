import { anything, array, bind, int, long, required, text } from '../http/model-binding.ts';
import { type ApiResponse, apiError, emptyResponse, jsonResponse } from '../http/response.ts';
import type { Route, RouteCall } from '../http/router.ts';
import type { Campaign, Workspace } from '../model/index.ts';
import { setStatus } from '../simulation/campaign-lifecycle.ts';
import { isOver, nodeAt } from '../simulation/enrolments.ts';
import { endLead } from '../simulation/sequence-steps.ts';
import type { World } from '../state.ts';
import { checkAccounts, checkExcludeList, checkList, excludeFields } from './campaign-create.ts';
import { campaignOf } from './shared/lookup.ts';
import { readSchedule, scheduleInput } from './shared/schedule-input.ts';
import { readSequence } from './shared/sequence-input.ts';

/** The campaign, if it can be edited: not started yet, or paused. */
function editableCampaign(workspace: Workspace, id: number): Campaign {
  const campaign = campaignOf(workspace, id);
  if (!['DRAFT', 'SCHEDULED', 'PAUSED'].includes(campaign.status)) {
    throw apiError('You can only update a campaign that is in draft, scheduled or paused.');
  }
  return campaign;
}

/** An edit resets a scheduled campaign to DRAFT. It has to be started again. */
function finishEdit(world: World, campaign: Campaign): ApiResponse {
  if (campaign.status === 'SCHEDULED') setStatus(world, campaign, 'DRAFT', world.now());
  return emptyResponse();
}

function updateSettings({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, {
    campaignId: required(long),
    name: text({ min: 1, max: 50 }),
    linkedInUserListId: long,
    ...excludeFields,
  });
  const { workspace } = world;
  const campaign = editableCampaign(workspace, input.campaignId);
  const listId = input.linkedInUserListId ?? campaign.listId;
  checkList(workspace, input.linkedInUserListId);
  if (campaign.startedAt !== null && listId !== campaign.listId) {
    throw apiError('The list of a campaign cannot be changed after it has been started.');
  }
  checkExcludeList(workspace, input.excludeListId, listId);
  campaign.name = input.name ?? campaign.name;
  campaign.listId = listId;
  // A missing field is reset to its default.
  campaign.excludeInOtherCampaigns = input.excludeContactedFromOtherCampaigns ?? false;
  campaign.excludeHasOtherAccConversations = input.excludeHasOtherAccConversations ?? false;
  campaign.excludeContactedFromSenderInOtherCampaign = input.excludeContactedFromSenderInOtherCampaign ?? false;
  campaign.excludeListId = input.excludeListId ?? null;
  return finishEdit(world, campaign);
}

function updateSequence({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { campaignId: required(long), sequence: required(anything) });
  const campaign = editableCampaign(world.workspace, input.campaignId);
  const sequence = readSequence(input.sequence);
  for (const enrolment of campaign.enrolments.values()) {
    if (isOver(enrolment) || enrolment.insertedAt === null) continue;
    const present = nodeAt(campaign.sequence, enrolment.path)?.nodeType;
    if (present !== undefined && nodeAt(sequence, enrolment.path)?.nodeType !== present) {
      throw apiError('Inconsistent sequences for update');
    }
  }
  campaign.sequence = sequence;
  return finishEdit(world, campaign);
}

function updateSchedule({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { campaignId: required(long), schedule: required(scheduleInput) });
  const campaign = editableCampaign(world.workspace, input.campaignId);
  const schedule = readSchedule(input.schedule);
  if (campaign.startedAt !== null && schedule.startDate !== campaign.schedule.startDate) {
    throw apiError('The start date cannot be changed after the campaign has been started.');
  }
  campaign.schedule = schedule;
  return finishEdit(world, campaign);
}

/** Stops the leads in progress of removed senders, and moves their waiting leads to the remaining senders. */
function dropSenders(world: World, campaign: Campaign, left: number[]): void {
  campaign.accountIds = left;
  let next = 0;
  for (const enrolment of campaign.enrolments.values()) {
    if (left.includes(enrolment.senderId) || isOver(enrolment)) continue;
    if (enrolment.status === 'Waiting') enrolment.senderId = left[next++ % Math.max(1, left.length)] ?? 0;
    else endLead(world, campaign, enrolment, 'Stopped', world.now());
  }
}

const accountsInput = { campaignId: required(long), linkedInAccountIds: required(array(int, { min: 1, max: 100 })) };

function updateAccounts({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, accountsInput);
  const campaign = editableCampaign(world.workspace, input.campaignId);
  checkAccounts(world.workspace, input.linkedInAccountIds);
  dropSenders(world, campaign, [...new Set(input.linkedInAccountIds)]);
  return finishEdit(world, campaign);
}

/** The outcome for each account: a 200 can contain failures. */
function perAccount(ids: number[], change: (id: number) => string | null): ApiResponse {
  const results = ids.map((linkedInAccountId) => {
    const errorMessage = change(linkedInAccountId);
    return { linkedInAccountId, succeeded: errorMessage === null, errorMessage };
  });
  return jsonResponse({ results });
}

function addAccounts({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, accountsInput);
  const campaign = editableCampaign(world.workspace, input.campaignId);
  const response = perAccount(input.linkedInAccountIds, (id) => {
    const account = world.workspace.accounts.get(id);
    if (!account) return 'The LinkedIn account was not found.';
    if (!account.authIsValid) return 'The LinkedIn account does not have valid authentication.';
    if (campaign.accountIds.includes(id)) return 'The LinkedIn account is already part of the campaign.';
    campaign.accountIds.push(id);
    return null;
  });
  finishEdit(world, campaign);
  return response;
}

function removeAccounts({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, accountsInput);
  const campaign = editableCampaign(world.workspace, input.campaignId);
  const response = perAccount(input.linkedInAccountIds, (id) => {
    if (!campaign.accountIds.includes(id)) return 'The LinkedIn account is not part of the campaign.';
    if (campaign.accountIds.length === 1) return 'The last LinkedIn account of a campaign cannot be removed.';
    dropSenders(
      world,
      campaign,
      campaign.accountIds.filter((accountId) => accountId !== id),
    );
    return null;
  });
  finishEdit(world, campaign);
  return response;
}

export const campaignUpdateRoutes: Route[] = [
  { method: 'POST', path: '/campaign/UpdateSettings', body: true, handle: updateSettings },
  { method: 'POST', path: '/campaign/UpdateSequence', body: true, handle: updateSequence },
  { method: 'POST', path: '/campaign/UpdateSchedule', body: true, handle: updateSchedule },
  { method: 'POST', path: '/campaign/UpdateAccounts', body: true, handle: updateAccounts },
  { method: 'POST', path: '/campaign/AddLinkedInAccountsToCampaign', body: true, handle: addAccounts },
  { method: 'POST', path: '/campaign/RemoveLinkedInAccountsFromCampaign', body: true, handle: removeAccounts },
];
