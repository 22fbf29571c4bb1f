import {
  anything,
  array,
  bind,
  int,
  long,
  nullable,
  object,
  oneOf,
  paging,
  required,
  text,
} from '../http/model-binding.ts';
import { type ApiResponse, apiError, jsonResponse } from '../http/response.ts';
import { parseId, type Route, type RouteCall } from '../http/router.ts';
import type { OrgUser, OrgWorkspace, Workspace } from '../model/index.ts';
import { Random } from '../random.ts';
import { iso } from '../time.ts';
import { pageOf } from './shared/lookup.ts';

const BASE = '/management/organizations';
const ROLES = ['Admin', 'Member', 'Manager'] as const;
const INVITATIONS = ['Unknown', 'Pending', 'Accepted', 'Expired', 'Revoked'] as const;
const KEY_TYPES = ['PUBLIC', 'N8N', 'MAKE', 'ZAPIER', 'MCP'] as const;

function workspaceView(orgWorkspace: OrgWorkspace, workspace: Workspace) {
  return {
    id: orgWorkspace.id,
    workspaceName: orgWorkspace.workspaceName,
    seatsLimit: orgWorkspace.seatsLimit,
    seatsUsed: orgWorkspace.id === workspace.organizationUnitId ? workspace.accounts.size : 0,
    creationTime: iso(orgWorkspace.creationTime),
  };
}

function userView(user: OrgUser) {
  return { ...user, creationTime: iso(user.creationTime) };
}

function workspaceOf({ world, params }: RouteCall): OrgWorkspace {
  const id = parseId(params.workspaceId ?? '', 'workspaceId');
  const orgWorkspace = world.workspace.orgWorkspaces.get(id);
  if (!orgWorkspace) throw apiError(`Workspace with id ${id} was not found.`, 404);
  return orgWorkspace;
}

function queryNumber(call: RouteCall, name: string): number | undefined {
  const text = call.query.get(name.toLowerCase());
  return text === undefined || text === '' ? undefined : parseId(text, name);
}

function listWorkspaces(call: RouteCall): ApiResponse {
  const { workspace } = call.world;
  const input = { offset: queryNumber(call, 'Offset'), limit: queryNumber(call, 'Limit') };
  return jsonResponse(
    pageOf([...workspace.orgWorkspaces.values()], input, (orgWorkspace) => workspaceView(orgWorkspace, workspace)),
  );
}

function createWorkspace({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { workspaceName: required(text({ min: 1, max: 100 })), seatsLimit: int });
  const { workspace } = world;
  const created: OrgWorkspace = {
    id: workspace.organizationUnitId + 1_000 + workspace.nextId.org++,
    workspaceName: input.workspaceName,
    seatsLimit: input.seatsLimit ?? null,
    creationTime: world.now(),
    apiKeys: [],
  };
  workspace.orgWorkspaces.set(created.id, created);
  return jsonResponse(workspaceView(created, workspace));
}

function updateWorkspace(call: RouteCall): ApiResponse {
  const input = bind(call.body, {
    workspaceName: text({ min: 1, max: 100 }),
    seatsLimit: nullable(object({ value: required(int) })),
  });
  const orgWorkspace = workspaceOf(call);
  orgWorkspace.workspaceName = input.workspaceName ?? orgWorkspace.workspaceName;
  // Null removes the limit, and a missing field keeps it.
  if (input.seatsLimit !== undefined) orgWorkspace.seatsLimit = input.seatsLimit?.value ?? null;
  return jsonResponse(workspaceView(orgWorkspace, call.world.workspace));
}

function createKey(call: RouteCall): ApiResponse {
  const { world } = call;
  const input = bind(call.body, { apiKeyType: required(oneOf(KEY_TYPES, 'Management.ApiKeyType')) });
  const orgWorkspace = workspaceOf(call);
  const number = world.workspace.nextId.org++;
  const key = {
    id: number,
    apiKeyType: input.apiKeyType,
    apiKey: Buffer.from(`made-up-${new Random(world.seed, 'key', number).hex(24)}`).toString('base64'),
    isActive: true,
    creationTime: world.now(),
  };
  orgWorkspace.apiKeys.push(key);
  return jsonResponse({ ...key, creationTime: iso(key.creationTime) });
}

function listUsers(call: RouteCall, within?: number): ApiResponse {
  const input = bind(call.body, {
    ...paging,
    role: oneOf(ROLES, 'Management.Role'),
    invitationStatus: array(oneOf(INVITATIONS, 'Management.InvitationStatus')),
  });
  const { invitationStatus = [] } = input;
  const users = [...call.world.workspace.orgUsers.values()]
    .filter((user) => within === undefined || user.workspaceIds.includes(within))
    .filter((user) => input.role === undefined || user.role === input.role)
    .filter((user) => invitationStatus.length === 0 || invitationStatus.includes(user.invitationStatus));
  return jsonResponse(pageOf(users, input, userView));
}

function getUser({ world, params }: RouteCall): ApiResponse {
  const id = parseId(params.userId ?? '', 'userId');
  const user = world.workspace.orgUsers.get(id);
  if (!user) throw apiError(`User with id ${id} was not found.`, 404);
  return jsonResponse(userView(user));
}

function readPermissions(value: unknown): Record<string, boolean> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, item]) => typeof item === 'boolean'));
}

/** No e-mail is sent: the response has the links to pass on. Managers are added without registering. */
function inviteUsers({ world, body }: RouteCall, role: OrgUser['role']): ApiResponse {
  const workspaceIds = array(long, { min: 1 });
  const input = bind(body, {
    inviterEmail: required(text()),
    emails: required(array(text(), { min: 1, max: 100 })),
    workspaceIds: role === 'Admin' ? workspaceIds : required(workspaceIds),
    permissions: anything,
  });
  const { workspace } = world;
  const inviter = [...workspace.orgUsers.values()].find((user) => user.emailAddress === input.inviterEmail);
  if (!inviter) throw apiError('The inviter was not found in the organization.');
  const ids = input.workspaceIds ?? [...workspace.orgWorkspaces.keys()];
  for (const id of ids) {
    if (!workspace.orgWorkspaces.has(id)) throw apiError(`Workspace with id ${id} was not found.`);
  }
  const invitations = input.emails.map((emailAddress) => {
    const id = workspace.nextId.org++;
    const invitationStatus = role === 'Manager' ? 'Accepted' : 'Pending';
    const permissions = readPermissions(input.permissions);
    workspace.orgUsers.set(id, {
      id,
      emailAddress,
      firstName: null,
      lastName: null,
      role,
      invitationStatus,
      creationTime: world.now(),
      workspaceIds: ids,
      permissions,
    });
    const token = new Random(world.seed, 'invitation', id).hex(32);
    const invitationUrl = role === 'Manager' ? null : `https://app.example.com/invitations/${token}`;
    return { userId: id, email: emailAddress, invitationStatus, invitationUrl };
  });
  return jsonResponse({ invitations });
}

function listKeys(call: RouteCall): ApiResponse {
  const items = workspaceOf(call).apiKeys.map((key) => ({ ...key, creationTime: iso(key.creationTime) }));
  return jsonResponse({ totalCount: items.length, items });
}

export const organizationRoutes: Route[] = [
  { method: 'GET', path: `${BASE}/workspaces`, handle: listWorkspaces },
  { method: 'POST', path: `${BASE}/workspaces`, body: true, handle: createWorkspace },
  { method: 'PATCH', path: `${BASE}/workspaces/{workspaceId}`, body: true, handle: updateWorkspace },
  { method: 'GET', path: `${BASE}/api-keys/workspaces/{workspaceId}`, handle: listKeys },
  { method: 'POST', path: `${BASE}/api-keys/workspaces/{workspaceId}`, body: true, handle: createKey },
  { method: 'POST', path: `${BASE}/users`, body: true, handle: (call) => listUsers(call) },
  { method: 'GET', path: `${BASE}/users/{userId}`, handle: getUser },
  {
    method: 'POST',
    path: `${BASE}/users/workspaces/{workspaceId}`,
    body: true,
    handle: (call) => listUsers(call, workspaceOf(call).id),
  },
  { method: 'POST', path: `${BASE}/users/invite/admins`, body: true, handle: (call) => inviteUsers(call, 'Admin') },
  { method: 'POST', path: `${BASE}/users/invite/members`, body: true, handle: (call) => inviteUsers(call, 'Member') },
  { method: 'POST', path: `${BASE}/users/invite/managers`, body: true, handle: (call) => inviteUsers(call, 'Manager') },
];
