import * as z from 'zod';
import { type Campaign, campaign } from '../client/operations/campaigns.ts';
import { count } from '../client/operations/fields.ts';
import { lazy } from '../lib/lazy.ts';
import { readById } from './shared/read-by-id.ts';
import { indexOutput, readIndex } from './shared/read-index.ts';
import type { Resource } from './shared/types.ts';

const progress = lazy(() =>
  z.looseObject({
    total: count,
    pending: count,
    inProgress: count,
    finished: count,
    failed: count,
    stopped: count,
    excluded: count,
  }),
);

export const campaignsResource: Resource = {
  uri: 'heyreach://campaigns',
  tool: 'list_campaigns',
  name: 'campaigns',
  title: 'Campaigns',
  description: 'The first 300 campaigns, newest first: id, name, status and lead progress.',
  output: lazy(() => indexOutput('campaigns', campaign().extend({ progress: progress() }))),
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

/** The lead counts of a campaign. HeyReach's counts can be negative: those are left out. */
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
  const positive = Object.entries(parts).filter(([, count]) => count != null && count > 0);
  return { total: stats.totalUsers, ...(Object.fromEntries(positive) as Record<string, number>) };
}

export const campaignResource: Resource = {
  uri: 'heyreach://campaigns/{campaignId}',
  tool: 'get_campaign',
  name: 'campaign',
  title: 'A campaign',
  description: 'One campaign: status, senders, list, progress and exclusions.',
  output: campaign,
  async read({ campaignId }, { client, call }) {
    const [campaign] = await readById(client.campaigns.getById({ campaignId: Number(campaignId) }, call));
    return { data: campaign, fullArguments: { campaignId: Number(campaignId) } };
  },
};
