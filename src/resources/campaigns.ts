import { z } from 'zod';
import { type Campaign, campaign } from '../client/operations/campaigns.ts';
import { ROWS_A_PAGE, readRows } from '../tools/read-rows.ts';
import { type Resource, restOf } from './resource.ts';

/** Three calls: as many as a listing may cost. */
const MOST_PAGES = 3;

export const campaignIndex: Resource = {
  uri: 'heyreach://campaigns',
  name: 'campaigns',
  title: 'Campaigns',
  description: 'All campaigns, newest first: id, name, status and progress.',
  output: z.looseObject({ totalCount: z.number(), returned: z.number(), campaigns: z.array(campaign) }),
  async read(_, context) {
    let total: number | undefined;
    const { rows, isAll } = await readRows(
      async (page) => {
        const found = await context.client.campaigns.getAll(page, context.call);
        total = found.totalCount ?? undefined;
        return found;
      },
      { mostPages: MOST_PAGES },
    );
    const all = isAll ? rows.length : (total ?? 'unknown');
    const campaigns = rows.sort(newestFirst).map(indexRow);
    return {
      data: { totalCount: all, returned: campaigns.length, campaigns },
      rows: {
        key: 'campaigns',
        goOn: (kept) =>
          restOf(context, all === 'unknown' ? all : all - kept, 'list_campaigns', { offset: kept, limit: ROWS_A_PAGE }),
      },
    };
  },
};

export function newestFirst(a: Campaign, b: Campaign): number {
  return Date.parse(b.creationTime ?? '') - Date.parse(a.creationTime ?? '') || (b.id ?? 0) - (a.id ?? 0);
}

function indexRow({ id, name, status, creationTime, progressStats }: Campaign) {
  return { id, name, status, creationTime, progress: progressStats };
}

export const oneCampaign: Resource = {
  uri: 'heyreach://campaigns/{campaignId}',
  name: 'campaign',
  title: 'A campaign',
  description: 'One campaign: status, senders, list, progress and exclusions.',
  output: campaign,
  async read({ campaignId }, { client, call }) {
    return { data: await client.campaigns.getById({ campaignId: Number(campaignId) }, call) };
  },
};
