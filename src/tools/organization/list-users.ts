import * as z from 'zod';
import { INVITATION_STATUSES, USER_ROLES } from '../../client/operations/organization.ts';
import { lazy } from '../../lib/lazy.ts';
import { list, paging } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { anyPageOutput, organizationStep, untypedPage } from './shared/untyped-result.ts';

export const userFilters = lazy(() => ({
  role: z.enum(USER_ROLES).describe('Only this role').optional(),
  invitationStatus: list(z.enum(INVITATION_STATUSES), 'Only these invitation states', { max: 5 }).optional(),
  ...paging(),
}));

export const listUsers = defineTool({
  name: 'list_users',
  title: 'List users',
  description:
    'Lists the users of the organization with role and invitation state. For one workspace use list_workspace_users.',
  toolset: 'organization',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: userFilters,
  output: anyPageOutput,
  nextStep: organizationStep(),
  async run(input, { client, call }) {
    return untypedPage(await client.organization.getUsers(input, call), input.offset, call);
  },
});
