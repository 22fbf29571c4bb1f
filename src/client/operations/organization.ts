import { z } from 'zod';
import { operation } from '../operation.ts';
import type { PageRequest } from './fields.ts';

export const API_KEY_TYPES = ['PUBLIC', 'N8N', 'MAKE', 'ZAPIER', 'MCP'] as const;
export type ApiKeyType = (typeof API_KEY_TYPES)[number];
export const USER_ROLES = ['Admin', 'Member', 'Manager'] as const;
export const INVITATION_STATUSES = ['Unknown', 'Pending', 'Accepted', 'Expired', 'Revoked'] as const;

interface UsersRequest extends PageRequest {
  role?: (typeof USER_ROLES)[number] | undefined;
  invitationStatus?: (typeof INVITATION_STATUSES)[number][] | undefined;
}

interface Invitation {
  inviterEmail: string;
  emails: string[];
}

const base = '/management/organizations';
/** No answer of these routes has been published: whatever comes passes through. */
const anything = z.unknown();
const read = { repeat: 'safe', answers: 'anything' } as const;
const once = { repeat: 'once', answers: 'anything' } as const;

/** Management of an organization's workspaces. Called with an organization key, which has a quota of its own. */
export const organization = {
  getWorkspaces: operation<{ Offset?: number; Limit?: number }>().answering(`GET ${base}/workspaces`, anything, {
    ...read,
    query: ['Offset', 'Limit'],
  }),
  createWorkspace: operation<{ workspaceName: string; seatsLimit?: number | null | undefined }>().answering(
    `POST ${base}/workspaces`,
    anything,
    once,
  ),
  /** `seatsLimit: null` removes the cap. */
  updateWorkspace: operation<{
    workspaceId: number;
    workspaceName?: string | undefined;
    seatsLimit?: { value: number } | null | undefined;
  }>().answering(`PATCH ${base}/workspaces/{workspaceId}`, anything, { repeat: 'same', answers: 'anything' }),
  getApiKeys: operation<{ workspaceId: number }>().answering(
    `GET ${base}/api-keys/workspaces/{workspaceId}`,
    anything,
    read,
  ),
  createApiKey: operation<{ workspaceId: number; apiKeyType: ApiKeyType }>().answering(
    `POST ${base}/api-keys/workspaces/{workspaceId}`,
    anything,
    once,
  ),
  getUsers: operation<UsersRequest>().answering(`POST ${base}/users`, anything, read),
  getUser: operation<{ userId: string }>().answering(`GET ${base}/users/{userId}`, anything, read),
  getWorkspaceUsers: operation<UsersRequest & { workspaceId: number }>().answering(
    `POST ${base}/users/workspaces/{workspaceId}`,
    anything,
    read,
  ),
  /** Answers invitation URLs; no e-mail is sent. */
  inviteAdmins: operation<Invitation>().answering(`POST ${base}/users/invite/admins`, anything, once),
  /** Answers invitation URLs; no e-mail is sent. */
  inviteMembers: operation<
    Invitation & { workspaceIds: number[]; permissions?: Record<string, boolean> | undefined }
  >().answering(`POST ${base}/users/invite/members`, anything, once),
  /** Managers are attached without a registration. */
  inviteManagers: operation<Invitation & { workspaceIds: number[] }>().answering(
    `POST ${base}/users/invite/managers`,
    anything,
    once,
  ),
};
