import { z } from 'zod';
import { type Campaign, campaign } from '../client/operations/campaigns.ts';
import { count } from '../client/operations/fields.ts';
import { indexOutput, readIndex } from './index-rows.ts';
import { readById } from './owner.ts';
import type { Resource } from './resource.ts';

const progress = z.looseObject({
  total: count,
  pending: count,
  inProgress: count,
  finished: count,
  failed: count,
  stopped: count,
  excluded: count,
});

export const campaignIndex: Resource = {
  uri: 'heyreach://campaigns',
  tool: 'list_campaigns',
  name: 'campaigns',
  title: 'Campaigns',
  description: 'The first 300 campaigns, newest first: id, name, status and how far their leads are.',
  output: indexOutput('campaigns', campaign.extend({ progress })),
  read: (_, context) =>
    readIndex(context, {
      key: 'campaigns',
      read: (page) => context.client.campaigns.getAll(page, context.call),
      row: ({ id, name, status, creationTime, progressStats }) => ({
        id,
        name,
        status,
        creationTime,
        progress: progressOf(progressStats),
      }),
      order: newestFirst,
      tool: 'list_campaigns',
    }),
};

function newestFirst(a: Campaign, b: Campaign): number {
  return timeOf(b.creationTime) - timeOf(a.creationTime) || (b.id ?? 0) - (a.id ?? 0);
}

function timeOf(time: string | null | undefined): number {
  return Date.parse(time ?? '') || 0;
}

/** How far the leads of a campaign are, in few words; HeyReach's counts can be off and even negative, which says nothing. */
export function progressOf(stats: Campaign['progressStats']): Record<string, number> | undefined {
  if (stats?.totalUsers == null) return undefined;
  const parts = {
    pending: stats.totalUsersPending,
    inProgress: stats.totalUsersInProgress,
    finished: stats.totalUsersFinished,
    failed: stats.totalUsersFailed,
    stopped: stats.totalUsersManuallyStopped,
    excluded: stats.totalUsersExcluded,
  };
  const shown = Object.entries(parts).flatMap(([name, part]) => (part != null && part > 0 ? [[name, part]] : []));
  return { total: stats.totalUsers, ...Object.fromEntries(shown) };
}

export const oneCampaign: Resource = {
  uri: 'heyreach://campaigns/{campaignId}',
  tool: 'get_campaign',
  name: 'campaign',
  title: 'A campaign',
  description: 'One campaign: status, senders, list, progress and exclusions.',
  output: campaign,
  async read({ campaignId }, { client, call }) {
    const [found] = await readById(client.campaigns.getById({ campaignId: Number(campaignId) }, call));
    return { data: found, wholeBy: { campaignId: Number(campaignId) } };
  },
};
