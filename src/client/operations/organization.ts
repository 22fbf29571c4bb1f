import * as z from 'zod';
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
/** HeyReach publishes no response schema for these routes, so every response passes unchanged. */
const anything = () => z.unknown();
const read = { retry: 'safe', answers: 'anything' } as const;
const write = { retry: 'never', answers: 'anything' } as const;

export const auth = {
  /** An empty 200 for a valid key, else a 401 in plain text. */
  checkApiKey: operation<Record<never, never>>().silent('GET /auth/CheckApiKey', { retry: 'safe' }),
};

/** Management of an organization's workspaces. Needs an organization key, which has its own rate limit. */
export const organization = {
  getWorkspaces: operation<{ Offset?: number; Limit?: number }>().answering(`GET ${base}/workspaces`, anything, {
    ...read,
    query: ['Offset', 'Limit'],
  }),
  createWorkspace: operation<{ workspaceName: string; seatsLimit?: number | null | undefined }>().answering(
    `POST ${base}/workspaces`,
    anything,
    write,
  ),
  /** `seatsLimit: null` removes the cap. */
  updateWorkspace: operation<{
    workspaceId: number;
    workspaceName?: string | undefined;
    seatsLimit?: { value: number } | null | undefined;
  }>().answering(`PATCH ${base}/workspaces/{workspaceId}`, anything, {
    retry: 'idempotent',
    answers: 'anything',
  }),
  getApiKeys: operation<{ workspaceId: number }>().answering(
    `GET ${base}/api-keys/workspaces/{workspaceId}`,
    anything,
    read,
  ),
  createApiKey: operation<{ workspaceId: number; apiKeyType: ApiKeyType }>().answering(
    `POST ${base}/api-keys/workspaces/{workspaceId}`,
    anything,
    write,
  ),
  getUsers: operation<UsersRequest>().answering(`POST ${base}/users`, anything, read),
  getUser: operation<{ userId: string }>().answering(`GET ${base}/users/{userId}`, anything, read),
  getWorkspaceUsers: operation<UsersRequest & { workspaceId: number }>().answering(
    `POST ${base}/users/workspaces/{workspaceId}`,
    anything,
    read,
  ),
  /** Returns invitation URLs. HeyReach sends no e-mail. */
  inviteAdmins: operation<Invitation>().answering(`POST ${base}/users/invite/admins`, anything, write),
  /** Returns invitation URLs. HeyReach sends no e-mail. */
  inviteMembers: operation<
    Invitation & { workspaceIds: number[]; permissions?: Record<string, boolean> | undefined }
  >().answering(`POST ${base}/users/invite/members`, anything, write),
  /** Managers are added without a registration. */
  inviteManagers: operation<Invitation & { workspaceIds: number[] }>().answering(
    `POST ${base}/users/invite/managers`,
    anything,
    write,
  ),
};
