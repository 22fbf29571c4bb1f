import * as z from 'zod';
import { outsideText } from '../../client/operations/fields.ts';
import { paging } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { checkIdentity, identityFields } from '../../workflows/leads/lead-input.ts';

export const listCampaignsForLead = defineTool({
  name: 'list_campaigns_for_lead',
  title: 'List the campaigns of a lead',
  description: 'Lists the campaigns a person is in, with the status of each campaign and of the person in it.',
  toolset: 'campaigns',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ ...identityFields(), ...paging() }),
  check: checkIdentity,
  output: () =>
    pageOutput(
      z.looseObject({
        campaignId: z.number().nullish(),
        campaignName: z.string().nullish(),
        campaignStatus: z.string().nullish(),
        leadStatus: z.string().nullish(),
        creationTime: z.string().nullish(),
      }),
      { leadFullName: outsideText },
    ),
  async run({ offset, limit, ...identity }, { client, call }) {
    const page = await client.campaigns.getForLead({ ...identity, offset, limit }, call);
    return pageResult(page, offset, undefined, { extra: { leadFullName: page.leadFullName } });
  },
});
