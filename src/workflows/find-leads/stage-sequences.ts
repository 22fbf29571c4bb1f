import { type MissingPart, missing } from '../shared/incomplete.ts';
import { type Settled, settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import type { ReadContext } from '../shared/work-time.ts';
import { type AfterAcceptance, afterAcceptance, needsSequence } from './accepted-outcome.ts';
import type { StageLead } from './stages.ts';

const MAX_SIDE_BY_SIDE = 8;

/** Reads the sequences of campaigns. `undefined` is a campaign without a sequence. */
export async function readSequences(
  campaignIds: readonly number[],
  { context: { client }, time }: ReadContext,
): Promise<{ sequences: Map<number, unknown>; incomplete: MissingPart[] }> {
  const reads = await sideBySide([...new Set(campaignIds)], MAX_SIDE_BY_SIDE, async (campaignId) => ({
    campaignId,
    read: (await settle(client.campaigns.getSequence({ campaignId }, time.call))) as Settled<unknown>,
  }));
  return {
    sequences: new Map(reads.flatMap(({ campaignId, read }) => (read.ok ? [[campaignId, read.value] as const] : []))),
    incomplete: reads.flatMap(({ campaignId, read }) =>
      read.ok ? [] : [missing(`sequence of campaign ${campaignId}`, read.error, time)],
    ),
  };
}

/** What the running campaigns of leads send after an acceptance. A campaign whose sequence was not read is missing. */
export async function readAfterAcceptance(
  leads: readonly StageLead[],
  source: ReadContext,
): Promise<{ after: Map<number, AfterAcceptance>; incomplete: MissingPart[] }> {
  const campaignIds = leads.filter(needsSequence).map(({ campaign }) => campaign.id);
  const { sequences, incomplete } = await readSequences(campaignIds, source);
  return { after: new Map([...sequences].map(([id, root]) => [id, afterAcceptance(root)])), incomplete };
}
