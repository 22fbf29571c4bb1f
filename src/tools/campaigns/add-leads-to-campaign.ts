import { z } from 'zod';
import type { CallOptions, HeyReachError } from '../../client/index.ts';
import type { AddLeadsToCampaignRequest } from '../../client/operations/campaigns.ts';
import type { AddedCounts } from '../../client/operations/fields.ts';
import { type AddLeadsJob, addLeads, addLeadsOutput } from '../add-leads.ts';
import { defineTool, type InputOf } from '../define.ts';
import { flag, id } from '../fields.ts';
import { leadRow, toLeadInput } from '../lead-input.ts';
import { previewAdd } from './add-preview.ts';

export const addToCampaignInput = {
  campaignId: id('Campaign id'),
  accountLeadPairs: z
    .array(
      z.strictObject({
        linkedInAccountId: id('Sender to pin it to; else HeyReach distributes').optional(),
        lead: leadRow('The person'),
      }),
    )
    .min(1)
    .max(1_000)
    .describe('Leads, each with its sender'),
  resumeFinishedCampaign: flag('Restart if FINISHED').default(false),
  resumePausedCampaign: flag('Resume if PAUSED').default(false),
};

/** What a refusal of an add usually is about. */
export function addRefusedStep(error: HeyReachError): string | undefined {
  if (error.status !== 400) return undefined;
  return 'Read it with get_campaign: a DRAFT takes no leads this way (fill its list with add_leads_to_list, then start_campaign), FAILED and CANCELED take none, and a pinned sender has to be one of its own.';
}

/** How rows are added to a campaign, over the present or the retired route. */
export function campaignJob(
  input: InputOf<typeof addToCampaignInput>,
  add: (request: AddLeadsToCampaignRequest, call: CallOptions) => Promise<AddedCounts | number>,
): AddLeadsJob {
  const { campaignId, accountLeadPairs, resumeFinishedCampaign, resumePausedCampaign } = input;
  const resumes = resumeFinishedCampaign || resumePausedCampaign;
  return {
    rows: accountLeadPairs.map(({ lead }) => lead),
    resumes,
    send: (indexes, isLast, call) =>
      add(
        {
          campaignId,
          accountLeadPairs: indexes.map((index) => {
            const { linkedInAccountId, lead } = accountLeadPairs[index]!;
            return { linkedInAccountId, lead: toLeadInput(lead) };
          }),
          // A campaign that resumed midway would contact people while rows are still being added.
          resumeFinishedCampaign: isLast && resumeFinishedCampaign,
          resumePausedCampaign: isLast && resumePausedCampaign,
        },
        { ...call, repeat: isLast && resumes ? 'once' : 'same' },
      ),
  };
}

export const addLeadsToCampaign = defineTool({
  name: 'add_leads_to_campaign',
  title: 'Add leads to a campaign',
  description:
    'Adds up to 1,000 people to a campaign that was started before (a DRAFT is refused); a running one will contact them. Accounts for every row. Leads already there are updated.',
  toolset: 'campaigns',
  kind: 'outreach',
  repeat: 'same',
  asks: 'yes',
  input: addToCampaignInput,
  output: addLeadsOutput,
  preview: previewAdd,
  // Whether earlier rows arrived cannot be told from a read: HeyReach shows leads of a campaign only as they start.
  readBack: null,
  nextStep: addRefusedStep,
  run: (input, context) => addLeads(campaignJob(input, context.client.campaigns.addLeads), context),
});
