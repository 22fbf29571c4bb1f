import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { flag, publishFields } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { invitationFields, invitedWorkspaces, previewMembers } from './shared/invitations.ts';
import { anyOutput, organizationStep, untypedResult } from './shared/untyped-result.ts';

const known = lazy(() => ({
  viewCampaigns: flag('See campaigns').optional(),
  editManageCampaigns: flag('Change campaigns').optional(),
  viewLeadLists: flag('See lists').optional(),
}));
/**
 * HeyReach has further permissions and does not document their names. They are accepted and not published, because strict
 * conversion rejects an object with a type for unknown properties.
 */
const permissions = lazy(() =>
  publishFields(
    z
      .object(known())
      .catchall(flag('Granted or not'))
      .superRefine((granted, refinement) => {
        for (const name of Object.keys(granted).filter((name) => !/^[A-Za-z]{1,60}$/.test(name))) {
          refinement.addIssue({
            code: 'custom',
            path: [name],
            message: 'must be the name of a permission: letters only',
          });
        }
      }),
    known(),
  )
    .transform((granted) => granted as Record<string, boolean>)
    .describe('Permissions by name; HeyReach has more than these'),
);

export const inviteMembers = defineTool({
  name: 'invite_members',
  title: 'Invite members',
  description:
    'Creates invitations as member of some workspaces, with permissions, and returns their URLs. HeyReach sends no e-mail. Anyone with a URL can join.',
  toolset: 'organization',
  risk: 'egress',
  retry: 'never',
  confirmation: 'always',
  input: () => ({
    ...invitationFields(),
    ...invitedWorkspaces(),
    permissions: permissions().optional(),
  }),
  output: anyOutput,
  preview: previewMembers,
  nextStep: organizationStep('list_users'),
  async run(input, { client, call }) {
    return untypedResult(await client.organization.inviteMembers(input, call));
  },
});
