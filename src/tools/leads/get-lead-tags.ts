import * as z from 'zod';
import { profileUrl } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';

export const getLeadTags = defineTool({
  name: 'get_lead_tags',
  title: "Get a lead's tags",
  description: 'Returns the tags of a person. HeyReach cannot list all tags of the workspace.',
  toolset: 'leads',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ profileUrl: profileUrl('Profile URL or slug') }),
  output: () => z.looseObject({ tags: z.array(z.string()) }),
  async run(input, { client, call }) {
    const response = await client.leads.getTags({ profileUrl: input.profileUrl }, call);
    return { data: { ...response, tags: response.tags ?? [] } };
  },
});
