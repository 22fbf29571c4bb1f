import { z } from 'zod';
import { blacklistedLead, MATCHING_STATUSES } from '../../client/operations/blacklist.ts';
import { defineTool } from '../define.ts';
import { detail, paging, text } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';

export const listBlacklistedLeads = defineTool({
  name: 'list_blacklisted_leads',
  title: 'List blacklisted people',
  description:
    'People whom no campaign may contact, newest first. Only Matched excludes a person (BroadMatch everybody of that name); Matching and NotFound exclude nobody.',
  toolset: 'blacklist',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    search: text('Name, e-mail, URL or member id').optional(),
    matchingStatus: z.enum(MATCHING_STATUSES).describe('Only this status').optional(),
    ...paging(),
    ...detail,
  },
  output: pageOutput(blacklistedLead),
  async run({ search, matchingStatus, offset, limit }, { client, call }) {
    return pageAnswer(await client.blacklist.getLeads({ search, matchingStatus, offset, limit }, call), offset);
  },
});
