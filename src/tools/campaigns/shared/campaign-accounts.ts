import * as z from 'zod';
import { HeyReachError } from '../../../client/index.ts';
import { lazy } from '../../../lib/lazy.ts';
import { id, ids } from '../../../mcp/arguments/fields.ts';
import type { ToolContext, ToolOutput } from '../../../mcp/tool.ts';
import { readBackCampaign, readCampaignBeforeWrite } from './campaign-status.ts';

/** Parameters of tools that change the senders of a campaign. */
export const accountsInput = (description: string) => ({
  campaignId: id('Campaign id'),
  linkedInAccountIds: ids(description, { min: 1 }),
});

export const accountsOutput = lazy(() =>
  z.looseObject({
    campaignId: z.number(),
    campaignAccountIds: z
      .array(z.number())
      .nullable()
      .describe('senders read back after the change; null if unreadable'),
    added: z.array(z.number()).optional(),
    dropped: z.array(z.number()).optional(),
    notDone: z.array(z.number()).optional().describe('senders not changed, although HeyReach answered 200'),
    note: z.string().optional(),
  }),
);

/** Returns the requested senders that a change did not reach, given the senders after it. */
type FindNotDone = (after: readonly number[]) => number[];

/**
 * Reads the senders, changes them and reports which were dropped.
 *
 * A retry can be rejected because the first attempt succeeded. That is checked here, because only here the senders before the
 * change are known.
 */
export async function replaceAccounts(
  campaignId: number,
  change: () => Promise<unknown>,
  findNotDone: FindNotDone,
  context: ToolContext,
): Promise<ToolOutput> {
  const { campaignAccountIds } = await readCampaignBeforeWrite(campaignId, context);
  try {
    await change();
  } catch (error) {
    const mayBeDone = error instanceof HeyReachError && error.outcome === 'refused' && error.afterUnclearAttempt;
    if (!mayBeDone || !(await isDone(campaignId, findNotDone, context).catch(() => false))) throw error;
  }
  return accountsResult(campaignId, campaignAccountIds ?? undefined, findNotDone, context);
}

/** The result of an earlier attempt that succeeded, or undefined if the change is not there. */
export async function verifyAccounts(
  campaignId: number,
  findNotDone: FindNotDone,
  context: ToolContext,
): Promise<ToolOutput | undefined> {
  const done = await isDone(campaignId, findNotDone, context);
  return done ? accountsResult(campaignId, undefined, findNotDone, context) : undefined;
}

async function isDone(campaignId: number, findNotDone: FindNotDone, { client, call }: ToolContext): Promise<boolean> {
  const { campaignAccountIds } = await client.campaigns.getById({ campaignId }, call);
  if (campaignAccountIds == null) throw new RangeError('HeyReach did not return the senders');
  return findNotDone(campaignAccountIds).length === 0;
}

/** Reads the senders back and compares them with the request, because a 200 can hide an account that failed. */
export async function accountsResult(
  campaignId: number,
  before: readonly number[] | undefined,
  findNotDone: FindNotDone,
  context: ToolContext,
): Promise<ToolOutput> {
  const campaign = await readBackCampaign(campaignId, context);
  const after = campaign?.campaignAccountIds;
  if (after == null) {
    const note = 'HeyReach accepted the change, but the campaign could not be read back.';
    return { data: { campaignId, campaignAccountIds: null, note } };
  }
  const notDone = findNotDone(after);
  const changes = before && {
    added: after.filter((account) => !before.includes(account)),
    dropped: before.filter((account) => !after.includes(account)),
  };
  const note = 'HeyReach answered 200, but did not change the senders in notDone.';
  return {
    data: { campaignId, campaignAccountIds: after, ...changes, ...(notDone.length === 0 ? {} : { notDone, note }) },
  };
}
