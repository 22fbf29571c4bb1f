import * as z from 'zod';
import type { CallOptions, HeyReachError } from '../../client/index.ts';
import type { AddLeadsToCampaignRequest } from '../../client/operations/campaigns.ts';
import type { AddedCounts } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import { id, list, offFlag } from '../../mcp/arguments/fields.ts';
import { rowByRow } from '../../mcp/arguments/row-by-row.ts';
import { defineTool, type InputOf } from '../../mcp/tool.ts';
import { leadRow, toLeadInput } from '../../workflows/leads/lead-input.ts';
import { type AddLeadsTask, addLeads, addLeadsOutput } from '../shared/add-leads.ts';
import { checkCampaignInDraft } from '../shared/target-in-draft.ts';
import { previewAddLeads } from './shared/add-to-campaign-preview.ts';

export const addToCampaignInput = lazy(() => ({
  campaignId: id('Campaign id'),
  accountLeadPairs: rowByRow(
    list(
      z.strictObject({
        linkedInAccountId: id('Sender; default: HeyReach chooses').optional(),
        lead: leadRow('The person'),
      }),
      'Leads; omit with confirmToken',
      { min: 1, max: 1_000 },
    ),
    (rejected) => ({ lead: { rejected } }),
  ),
  resumeFinishedCampaign: offFlag('Restart if FINISHED'),
  resumePausedCampaign: offFlag('Resume if PAUSED'),
}));

/** The usual reasons for which HeyReach rejects an add. */
export function nextStepAfterRejectedAdd(error: HeyReachError): string | undefined {
  if (error.status !== 400) return undefined;
  return 'Read the campaign with get_campaign. A DRAFT takes leads only through its list: call add_leads_to_list, then start_campaign. FAILED and CANCELED campaigns take none. A pinned sender must belong to the campaign.';
}

/** The rows of a call and how to send them, over the current or the retired route. */
export function addLeadsTaskOf(
  input: InputOf<ReturnType<typeof addToCampaignInput>>,
  add: (request: AddLeadsToCampaignRequest, call: CallOptions) => Promise<AddedCounts | number | undefined>,
): AddLeadsTask {
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
          // Only the last call resumes: earlier, the campaign would contact people while rows are still being added.
          resumeFinishedCampaign: isLast && resumeFinishedCampaign,
          resumePausedCampaign: isLast && resumePausedCampaign,
        },
        { ...call, retry: isLast && resumes ? 'never' : 'idempotent' },
      ),
  };
}

export const addLeadsToCampaign = defineTool({
  name: 'add_leads_to_campaign',
  title: 'Add leads to a campaign',
  description:
    'Adds people to a started campaign, which contacts them while it runs. Accounts for every row; leads already in it are updated. Use add_leads_to_list for a DRAFT.',
  toolset: 'campaigns',
  risk: 'outreach',
  retry: 'idempotent',
  confirmation: 'always',
  input: addToCampaignInput,
  bulkParameter: 'accountLeadPairs',
  output: addLeadsOutput,
  preview: previewAddLeads,
  draftCheck: checkCampaignInDraft,
  // A read cannot show whether earlier rows arrived, because HeyReach lists the leads of a campaign only once they start.
  verifyAfterRetry: null,
  nextStep: nextStepAfterRejectedAdd,
  run: (input, context) => addLeads(addLeadsTaskOf(input, context.client.campaigns.addLeads), context),
});
