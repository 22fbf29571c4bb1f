import { z } from 'zod';
import type { Campaign } from '../../client/operations/campaigns.ts';
import { beforeWrite } from '../before-write.ts';
import type { ToolAnswer, ToolContext } from '../define.ts';

/** What a tool answers that changes a campaign's status. */
export const statusOutput = z.looseObject({
  campaignId: z.number(),
  name: z.string().nullish(),
  status: z.string().describe('as read back after the change; unknown if it could not be read'),
  note: z.string().optional(),
});

/**
 * Reads a campaign before a change that needs its present state, once for the preview and the change.
 * @throws HeyReachError `not_sent` where the read ended unclear: the change itself never left.
 */
export function readCampaignFirst(campaignId: number, { client, call, readFirst }: ToolContext): Promise<Campaign> {
  return readFirst(`campaign ${campaignId}`, () => beforeWrite(client.campaigns.getById({ campaignId }, call)));
}

/** Reads a campaign back after a change; undefined when even that fails, since the change itself was accepted. */
export async function readBackCampaign(
  campaignId: number,
  { client, call }: ToolContext,
): Promise<Campaign | undefined> {
  try {
    return await client.campaigns.getById({ campaignId }, call);
  } catch {
    return undefined;
  }
}

/** The answer of a tool that changes a campaign's status. */
export function statusAnswer(campaignId: number, found: Campaign | undefined, note?: string): ToolAnswer {
  const unread =
    found === undefined ? 'HeyReach accepted the change, but the campaign could not be read back.' : undefined;
  const said = [note, unread].filter((part) => part !== undefined).join(' ');
  return {
    data: {
      campaignId,
      ...(found?.name == null ? {} : { name: found.name }),
      status: found?.status ?? 'unknown',
      ...(said === '' ? {} : { note: said }),
    },
  };
}
