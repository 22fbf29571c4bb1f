import { anything, array, bind, bool, int, long, required, text } from '../http/model-binding.ts';
import { type ApiResponse, apiError, jsonResponse } from '../http/response.ts';
import type { Route, RouteCall } from '../http/router.ts';
import type { Campaign, Schedule, SequenceNode, Workspace } from '../model/index.ts';
import { defaultSchedule } from '../simulation/schedule.ts';
import type { World } from '../state.ts';
import { campaignOf } from './shared/lookup.ts';
import { readSchedule, scheduleInput } from './shared/schedule-input.ts';
import { readSequence } from './shared/sequence-input.ts';

/** The exclusion switches of Create and UpdateSettings. */
export const excludeFields = {
  excludeContactedFromOtherCampaigns: bool,
  excludeHasOtherAccConversations: bool,
  excludeContactedFromSenderInOtherCampaign: bool,
  excludeListId: long,
};

/** @throws ApiError when a campaign cannot use the list. */
export function checkList(workspace: Workspace, listId: number | undefined): void {
  if (listId === undefined) return;
  const list = workspace.lists.get(listId);
  if (!list) throw apiError(`List with id ${listId} was not found.`);
  if (list.listType !== 'USER_LIST') throw apiError('The list must be of type USER_LIST.');
}

export function checkExcludeList(workspace: Workspace, excludeListId: number | undefined, listId: number | null): void {
  if (excludeListId === undefined) return;
  if (!workspace.lists.has(excludeListId)) throw apiError(`List with id ${excludeListId} was not found.`);
  if (excludeListId === listId) throw apiError('The exclude list cannot be the same as the campaign list.');
}

/** Every sender must exist and be logged in. */
export function checkAccounts(workspace: Workspace, ids: number[]): void {
  for (const id of ids) {
    const account = workspace.accounts.get(id);
    if (!account) throw apiError(`LinkedIn account with id ${id} was not found.`);
    if (!account.authIsValid) throw apiError(`LinkedIn account with id ${id} does not have valid authentication.`);
  }
}

interface Settings {
  name: string;
  linkedInUserListId?: number | undefined;
  excludeContactedFromOtherCampaigns?: boolean | undefined;
  excludeHasOtherAccConversations?: boolean | undefined;
  excludeContactedFromSenderInOtherCampaign?: boolean | undefined;
  excludeListId?: number | undefined;
}

function addCampaign(
  world: World,
  settings: Settings,
  accountIds: number[],
  schedule: Schedule,
  sequence: SequenceNode | null,
): ApiResponse {
  const { workspace } = world;
  const campaign: Campaign = {
    id: workspace.nextId.campaign++,
    name: settings.name,
    creationTime: world.now(),
    listId: settings.linkedInUserListId ?? null,
    accountIds: [...new Set(accountIds)],
    status: 'DRAFT',
    startedAt: null,
    excludeInOtherCampaigns: settings.excludeContactedFromOtherCampaigns ?? false,
    excludeHasOtherAccConversations: settings.excludeHasOtherAccConversations ?? false,
    excludeContactedFromSenderInOtherCampaign: settings.excludeContactedFromSenderInOtherCampaign ?? false,
    excludeListId: settings.excludeListId ?? null,
    schedule,
    sequence,
    enrolments: new Map(),
    finishedSkew: 0,
    insertAt: null,
    autoPauseAt: null,
  };
  workspace.campaigns.set(campaign.id, campaign);
  return jsonResponse({ campaignId: campaign.id });
}

function create({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, {
    name: required(text({ min: 1, max: 50 })),
    linkedInUserListId: long,
    linkedInAccountIds: required(array(int, { min: 1, max: 100 })),
    ...excludeFields,
    schedule: scheduleInput,
    sequence: anything,
  });
  const { workspace } = world;
  checkList(workspace, input.linkedInUserListId);
  checkExcludeList(workspace, input.excludeListId, input.linkedInUserListId ?? null);
  checkAccounts(workspace, input.linkedInAccountIds);
  const schedule = input.schedule ? readSchedule(input.schedule) : defaultSchedule();
  const sequence = input.sequence === undefined ? null : readSequence(input.sequence);
  return addCampaign(world, input, input.linkedInAccountIds, schedule, sequence);
}

function createFromTemplate({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, {
    campaignIdForTemplate: required(long),
    name: required(text({ min: 1, max: 50 })),
    linkedInUserListId: long,
    linkedInAcccountIdsForCampaign: required(array(int, { min: 1, max: 100 })),
    ...excludeFields,
  });
  const { workspace } = world;
  const template = campaignOf(workspace, input.campaignIdForTemplate);
  checkList(workspace, input.linkedInUserListId);
  checkExcludeList(workspace, input.excludeListId, input.linkedInUserListId ?? null);
  checkAccounts(workspace, input.linkedInAcccountIdsForCampaign);
  const settings = {
    name: input.name,
    linkedInUserListId: input.linkedInUserListId,
    excludeContactedFromOtherCampaigns: input.excludeContactedFromOtherCampaigns ?? template.excludeInOtherCampaigns,
    excludeHasOtherAccConversations: input.excludeHasOtherAccConversations ?? template.excludeHasOtherAccConversations,
    excludeContactedFromSenderInOtherCampaign:
      input.excludeContactedFromSenderInOtherCampaign ?? template.excludeContactedFromSenderInOtherCampaign,
    excludeListId: input.excludeListId,
  };
  // The dates of the template are not copied.
  const schedule = { ...template.schedule, startDate: null, endDate: null };
  return addCampaign(
    world,
    settings,
    input.linkedInAcccountIdsForCampaign,
    schedule,
    structuredClone(template.sequence),
  );
}

export const campaignCreateRoutes: Route[] = [
  { method: 'POST', path: '/campaign/Create', body: true, handle: create },
  { method: 'POST', path: '/campaign/CreateCampaignFromTemplate', body: true, handle: createFromTemplate },
];
