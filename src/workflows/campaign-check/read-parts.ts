import type { CallOptions, HeyReachClient } from '../../client/index.ts';
import type { Campaign } from '../../client/operations/campaigns.ts';
import type { LeadProfile } from '../../client/operations/fields.ts';
import type { SequenceNode } from '../../client/operations/sequence.ts';
import { type RowsRead, readPagedRows } from '../people-index/read-paged-rows.ts';
import { gapOf } from '../people-index/source.ts';
import { readSenders } from '../senders/workspace-senders.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { type Settled, settle } from '../shared/settle.ts';
import type { WorkTime } from '../shared/work-time.ts';
import type { ListRead } from './list.ts';
import type { CampaignSenders } from './senders.ts';

/** The largest page of GetLeadsFromList. */
const PAGE_ROWS = 1_000;
/** Pages that are read side by side. */
const MOST = 4;

/** What a campaign consists of. A part that could not be read is undefined, and named in `incomplete`. */
export interface CampaignParts {
  /** Null where the campaign has no sequence. */
  sequence: SequenceNode | null | undefined;
  /** Null where the campaign has no list. */
  list: ListRead | null;
  senders: CampaignSenders | undefined;
  incomplete: MissingPart[];
}

/**
 * Reads the parts of a campaign side by side: its sequence, its list, all members of the list, and its senders.
 * @param draft a sequence that is checked in place of the campaign's.
 */
export async function readCampaignParts(
  campaign: Campaign,
  draft: SequenceNode | undefined,
  client: HeyReachClient,
  time: WorkTime,
): Promise<CampaignParts> {
  const { call } = time;
  const campaignId = campaign.id ?? 0;
  const [sequence, list, senders] = await Promise.all([
    draft === undefined
      ? settle(client.campaigns.getSequence({ campaignId }, call))
      : { ok: true as const, value: draft },
    readList(campaign.linkedInUserListId ?? undefined, client, time),
    settle(readCampaignSenders(campaign, client, call)),
  ]);
  return {
    sequence: sequence.ok ? ((sequence.value ?? null) as SequenceNode | null) : undefined,
    list: list?.read ?? null,
    senders: senders.ok ? senders.value : undefined,
    incomplete: [
      ...unread('sequence', sequence, time),
      ...(list?.incomplete ?? []),
      ...unread('senders', senders, time),
      ...(campaign.campaignAccountIds == null
        ? [{ part: 'senders', reason: 'HeyReach did not return the senders of the campaign' }]
        : []),
    ],
  };
}

function unread(part: string, read: Settled<unknown>, time: WorkTime): MissingPart[] {
  return read.ok ? [] : [missing(part, read.error, time)];
}

/** Undefined where HeyReach did not return the ids of the senders. */
async function readCampaignSenders(
  { campaignAccountIds: ids }: Campaign,
  client: HeyReachClient,
  call: CallOptions,
): Promise<CampaignSenders | undefined> {
  if (ids == null) return undefined;
  const { chosen } = ids.length === 0 ? { chosen: [] } : await readSenders(ids, client, call);
  return { ids, accounts: new Map(chosen.map((sender) => [sender.id, sender])) };
}

async function readList(listId: number | undefined, client: HeyReachClient, time: WorkTime) {
  if (listId === undefined) return undefined;
  const { call } = time;
  const [list, members] = await Promise.all([
    settle(client.lists.getById({ listId }, call)),
    readListLeads(listId, client, call),
  ]);
  const { rows, gap } = members.ok ? members.value : { rows: [], gap: members.error };
  const read: ListRead = { list: list.ok ? list.value : undefined, members: rows, isAll: gap === undefined };
  return { read, incomplete: [...unread('list', list, time), ...gapOf('leads of the list', gap, time)] };
}

/** Reads the leads of a list, or the error of its first page. What can be read is returned although a page fails. */
export function readListLeads(
  listId: number,
  client: HeyReachClient,
  call: CallOptions,
): Promise<Settled<RowsRead<LeadProfile>>> {
  return settle(
    readPagedRows((page) => client.lists.getLeads({ listId, ...page }, call).then(withoutBulk), {
      limit: PAGE_ROWS,
      most: MOST,
    }),
  );
}

interface Page {
  items?: LeadProfile[] | null | undefined;
  totalCount?: number | null | undefined;
}

/** A list can have 100,000 members, and no check reads these texts of them. */
function withoutBulk({ items, totalCount }: Page): Page {
  return { totalCount, items: items?.map((lead) => ({ ...lead, imageUrl: null, about: null })) };
}
