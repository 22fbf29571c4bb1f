import type { Campaign } from '../../../client/operations/campaigns.ts';
import { quoteName } from '../../../lib/outside-text.ts';
import { linesIf } from '../../../lib/text-format.ts';
import type { Preview } from '../../../mcp/confirmation/preview.ts';
import { optionalRead } from '../../../mcp/reads.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { progressLine, showCampaign } from '../../../views/campaign.ts';
import { assertUserList, showList } from '../../lists/shared/list-usage.ts';
import { knownRejection } from '../../shared/known-rejection.ts';
import { type Exclusion, settingsOf } from './campaign-settings.ts';
import { BECOMES_DRAFT, EDITABLE_STATUSES, nextStepWhileLocked, readCampaignBeforeWrite } from './campaign-status.ts';

/** The people that each exclusion covers. */
const EXCLUDED_PEOPLE: Record<Exclusion, string> = {
  excludeContactedFromOtherCampaigns: 'people contacted by other campaigns',
  excludeHasOtherAccConversations: 'people other senders talk with',
  excludeContactedFromSenderInOtherCampaign: 'people this sender contacted elsewhere',
};
const FLAGS = Object.keys(EXCLUDED_PEOPLE) as Exclusion[];

/** Statuses in which HeyReach rejects a change of settings. */
const LOCKED = ['STARTING', 'IN_PROGRESS', 'FINISHED', 'CANCELED'];

interface SettingsInput extends Partial<Record<Exclusion, boolean | undefined>> {
  campaignId: number;
  name?: string | undefined;
  linkedInUserListId?: number | undefined;
  excludeListId?: number | undefined;
  clearExcludeList?: boolean | undefined;
}

/** Previews a change that lifts exclusions. Other changes contact no further people and return undefined. */
export async function previewSettings(input: SettingsInput, context: ToolContext): Promise<Preview | undefined> {
  const isCleared = input.clearExcludeList === true;
  const requestedOff = FLAGS.filter((flag) => input[flag] === false);
  if (!isCleared && requestedOff.length === 0) return undefined;
  const campaign = await readCampaignBeforeWrite(input.campaignId, context);
  const present = settingsOf(campaign);
  const off = requestedOff.filter((flag) => present[flag] !== false);
  if (!isCleared && off.length === 0) return undefined;
  const { title, line, status, facts } = showCampaign(campaign, input.campaignId);
  assertUnlocked(input.campaignId, campaign);
  const [list, excludedList] = await readNewLists(input, campaign, context);
  const cleared = isCleared ? await showCleared(campaign, context) : undefined;
  const on = FLAGS.filter((flag) => input[flag] === true && present[flag] !== true);
  return {
    question: `Change the settings of the campaign ${title}, so that it can contact people it excludes now?`,
    lines: [
      `Campaign: ${line}`,
      progressLine(campaign),
      ...(cleared === undefined ? [] : [cleared.line]),
      ...off.map((flag) => `Exclusion switched off: ${EXCLUDED_PEOPLE[flag]} (${flag}). They can be contacted.`),
      ...on.map((flag) => `Exclusion switched on: ${EXCLUDED_PEOPLE[flag]} (${flag})`),
      ...(input.name === undefined ? [] : [`New name: ${quoteName(input.name)}`]),
      ...(list === undefined ? [] : [`New list of people: ${list}`]),
      ...(excludedList === undefined ? [] : [`New excluded list: ${excludedList}`]),
    ],
    warnings: [
      ...linesIf(status === 'SCHEDULED', BECOMES_DRAFT),
      ...linesIf(
        !EDITABLE_STATUSES.includes(status),
        `The campaign is ${status}. HeyReach changes settings only of a DRAFT, SCHEDULED or PAUSED campaign and may reject the call.`,
      ),
    ],
    facts: {
      campaign: facts,
      ...(cleared === undefined ? {} : { clearedList: cleared.facts }),
      ...(off.length === 0 ? {} : { switchedOff: off }),
    },
    boundState: {
      status: campaign.status,
      exclusions: FLAGS.map((flag) => present[flag] ?? null),
      lists: [present.linkedInUserListId ?? null, present.excludeListId ?? null],
    },
  };
}

/** @throws HeyReachError `not_sent` in a status in which HeyReach rejects a change of settings. */
function assertUnlocked(campaignId: number, { status }: Campaign): void {
  if (status == null || !LOCKED.includes(status)) return;
  throw knownRejection(
    `Campaign ${campaignId} is ${status}. HeyReach changes settings only of a DRAFT, SCHEDULED or PAUSED campaign`,
    nextStepWhileLocked(status),
  );
}

/**
 * The requested lists as lines.
 * @throws HeyReachError `not_sent` if HeyReach would reject one of them.
 */
async function readNewLists(
  { linkedInUserListId, excludeListId }: SettingsInput,
  campaign: Campaign,
  context: ToolContext,
) {
  const present = campaign.linkedInUserListId ?? undefined;
  if (campaign.startedAt != null && linkedInUserListId !== undefined && linkedInUserListId !== present) {
    throw knownRejection(
      'HeyReach does not change the list of a campaign that was started once',
      'Call again without linkedInUserListId, or create a new campaign with that list.',
    );
  }
  if (excludeListId !== undefined && excludeListId === (linkedInUserListId ?? present)) {
    throw knownRejection(
      'HeyReach rejects an excluded list that is also the list of the campaign',
      'Call again with another excludeListId, or without it.',
    );
  }
  const { client, call } = context;
  const ids = [linkedInUserListId, excludeListId];
  const lists = await Promise.all(
    ids.map((id) => (id === undefined ? id : client.lists.getById({ listId: id }, call))),
  );
  assertUserList(lists[0]);
  return lists.map((list, index) => list && showList(list, ids[index]!).line.replace(/^List: /, ''));
}

async function showCleared({ excludeListId }: Campaign, { client, call }: ToolContext) {
  if (excludeListId == null) {
    return { line: 'Excluded list: none is set, so there is nothing to clear', facts: null };
  }
  const list = await optionalRead(client.lists.getById({ listId: excludeListId }, call));
  const { line, facts } = showList(list ?? {}, excludeListId);
  return { line: `Excluded list cleared: ${line.replace(/^List: /, '')}. Its leads can be contacted again.`, facts };
}
