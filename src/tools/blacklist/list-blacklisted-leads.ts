import * as z from 'zod';
import { blacklistedLead, MATCHING_STATUSES } from '../../client/operations/blacklist.ts';
import { detail, paging, text } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';

export const listBlacklistedLeads = defineTool({
  name: 'list_blacklisted_leads',
  title: 'List blacklisted leads',
  description:
    'Lists people whom no campaign may contact, newest first. Matched excludes one person, BroadMatch everyone with that name. Matching and NotFound exclude no one.',
  toolset: 'blacklist',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    search: text('Name, e-mail, URL or member id').optional(),
    matchingStatus: z.enum(MATCHING_STATUSES).describe('Only this status').optional(),
    ...paging(),
    ...detail(),
  }),
  output: () => pageOutput(blacklistedLead()),
  async run({ search, matchingStatus, offset, limit }, { client, call }) {
    return pageResult(await client.blacklist.getLeads({ search, matchingStatus, offset, limit }, call), offset);
  },
});
