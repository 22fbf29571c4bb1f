import { anything, array, bind, int, long, nullable, object, oneOf, paging, required, text } from '../http/binding.ts';
import { json, type Reply, refuse } from '../http/reply.ts';
import { type Call, type Route, readId } from '../http/router.ts';
import type { OrgUser, OrgWorkspace, Workspace } from '../model.ts';
import { Random } from '../random.ts';
import { iso } from '../time.ts';
import { pageOf } from './find.ts';

const BASE = '/management/organizations';
const ROLES = ['Admin', 'Member', 'Manager'] as const;
const INVITATIONS = ['Unknown', 'Pending', 'Accepted', 'Expired', 'Revoked'] as const;
const KEY_TYPES = ['PUBLIC', 'N8N', 'MAKE', 'ZAPIER', 'MCP'] as const;

function workspaceView(one: OrgWorkspace, workspace: Workspace) {
  return {
    id: one.id,
    workspaceName: one.workspaceName,
    seatsLimit: one.seatsLimit,
    seatsUsed: one.id === workspace.organizationUnitId ? workspace.accounts.size : 0,
    creationTime: iso(one.creationTime),
  };
}

function userView(user: OrgUser) {
  return { ...user, creationTime: iso(user.creationTime) };
}

function workspaceOf({ world, params }: Call): OrgWorkspace {
  const id = readId(params.workspaceId ?? '', 'workspaceId');
  const found = world.workspace.orgWorkspaces.get(id);
  if (!found) throw refuse(`Workspace with id ${id} was not found.`, 404);
  return found;
}

function queryNumber(call: Call, name: string): number | undefined {
  const given = call.query.get(name.toLowerCase());
  return given === undefined || given === '' ? undefined : readId(given, name);
}

function listWorkspaces(call: Call): Reply {
  const { workspace } = call.world;
  const input = { offset: queryNumber(call, 'Offset'), limit: queryNumber(call, 'Limit') };
  return json(pageOf([...workspace.orgWorkspaces.values()], input, (one) => workspaceView(one, workspace)));
}

function createWorkspace({ world, body }: Call): Reply {
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
  return json(workspaceView(created, workspace));
}

function updateWorkspace(call: Call): Reply {
  const input = bind(call.body, {
    workspaceName: text({ min: 1, max: 100 }),
    seatsLimit: nullable(object({ value: required(int) })),
  });
  const found = workspaceOf(call);
  found.workspaceName = input.workspaceName ?? found.workspaceName;
  // Null takes the cap away; leaving it out keeps it.
  if (input.seatsLimit !== undefined) found.seatsLimit = input.seatsLimit?.value ?? null;
  return json(workspaceView(found, call.world.workspace));
}

function createKey(call: Call): Reply {
  const { world } = call;
  const input = bind(call.body, { apiKeyType: required(oneOf(KEY_TYPES, 'Management.ApiKeyType')) });
  const found = workspaceOf(call);
  const number = world.workspace.nextId.org++;
  const key = {
    id: number,
    apiKeyType: input.apiKeyType,
    apiKey: Buffer.from(`made-up-${new Random(world.seed, 'key', number).hex(24)}`).toString('base64'),
    isActive: true,
    creationTime: world.now(),
  };
  found.apiKeys.push(key);
  return json({ ...key, creationTime: iso(key.creationTime) });
}

function users(call: Call, within?: number): Reply {
  const input = bind(call.body, {
    ...paging,
    role: oneOf(ROLES, 'Management.Role'),
    invitationStatus: array(oneOf(INVITATIONS, 'Management.InvitationStatus')),
  });
  const { invitationStatus = [] } = input;
  const found = [...call.world.workspace.orgUsers.values()]
    .filter((one) => within === undefined || one.workspaceIds.includes(within))
    .filter((one) => input.role === undefined || one.role === input.role)
    .filter((one) => invitationStatus.length === 0 || invitationStatus.includes(one.invitationStatus));
  return json(pageOf(found, input, userView));
}

function getUser({ world, params }: Call): Reply {
  const id = readId(params.userId ?? '', 'userId');
  const found = world.workspace.orgUsers.get(id);
  if (!found) throw refuse(`User with id ${id} was not found.`, 404);
  return json(userView(found));
}

function readPermissions(value: unknown): Record<string, boolean> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, item]) => typeof item === 'boolean'));
}

/** No e-mail is sent: the answer has the links to pass on. Managers are attached without registering. */
function invite({ world, body }: Call, role: OrgUser['role']): Reply {
  const workspaceIds = array(long, { min: 1 });
  const input = bind(body, {
    inviterEmail: required(text()),
    emails: required(array(text(), { min: 1, max: 100 })),
    workspaceIds: role === 'Admin' ? workspaceIds : required(workspaceIds),
    permissions: anything,
  });
  const { workspace } = world;
  const inviter = [...workspace.orgUsers.values()].find((one) => one.emailAddress === input.inviterEmail);
  if (!inviter) throw refuse('The inviter was not found in the organization.');
  const ids = input.workspaceIds ?? [...workspace.orgWorkspaces.keys()];
  for (const id of ids) {
    if (!workspace.orgWorkspaces.has(id)) throw refuse(`Workspace with id ${id} was not found.`);
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
  return json({ invitations });
}

function listKeys(call: Call): Reply {
  const items = workspaceOf(call).apiKeys.map((key) => ({ ...key, creationTime: iso(key.creationTime) }));
  return json({ totalCount: items.length, items });
}

export const organizationRoutes: Route[] = [
  { method: 'GET', path: `${BASE}/workspaces`, handle: listWorkspaces },
  { method: 'POST', path: `${BASE}/workspaces`, body: true, handle: createWorkspace },
  { method: 'PATCH', path: `${BASE}/workspaces/{workspaceId}`, body: true, handle: updateWorkspace },
  { method: 'GET', path: `${BASE}/api-keys/workspaces/{workspaceId}`, handle: listKeys },
  { method: 'POST', path: `${BASE}/api-keys/workspaces/{workspaceId}`, body: true, handle: createKey },
  { method: 'POST', path: `${BASE}/users`, body: true, handle: (call) => users(call) },
  { method: 'GET', path: `${BASE}/users/{userId}`, handle: getUser },
  {
    method: 'POST',
    path: `${BASE}/users/workspaces/{workspaceId}`,
    body: true,
    handle: (call) => users(call, workspaceOf(call).id),
  },
  { method: 'POST', path: `${BASE}/users/invite/admins`, body: true, handle: (call) => invite(call, 'Admin') },
  { method: 'POST', path: `${BASE}/users/invite/members`, body: true, handle: (call) => invite(call, 'Member') },
  { method: 'POST', path: `${BASE}/users/invite/managers`, body: true, handle: (call) => invite(call, 'Manager') },
];
