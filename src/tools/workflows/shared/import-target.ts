import { HeyReachError } from '../../../client/index.ts';
import type { Campaign } from '../../../client/operations/campaigns.ts';
import { countNoun, foldText } from '../../../lib/text-format.ts';
import { optionalRead, readBeforeWrite } from '../../../mcp/reads.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { progressLine, showCampaign } from '../../../views/campaign.ts';
import type { MembersBefore } from '../../../workflows/imports/classify-rows.ts';
import type { RowToSend, TargetScope } from '../../../workflows/imports/import-plan.ts';
import type { ImportTarget } from '../../../workflows/imports/import-work.ts';
import { toLeadInput } from '../../../workflows/leads/lead-input.ts';
import { readMemberKeys } from '../../../workflows/people-index/list-people.ts';
import { effectOfAdding } from '../../campaigns/shared/add-leads-effect.ts';
import { assertTakesLeads } from '../../campaigns/shared/add-to-campaign-preview.ts';
import { isRunning, readCampaignBeforeWrite } from '../../campaigns/shared/campaign-status.ts';
import { describeSenders, type Senders } from '../../campaigns/shared/senders.ts';
import { otherCampaignLines } from '../../lists/shared/list-campaigns.ts';
import {
  assertUserList,
  boundStateOf,
  type ListUsage,
  readListUsage,
  showList,
} from '../../lists/shared/list-usage.ts';
import { readNewList } from './import-new-list.ts';

/** Where an import goes: exactly one of these. */
export interface TargetInput {
  toListId?: number | undefined;
  toCampaignId?: number | undefined;
  newListName?: string | undefined;
}

/** The target of an import in its present state. */
export interface TargetState {
  /** As a question names it: `the list "Founders"`. */
  title: string;
  /** The end of a question about a target that contacts people. */
  contact: string;
  /** The campaign of the target itself. */
  campaignId?: number | undefined;
  lines: string[];
  warnings: string[];
  /** Campaigns that contact the people. Empty for a target that reaches no one. */
  running: readonly Campaign[];
  /** Campaigns whose senders take the people, now or after a resume. */
  takers: readonly Campaign[];
  /** Campaigns of the list that were not read and may run. */
  unread: number;
  /** The running campaigns of the workspace. undefined where not all are known. */
  allRunning: readonly Campaign[] | undefined;
  senders: Senders;
  /** How many people it has. undefined where HeyReach does not say. */
  people: number | undefined;
  scope: TargetScope;
  boundState: unknown;
}

/** The people of a list whose members are read, 1,000 a request. */
const MAX_MEMBERS = 100_000;
const NO_RESUME = { resumeFinishedCampaign: false, resumePausedCampaign: false };

/** Reads the target once for the preview and the run. @throws HeyReachError `not_sent` */
export function readTarget(input: TargetInput, context: ToolContext): Promise<TargetState> {
  return context.memoizedRead('import target', () => readBeforeWrite(read(input, context)));
}

async function read(input: TargetInput, context: ToolContext): Promise<TargetState> {
  const { toListId, toCampaignId } = input;
  if (toListId !== undefined) return readList(toListId, context);
  if (toCampaignId !== undefined) return readCampaign(toCampaignId, context);
  return readNewList(input.newListName ?? '', context);
}

async function readList(listId: number, context: ToolContext): Promise<TargetState> {
  const usage = await readListUsage(listId, context);
  assertUserList(usage.list);
  const senders = await describeSenders(accountsOf(usage.running), context);
  const { title, line } = showList(usage.list, listId);
  return {
    title: `the list ${title}`,
    contact: 'whose campaigns will contact them',
    lines: [line, ...otherCampaignLines(usage.campaigns)],
    warnings: [],
    running: usage.running,
    takers: usage.running,
    unread: usage.unread,
    allRunning: usage.allRunning,
    senders,
    people: usage.list?.totalItemsCount ?? undefined,
    scope: { listId, campaignIds: idsOf(usage.campaigns), membersOf: listId, senderOf: () => undefined },
    boundState: stateOf(usage, senders),
  };
}

async function readCampaign(campaignId: number, context: ToolContext): Promise<TargetState> {
  const campaign = await readCampaignBeforeWrite(campaignId, context);
  assertTakesLeads(campaignId, campaign, []);
  const listId = campaign.linkedInUserListId ?? undefined;
  // HeyReach also puts the people into the list of the campaign, which can feed other campaigns.
  const usage = listId === undefined ? undefined : await readListUsage(listId, context);
  const effect = effectOfAdding(campaign, NO_RESUME);
  const others = (usage?.running ?? []).filter(({ id }) => id !== campaignId);
  const running = [...(effect.contacts ? [campaign] : []), ...others];
  const own = campaign.campaignAccountIds ?? [];
  const senders = await describeSenders([...new Set([...own, ...accountsOf(others)])], context);
  const { title, line } = showCampaign(campaign, campaignId);
  return {
    title: `the campaign ${title}`,
    contact: effect.contacts ? 'which will contact them' : 'whose list other campaigns use, which will contact them',
    campaignId,
    lines: [
      `Campaign: ${line}`,
      ...effect.lines,
      progressLine(campaign),
      ...otherCampaignLines((usage?.campaigns ?? []).filter(({ id }) => id !== campaignId)),
    ],
    warnings: effect.contacts ? effect.warnings : [],
    running,
    takers: [campaign, ...others],
    unread: usage?.unread ?? 0,
    allRunning: usage?.allRunning,
    senders,
    people: usage?.list?.totalItemsCount ?? undefined,
    scope: {
      listId,
      campaignIds: [campaignId, ...idsOf(usage?.campaigns ?? [])],
      membersOf: listId,
      senderOf: (text) => senderOf(text, own, senders),
    },
    boundState: {
      status: campaign.status,
      own: own.toSorted((a, b) => a - b),
      ...stateOf({ running, unread: usage?.unread ?? 0 }, senders),
    },
  };
}

function stateOf({ running, unread }: Pick<ListUsage, 'running' | 'unread'>, senders: Senders) {
  return { running: boundStateOf(running, unread), senders: senders.boundState };
}

const idsOf = (campaigns: readonly Campaign[]) => campaigns.flatMap(({ id }) => id ?? []);
const accountsOf = (campaigns: readonly Campaign[]) => [
  ...new Set(campaigns.flatMap(({ campaignAccountIds }) => campaignAccountIds ?? [])),
];

/** A sender of the campaign by its id, or by its name where only one has it. */
function senderOf(text: string, own: readonly number[], { accounts }: Senders): number | undefined {
  const byId = own.find((id) => String(id) === text.trim());
  if (byId !== undefined) return byId;
  const named = own.filter((id) => {
    const { firstName, lastName } = accounts.get(id) ?? {};
    return foldText(`${firstName ?? ''} ${lastName ?? ''}`) === foldText(text);
  });
  return named.length === 1 ? named[0] : undefined;
}

/** The target as an import writes to it. @param listId the list, where the import created it. */
export function writableTarget(input: TargetInput, state: TargetState, listId = input.toListId): ImportTarget {
  const { toCampaignId: campaignId } = input;
  const sizedList = listId ?? state.scope.listId;
  return {
    key: campaignId === undefined ? `list ${listId}` : `campaign ${campaignId}`,
    boundState: state.boundState,
    send: (rows, context) => sendTo({ campaignId, listId }, rows, context),
    members: (context) => membersOf(input, { listId: sizedList, people: state.people }, context),
    assertUnchanged: (context) => assertSameReach(input, { before: state, listId: sizedList }, context),
    async size({ client, call }) {
      if (sizedList === undefined) return undefined;
      const list = await optionalRead(client.lists.getById({ listId: sizedList }, call));
      return list?.totalItemsCount ?? undefined;
    },
  };

  async function sendTo(
    to: { campaignId: number | undefined; listId: number | undefined },
    rows: readonly RowToSend[],
    { client, call }: ToolContext,
  ) {
    if (to.campaignId === undefined) {
      return client.lists.addLeads({ listId: to.listId!, leads: rows.map(({ lead }) => toLeadInput(lead!)) }, call);
    }
    const accountLeadPairs = rows.map(({ lead, linkedInAccountId }) => ({
      linkedInAccountId,
      lead: toLeadInput(lead!),
    }));
    return client.campaigns.addLeads({ campaignId: to.campaignId, accountLeadPairs, ...NO_RESUME }, call);
  }
}

/** The people of the target before the import. A list that takes too many requests is not read. */
async function membersOf(
  { newListName }: TargetInput,
  { listId, people }: { listId: number | undefined; people: number | undefined },
  context: ToolContext,
): Promise<MembersBefore | undefined> {
  if (newListName !== undefined) return new Set();
  if (listId === undefined || people === undefined || people > MAX_MEMBERS) return undefined;
  return readMemberKeys(listId, context);
}

/** The campaigns that contact the people of the target now. */
async function readReach(
  { toCampaignId: campaignId }: TargetInput,
  listId: number | undefined,
  context: ToolContext,
): Promise<Pick<ListUsage, 'running' | 'unread'>> {
  const { client, call } = context;
  const [campaign, usage] = await Promise.all([
    campaignId === undefined ? undefined : client.campaigns.getById({ campaignId }, call),
    listId === undefined ? { running: [], unread: 0 } : readListUsage(listId, context),
  ]);
  const own = campaign !== undefined && effectOfAdding(campaign, NO_RESUME).contacts ? [campaign] : [];
  return { running: [...own, ...usage.running], unread: usage.unread };
}

/** @throws HeyReachError `target_changed` where campaigns contact the people that did not before. */
async function assertSameReach(
  input: TargetInput,
  { before, listId }: { before: TargetState; listId: number | undefined },
  context: ToolContext,
): Promise<void> {
  const now = await readBeforeWrite(readReach(input, listId, context));
  const known = new Set(idsOf(before.running));
  const started = now.running.filter(({ id }) => id == null || !known.has(id));
  if (started.length === 0 && now.unread <= before.unread) return;
  const [first] = started;
  const named =
    first === undefined
      ? countNoun(now.unread, 'campaign')
      : `campaign ${first.id} (${isRunning(first) ? first.status : 'unknown status'})`;
  throw new HeyReachError({
    kind: 'target_changed',
    outcome: 'not_sent',
    message: `The target went live since it was confirmed: ${named} would contact the people.`,
    meaning: 'The rows of earlier calls were sent. The rest was not.',
    nextStep:
      'Call import_leads again without resumeJob to see what the rest would do now. People who were added are updated, not added twice.',
  });
}
