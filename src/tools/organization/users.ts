import { z } from 'zod';
import { INVITATION_STATUSES, USER_ROLES } from '../../client/operations/organization.ts';
import { ids, paging } from '../fields.ts';

/** Which users, as parameters. */
export const userFilters = {
  role: z.enum(USER_ROLES).describe('Only this role').optional(),
  invitationStatus: z.array(z.enum(INVITATION_STATUSES)).max(5).describe('Only these invitation states').optional(),
  ...paging(),
};

/** Who invites whom. */
export const invitationFields = {
  inviterEmail: z.email('must be an e-mail address').max(320).describe('E-mail of the inviting user'),
  emails: z.array(z.email('must be an e-mail address').max(320)).min(1).max(100).describe('E-mails to invite'),
};

export const invitedWorkspaces = { workspaceIds: ids('Workspaces they get into', { min: 1 }) };
