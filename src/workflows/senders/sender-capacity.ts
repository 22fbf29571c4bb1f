import type { Campaign } from '../../client/operations/campaigns.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { showSender } from '../../views/people.ts';
import { incompleteIf, missing } from '../shared/incomplete.ts';
import { lastDays, toRange } from '../shared/periods.ts';
import { oneDecimal, rateOf, sumOf } from '../shared/rates.ts';
import { settle } from '../shared/settle.ts';
import { toTable } from '../shared/table.ts';
import { startWork, type WorkTime } from '../shared/work-time.ts';
import { capacityWarnings } from './capacity-warnings.ts';
import { queueOf, type SenderQueue, shareQueues } from './queue-shares.ts';
import { type SenderState, senderStateOf } from './sender-state.ts';
import { type Pace, paceOf } from './sending-pace.ts';
import { readSenders, type Sender, senderName } from './workspace-senders.ts';

/** Days of statistics that the pace is taken from. */
const PACE_DAYS = 14;
const MAX_CAMPAIGN_PAGES = 20;
/** Above this number a result would not fit into a model's context. The rest is named by id. */
const MAX_ROWS = 60;

/** Which senders to report, and the leads to plan for. */
export interface CapacityRequest {
  linkedInAccountIds?: number[] | undefined;
  campaignId?: number | undefined;
  addLeads?: number | undefined;
}

/** A sender with all that its row shows. Parts that could not be read are null. */
interface SenderRow extends SenderState {
  sender: Sender;
  pace: Pace | null;
  queue: SenderQueue | null;
}

/** Reads senders, running campaigns, and the statistics of each sender: one request a sender. */
export async function readSenderCapacity(request: CapacityRequest, context: ToolContext) {
  const { client } = context;
  const time = startWork(context.call);
  const [senders, running] = await Promise.all([
    readSenders(request.linkedInAccountIds, client, time.call),
    settle(readRunning(context, time)),
  ]);
  if (senders.none !== undefined) throw senders.none;
  const campaign = await findCampaign(request.campaignId, running.ok ? running.value.rows : [], context, time);
  const chosen = senders.chosen.filter(({ id }) => campaign === undefined || campaign.campaignAccountIds?.includes(id));
  const perDay = new Map(senders.all.map((sender) => [sender.id, senderStateOf(sender).perDay ?? 0]));
  // A sender with an unknown allowance may take the leads of its campaigns.
  const unknown = new Set(senders.all.flatMap((sender) => (senderStateOf(sender).perDay === null ? sender.id : [])));
  const queues = running.ok ? shareQueues(running.value.rows.map(queueOf), perDay) : undefined;
  const statistics = await Promise.all(chosen.map(async ({ id }) => settle(readPace(id, context, time))));
  const rows = chosen.map((sender, index): SenderRow => {
    const read = statistics[index]!;
    return {
      sender,
      ...senderStateOf(sender),
      pace: read.ok ? read.value : null,
      queue: queues?.queueOf(sender.id) ?? null,
    };
  });
  const shown = rows.slice(0, MAX_ROWS);
  const stuck = queues?.stuck.filter((queue) => !queue.senders.some((id) => unknown.has(id))) ?? [];
  return {
    asOf: new Date().toISOString(),
    totals: totalsOf(rows, request.addLeads, campaign),
    ...(campaign === undefined ? {} : { campaign: campaignFields(campaign, rows, request.addLeads ?? 0) }),
    ...toTable(shown, COLUMNS),
    ...(rows.length > shown.length ? { notShown: rows.slice(MAX_ROWS).map(({ sender }) => sender.id) } : {}),
    ...(stuck.length === 0 ? {} : { withoutSender: stuck.map(({ campaignId, waiting }) => ({ campaignId, waiting })) }),
    ...(request.addLeads === undefined ? {} : { warnings: capacityWarnings(rows, request.addLeads, campaign) }),
    ...incompleteIf([
      ...senders.incomplete,
      ...(running.ok ? [] : [missing('waiting leads of campaigns', running.error, time)]),
      ...(running.ok && !running.value.isAll
        ? [{ part: 'waiting leads of campaigns', reason: `only ${running.value.rows.length} campaigns were read` }]
        : []),
      ...statistics.flatMap((read, index) =>
        read.ok ? [] : [missing(`statistics of ${showSender(chosen[index], chosen[index]!.id)}`, read.error, time)],
      ),
    ]),
  };
}

const COLUMNS = {
  linkedInAccountId: ({ sender }: SenderRow) => sender.id,
  name: ({ sender }: SenderRow) => senderName(sender),
  state: ({ state }: SenderRow) => state,
  perDay: ({ perDay }: SenderRow) => perDay,
  sentToday: ({ pace }: SenderRow) => pace?.sentToday,
  perActiveDay: ({ pace }: SenderRow) => pace?.perActiveDay,
  sent14d: ({ pace }: SenderRow) => pace?.sent,
  accepted14d: ({ pace }: SenderRow) => pace?.accepted,
  acceptance: ({ pace }: SenderRow) => rateOf(pace?.accepted, pace?.sent),
  campaigns: ({ queue }: SenderRow) => queue?.campaigns,
  waiting: ({ queue }: SenderRow) => queue?.waiting,
  share: (row: SenderRow) => rounded(shareOf(row)),
  daysByAllowance: (row: SenderRow) => daysOf(shareOf(row), row.perDay),
  daysAtPace: (row: SenderRow) => daysOf(shareOf(row), row.pace?.perActiveDay),
};

/** The leads that a sender takes. Null where the queue or the allowance that divides it is unknown. */
function shareOf({ queue, perDay }: SenderRow): number | null {
  return queue === null || (perDay === null && queue.waiting > 0) ? null : queue.share;
}

function rounded(share: number | null): number | null {
  return share === null ? null : Math.round(share);
}

/** Days of work. Null where nothing is sent while leads wait, or a part is unknown. */
function daysOf(leads: number | null | undefined, perDay: number | null | undefined): number | null {
  if (leads === 0) return 0;
  return leads == null || perDay == null || perDay <= 0 ? null : oneDecimal(leads / perDay);
}

function readRunning({ client }: ToolContext, { call }: WorkTime) {
  return readAllPages((page) => client.campaigns.getAll({ ...page, statuses: ['IN_PROGRESS'] }, call), {
    maxPages: MAX_CAMPAIGN_PAGES,
  });
}

/** The campaign of a request. It is read alone where it is not running. */
async function findCampaign(
  id: number | undefined,
  running: readonly Campaign[],
  { client }: ToolContext,
  { call }: WorkTime,
): Promise<Campaign | undefined> {
  if (id === undefined) return undefined;
  return running.find((campaign) => campaign.id === id) ?? client.campaigns.getById({ campaignId: id }, call);
}

async function readPace(sender: number, { client }: ToolContext, { call }: WorkTime): Promise<Pace> {
  const days = lastDays(PACE_DAYS, Date.now());
  const response = await client.stats.getOverall({ accountIds: [sender], campaignIds: [], ...toRange(days) }, call);
  return paceOf(response.byDayStats ?? {}, days.last);
}

function totalsOf(rows: readonly SenderRow[], addLeads: number | undefined, campaign: Campaign | undefined) {
  const perDay = sumOf(rows.map((row) => row.perDay));
  const share = sumOf(rows.map(shareOf));
  return {
    senders: rows.length,
    working: rows.filter(({ state }) => state === 'works').length,
    perDay,
    sentToday: sumOf(rows.map(({ pace }) => pace?.sentToday)),
    waiting: rounded(share),
    daysByAllowance: daysOf(share, perDay),
    ...(addLeads === undefined || campaign !== undefined || share === null
      ? {}
      : { daysWithAdded: daysOf(share + addLeads, perDay) }),
  };
}

/** The campaign alone, as if its senders worked for no other campaign. */
function campaignFields(campaign: Campaign, rows: readonly SenderRow[], addLeads: number) {
  const { waiting } = queueOf(campaign);
  const perDay = sumOf(rows.map((row) => row.perDay));
  return {
    campaignId: campaign.id ?? null,
    name: campaign.name ?? null,
    status: campaign.status ?? null,
    waiting,
    perDay,
    daysByAllowance: daysOf(waiting, perDay),
    ...(addLeads === 0 ? {} : { daysWithAdded: daysOf(waiting + addLeads, perDay) }),
  };
}
