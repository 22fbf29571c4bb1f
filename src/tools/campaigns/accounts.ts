import { z } from 'zod';
import type { ToolAnswer, ToolContext } from '../define.ts';
import { id, ids } from '../fields.ts';
import { readBackCampaign } from './read-status.ts';

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

/** The senders a campaign has, before a change. */
export async function readAccounts(campaignId: number, { client, call }: ToolContext): Promise<number[]> {
  const found = await client.campaigns.getById({ campaignId }, call);
  return found.campaignAccountIds ?? [];
}

/**
 * Compares what a change of senders came to with what was wanted: a 200 can hide an account that failed.
 * @param missed tells from the senders read back which of the given ones the change did not reach.
 */
export async function accountsAnswer(
  campaignId: number,
  before: readonly number[] | undefined,
  missed: (after: readonly number[]) => number[],
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
