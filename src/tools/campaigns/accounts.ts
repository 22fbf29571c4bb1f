import { z } from 'zod';
import { HeyReachError } from '../../client/index.ts';
import type { ToolAnswer, ToolContext } from '../define.ts';
import { id, ids } from '../fields.ts';
import { readBackCampaign, readCampaignFirst } from './read-status.ts';

/** Senders of a campaign as parameters. */
export const accountsInput = (description: string) => ({
  campaignId: id('Campaign id'),
  linkedInAccountIds: ids(description, { min: 1 }),
});

export const accountsOutput = z.looseObject({
  campaignId: z.number(),
  campaignAccountIds: z.array(z.number()).nullable().describe('senders read back after the change; null if unreadable'),
  added: z.array(z.number()).optional(),
  dropped: z.array(z.number()).optional(),
  notDone: z.array(z.number()).optional().describe('senders the change did not reach, although HeyReach answered 200'),
  note: z.string().optional(),
});

/** Tells from the senders read back which of the given ones a change did not reach. */
type Missed = (after: readonly number[]) => number[];

/**
 * Reads the senders, changes them, and says which were dropped; also where a repeated change is refused because its first
 * attempt worked, since only here the senders before it are known.
 */
export async function replaceAccounts(
  campaignId: number,
  change: () => Promise<unknown>,
  missed: Missed,
  context: ToolContext,
): Promise<ToolAnswer> {
  const { campaignAccountIds } = await readCampaignFirst(campaignId, context);
  try {
    await change();
  } catch (error) {
    const mayBeDone = error instanceof HeyReachError && error.outcome === 'refused' && error.afterUnclearAttempt;
    if (!mayBeDone || !(await isDone(campaignId, missed, context).catch(() => false))) throw error;
  }
  return accountsAnswer(campaignId, campaignAccountIds ?? undefined, missed, context);
}

/**
 * Whether a campaign reads as a change was to leave it.
 * @throws when that cannot be read.
 */
export async function isDone(campaignId: number, missed: Missed, { client, call }: ToolContext): Promise<boolean> {
  const { campaignAccountIds } = await client.campaigns.getById({ campaignId }, call);
  if (campaignAccountIds == null) throw new RangeError('HeyReach did not say the senders');
  return missed(campaignAccountIds).length === 0;
}

/** Compares what a change of senders came to with what was wanted: a 200 can hide an account that failed. */
export async function accountsAnswer(
  campaignId: number,
  before: readonly number[] | undefined,
  missed: Missed,
  context: ToolContext,
): Promise<ToolAnswer> {
  const found = await readBackCampaign(campaignId, context);
  const after = found?.campaignAccountIds;
  if (after == null) {
    const note = 'HeyReach accepted the change, but the campaign could not be read back.';
    return { data: { campaignId, campaignAccountIds: null, note } };
  }
  const notDone = missed(after);
  return {
    data: {
      campaignId,
      campaignAccountIds: after,
      ...(before === undefined
        ? {}
        : {
            added: after.filter((account) => !before.includes(account)),
            dropped: before.filter((account) => !after.includes(account)),
          }),
      ...(notDone.length === 0
        ? {}
        : { notDone, note: 'HeyReach answered 200, yet did not carry out the change for notDone.' }),
    },
  };
}
