import { describe, expect, test } from 'vitest';
import { ask, changesSince, confirm, linesOf, textOf, useAsking } from '../../../support/clients/elicitation.ts';

const at = useAsking();
const workspaces = () => {
  const [first = 0, second = 0] = at.sandbox.workspace.orgWorkspaces.keys();
  return { first, second };
};
const invited = (email: string) =>
  [...at.sandbox.workspace.orgUsers.values()].find(({ emailAddress }) => emailAddress === email);
const BY_URL =
  'Anyone with an invitation URL can join. The result contains the URLs. HeyReach sends no e-mail, so the URLs must be passed on.';
const inviterEmail = 'user1@example.com';

describe('create_workspace_api_key', () => {
  const tool = 'create_workspace_api_key';
  const SAID = [
    'The result contains the key. Anyone who reads it, here or in a log of this conversation, can use the workspace.',
    'This server cannot revoke the key. Revoke it in HeyReach.',
  ];

  test('shows the workspace, and creates the key once confirmed, even after a rename', async () => {
    const { first } = workspaces();
    const args = { workspaceId: first, apiKeyType: 'MCP' };
    const shown = await ask(at, tool, args);
    expect(linesOf(shown)).toEqual([
      `Create an API key of type MCP for "Example agency" (workspace ${first})?`,
      `Workspace: "Example agency" (workspace ${first})`,
      'Key type: MCP',
      ...SAID.map((warning) => `Warning: ${warning}`),
    ]);
    expect(shown.preview).toMatchObject({
      workspace: { workspaceId: first, workspaceName: 'Example agency' },
      apiKeyType: 'MCP',
    });
    const { apiKeys } = at.sandbox.workspace.orgWorkspaces.get(first)!;
    const count = apiKeys.length;
    at.sandbox.workspace.orgWorkspaces.get(first)!.workspaceName = 'Example agency, renamed';
    const { data, sent } = await confirm(at, tool, args, shown);
    expect(sent).toEqual([`POST /management/organizations/api-keys/workspaces/${first}`]);
    expect(apiKeys).toHaveLength(count + 1);
    expect(data).toMatchObject({ apiKey: apiKeys.at(-1)!.apiKey });
    at.sandbox.workspace.orgWorkspaces.get(first)!.workspaceName = 'Example agency';
  });

  test('says when a workspace is unknown', async () => {
    const shown = await ask(at, tool, { workspaceId: 77, apiKeyType: 'PUBLIC' });
    expect(linesOf(shown)[0]).toBe('Create an API key of type PUBLIC for workspace 77?');
    expect(shown.preview.warnings).toEqual([...SAID, 'Not among the workspaces that could be read: workspace 77.']);
  });

  test.each<[string, unknown, string]>([
    ['a bare list', [{ id: 77, workspaceName: 'Bare\nlist' }], '"Bare list" (workspace 77)'],
    ['other field names', { items: [{ workspaceId: '77', name: 'Other' }] }, '"Other" (workspace 77)'],
    ['rows that are not objects', { items: [null, 7, { id: {} }, { id: 77, name: 5 }] }, 'workspace 77'],
    ['a text', 'none', 'workspace 77'],
    ['nothing', null, 'workspace 77'],
  ])('reads the known parts of %s', async (_, value, named) => {
    const path = '/management/organizations/workspaces';
    at.sandbox.faults.add({ match: { path }, kind: 'wrongJson', value });
    const shown = await ask(at, tool, { workspaceId: 77, apiKeyType: 'PUBLIC' });
    expect(linesOf(shown)[1]).toBe(`Workspace: ${named}`);
  });

  test('requires confirmation without a name when workspaces cannot be read', async () => {
    const path = '/management/organizations/workspaces';
    at.sandbox.faults.add({ match: { path }, kind: 'status', status: 403 });
    const { preview } = await ask(at, tool, { workspaceId: workspaces().first, apiKeyType: 'PUBLIC' });
    expect(preview.warnings).toEqual([
      ...SAID,
      "The organization's workspaces could not be read, so their names are missing here.",
    ]);
  });
});

describe('invitations', () => {
  test('invite_admins shows who gets full access, and invites once confirmed', async () => {
    const { first, second } = workspaces();
    const args = { inviterEmail, emails: ['a@example.com', 'b@Example.net'] };
    const shown = await ask(at, 'invite_admins', args);
    expect(linesOf(shown)).toEqual([
      'Invite 2 people as admins of the whole organization?',
      'Invited by: `user1@example.com`',
      'Role: admin of the whole organization',
      'Workspaces they can access (all of the organization): 2',
      `- "Example agency" (workspace ${first})`,
      `- "Второй клиент" (workspace ${second})`,
      'E-mails: 2',
      '- `a@example.com`',
      '- `b@Example.net`',
      `Warning: ${BY_URL}`,
      'Warning: Not at `example.com`, the domain of the inviter: 1 of 2. They are at `example.net`.',
    ]);
    expect(shown.preview).toMatchObject({ role: 'Admin', inviterEmail, invited: 2, emails: args.emails });
    expect(invited('a@example.com')).toBeUndefined();
    const { sent, data } = await confirm(at, 'invite_admins', args, shown);
    expect(sent).toEqual(['POST /management/organizations/users/invite/admins']);
    expect(invited('a@example.com')).toMatchObject({ role: 'Admin' });
    expect(data).toMatchObject({ invitations: [{ invitationUrl: expect.any(String) }, {}] });
  });

  test('invite_admins requires confirmation when workspaces cannot be read', async () => {
    const path = '/management/organizations/workspaces';
    at.sandbox.faults.add({ match: { path }, kind: 'status', status: 403 });
    const { preview } = await ask(at, 'invite_admins', { inviterEmail, emails: ['c@example.com'] });
    expect(textOf({ preview })).toContain('Invite 1 person as admins');
    expect(textOf({ preview })).toContain('\nWorkspaces they can access: all\n');
  });

  test('invite_members shows rights and workspaces, and invites once confirmed', async () => {
    const { second } = workspaces();
    const permissions = { viewCampaigns: true, viewLeadLists: false };
    const args = { inviterEmail, emails: ['m@example.com'], workspaceIds: [second], permissions };
    const shown = await ask(at, 'invite_members', args);
    expect(linesOf(shown)).toEqual([
      'Invite 1 person to 1 workspace as members?',
      'Invited by: `user1@example.com`',
      'Role: member',
      'Permissions granted: 1',
      '- viewCampaigns',
      'Permissions withheld: 1',
      '- viewLeadLists',
      'Workspaces they can access: 1',
      `- "Второй клиент" (workspace ${second})`,
      'E-mails: 1',
      '- `m@example.com`',
      `Warning: ${BY_URL}`,
    ]);
    expect(shown.preview).toMatchObject({
      role: 'Member',
      workspaces: [{ workspaceId: second, workspaceName: 'Второй клиент' }],
      permissions,
    });
    const { sent } = await confirm(at, 'invite_members', args, shown);
    expect(sent).toEqual(['POST /management/organizations/users/invite/members']);
    expect(invited('m@example.com')).toMatchObject({ role: 'Member', workspaceIds: [second], permissions });
  });

  test('shows the first 20 of many e-mails, and every domain other than the inviter’s', async () => {
    const emails = Array.from(
      { length: 30 },
      (_, index) => `p${index}@${index === 29 ? 'example.org' : 'example.com'}`,
    );
    const args = { inviterEmail, emails, workspaceIds: [workspaces().first, 77] };
    const { preview } = await ask(at, 'invite_members', args);
    expect(textOf({ preview })).toContain('\nE-mails: 30\n- `p0@example.com`\n');
    expect(textOf({ preview })).toContain('\n- `p19@example.com`\n- and 10 more\n');
    expect(textOf({ preview })).toContain('\nPermissions: not given, so HeyReach decides\n');
    expect(preview).toMatchObject({ invited: 30, emails: { length: 20 } });
    expect(preview.warnings).toEqual([
      BY_URL,
      'Not at `example.com`, the domain of the inviter: 1 of 30. They are at `example.org`.',
      'Not among the workspaces that could be read: workspace 77.',
    ]);
  });

  test('invite_managers shows that they get access at once, and attaches them once confirmed', async () => {
    const { first } = workspaces();
    const args = { inviterEmail, emails: ['boss@example.com'], workspaceIds: [first] };
    const shown = await ask(at, 'invite_managers', args);
    expect(linesOf(shown)).toEqual([
      'Attach 1 person to 1 workspace as managers?',
      'Invited by: `user1@example.com`',
      'Role: manager',
      'Workspaces they can access: 1',
      `- "Example agency" (workspace ${first})`,
      'E-mails: 1',
      '- `boss@example.com`',
      'Warning: They are attached at once and do not have to register. If the result contains a URL, anyone with it can join.',
    ]);
    expect(invited('boss@example.com')).toBeUndefined();
    const { sent } = await confirm(at, 'invite_managers', args, shown);
    expect(sent).toEqual(['POST /management/organizations/users/invite/managers']);
    expect(invited('boss@example.com')).toMatchObject({ role: 'Manager', workspaceIds: [first] });
  });

  test('does not invite an e-mail address that was replaced after the confirmation', async () => {
    const args = { inviterEmail, emails: ['shown@example.com'] };
    const { confirmToken } = await ask(at, 'invite_admins', args);
    const before = at.sandbox.requests.length;
    const changed = { ...args, emails: ['other@example.com'], confirmToken };
    const result = await at.peer.callTool('invite_admins', changed);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'confirmation_other_arguments' });
    expect(changesSince(at, before)).toEqual([]);
    expect(invited('other@example.com')).toBeUndefined();
  });
});
