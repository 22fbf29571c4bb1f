import { z } from 'zod';
import { outsideText } from '../../client/operations/fields.ts';
import { defineTool } from '../define.ts';
import { paging } from '../fields.ts';
import { checkIdentity, identityFields } from '../lead-identity.ts';
import { pageAnswer, pageOutput } from '../page.ts';

export const listCampaignsForLead = defineTool({
  name: 'list_campaigns_for_lead',
  title: 'List the campaigns of a lead',
  description: 'The campaigns a person is in, with the status of each campaign and of the person in it.',
  toolset: 'campaigns',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { ...identityFields, ...paging() },
  check: checkIdentity,
  output: pageOutput(
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
    return pageAnswer(page, offset, undefined, { extra: { leadFullName: page.leadFullName } });
  },
});
