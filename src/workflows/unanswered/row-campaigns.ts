import { slugOf } from '../../lib/linkedin-url.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import type { CampaignOfLead } from '../leads/campaign-reach.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import { type Table, toTable } from '../shared/table.ts';
import type { WorkTime } from '../shared/work-time.ts';
import type { Unanswered } from './find-unanswered.ts';

const MAX_SIDE_BY_SIDE = 10;
const MAX_CAMPAIGN_PAGES = 5;

/** The campaigns of the people in the rows, and the table that names them. */
export interface RowCampaigns {
  /** The campaigns of a person. Null where they could not be read. */
  idsOf(row: Unanswered): number[] | null;
  table: Table;
  incomplete: MissingPart[];
}

/**
 * The campaigns that a conversation can come from. HeyReach names them in automatic tags. For people without such a tag one
 * request each reads the campaigns of the person. Several stay several, because HeyReach does not say which one began it.
 */
export async function readRowCampaigns(
  rows: readonly Unanswered[],
  { client }: ToolContext,
  time: WorkTime,
): Promise<RowCampaigns> {
  const untagged = rows.filter((row) => taggedIds(row).length === 0);
  const people = new Map(untagged.flatMap((row) => (urlOf(row) === undefined ? [] : [[keyOf(row), urlOf(row)!]])));
  const reads = await sideBySide([...people], MAX_SIDE_BY_SIDE, async ([key, profileUrl]) => ({
    key,
    read: await settle(client.campaigns.getForLead({ profileUrl, offset: 0, limit: 100 }, time.call)),
  }));
  // An answer without rows does not say that there are none.
  const byPerson = new Map(
    reads.map(({ key, read }) => {
      if (!read.ok) return [key, null];
      return [key, read.value.items ?? (read.value.totalCount === 0 ? [] : null)];
    }),
  );
  const known = new Map<number, Pick<CampaignOfLead, 'campaignName' | 'campaignStatus'>>();
  for (const campaign of [...byPerson.values()].flatMap((items) => items ?? []))
    known.set(campaign.campaignId ?? 0, campaign);
  const tagged = new Set(rows.flatMap(taggedIds));
  const unnamed = [...tagged].filter((id) => !known.has(id));
  const listed = unnamed.length === 0 ? undefined : await settle(listCampaigns(unnamed, client, time));
  for (const { id, name, status } of listed?.ok ? listed.value.rows : []) {
    if (id != null && tagged.has(id)) known.set(id, { campaignName: name, campaignStatus: status });
  }
  const failed = reads.flatMap(({ read }) => (read.ok ? [] : [read.error]));
  const rowless = reads.filter(({ key, read }) => read.ok && byPerson.get(key) === null).length;
  const areNamesCut = listed?.ok === true && !listed.value.isAll && unnamed.some((id) => !known.has(id));
  return {
    idsOf(row) {
      const ids = taggedIds(row);
      if (ids.length > 0) return ids;
      const items = byPerson.get(keyOf(row));
      return items?.map(({ campaignId }) => campaignId ?? 0) ?? null;
    },
    table: toTable([...known], {
      campaignId: ([id]) => id,
      name: ([, { campaignName }]) => campaignName,
      status: ([, { campaignStatus }]) => campaignStatus,
    }),
    incomplete: [
      ...(failed[0] === undefined ? [] : [missing(`campaigns of ${failed.length} people`, failed[0], time)]),
      ...(rowless === 0 ? [] : [{ part: `campaigns of ${rowless} people`, reason: 'HeyReach answered without rows' }]),
      ...(areNamesCut ? [{ part: 'names of campaigns', reason: 'HeyReach did not list all campaigns' }] : []),
      ...(listed?.ok === false ? [missing('names of campaigns', listed.error, time)] : []),
    ],
  };
}

function listCampaigns(ids: readonly number[], client: ToolContext['client'], { call }: WorkTime) {
  return readAllPages((page) => client.campaigns.getAll(page, call), {
    maxPages: MAX_CAMPAIGN_PAGES,
    isEnough: (read) => ids.every((id) => read.some((campaign) => campaign.id === id)),
  });
}

function taggedIds({ conversation }: Unanswered): number[] {
  const tags = conversation.correspondentProfile?.autoTags ?? [];
  return [...new Set(tags.flatMap(({ campaignId }) => (campaignId == null ? [] : [campaignId])))];
}

function urlOf({ conversation }: Unanswered): string | undefined {
  return conversation.correspondentProfile?.profileUrl ?? undefined;
}

function keyOf(row: Unanswered): string {
  const url = urlOf(row);
  return slugOf(url) ?? url ?? '';
}
