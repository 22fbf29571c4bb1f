import { z } from 'zod';
import { defineTool } from '../define.ts';
import { profileUrl } from '../fields.ts';

export const getLeadTags = defineTool({
  name: 'get_lead_tags',
  title: "Get a lead's tags",
  description: 'The tags on a person. HeyReach offers no list of all tags of the workspace.',
  toolset: 'leads',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { profileUrl: profileUrl('Profile URL or slug') },
  output: z.looseObject({ tags: z.array(z.string()) }),
  async run(input, { client, call }) {
    const found = await client.leads.getTags({ profileUrl: input.profileUrl }, call);
    return { data: { ...found, tags: found.tags ?? [] } };
  },
});
