import type { BlacklistEntry, OrgUser, Person, Workspace } from '../model/index.ts';
import { Random } from '../random.ts';
import { DAY } from '../time.ts';

const TAGS: [string, string][] = [
  ['hot', 'Red'],
  ['Follow up', 'Yellow'],
  ['customer', 'Green'],
  ['not now', 'Cyan'],
  ['Партнёр', 'Blue'],
];

/** The tags. About every eighth lead has a tag. */
export function seedTags(workspace: Workspace, seed: number): void {
  const random = new Random(seed, 'tags');
  for (const [displayName, color] of TAGS) workspace.tags.set(displayName.toLowerCase(), { displayName, color });
  for (const person of workspace.people.values()) {
    if (!random.chance(0.12)) continue;
    person.tags.push(random.pick(TAGS)[0]);
    if (random.chance(0.2)) person.tags.push('hot');
    person.tags = [...new Set(person.tags)].sort();
  }
}

/** Three webhooks. The second sends an authentication header, the third is inactive. */
export function seedWebhooks(workspace: Workspace, campaignId: number): void {
  const add = (
    webhookName: string,
    eventType: string,
    rest: { campaignIds?: number[]; isActive?: boolean; customHeaders?: Record<string, string> },
  ): number => {
    const id = workspace.nextId.webhook;
    workspace.nextId.webhook += 7;
    workspace.webhooks.set(id, {
      id,
      webhookName,
      webhookUrl: `https://hooks.example.com/heyreach/${id}`,
      eventType,
      campaignIds: rest.campaignIds ?? [],
      isActive: rest.isActive ?? true,
      customHeaders: rest.customHeaders ?? null,
    });
    return id;
  };
  add('Replies', 'MESSAGE_REPLY_RECEIVED', { campaignIds: [campaignId] });
  workspace.fixtures.webhookWithHeaders = add('Everything answered', 'EVERY_MESSAGE_REPLY_RECEIVED', {
    customHeaders: { 'X-Hook-Secret': 'made-up-secret-value', 'X-Team': 'operations' },
  });
  add('Finished campaigns', 'CAMPAIGN_COMPLETED', { isActive: false });
}

const noIdentifier = { linkedInProfileId: null, profileUrl: null, email: null, fullName: null, personId: null };

/** A blacklist entry for the profile URL of a person. */
export function matchedEntry(workspace: Workspace, person: Person, creationTime: number): BlacklistEntry {
  return {
    ...noIdentifier,
    profileUrl: person.profileUrl,
    personId: person.linkedinId,
    matchingStatus: 'Matched',
    resolutionStage: 'Resolved',
    id: workspace.nextId.blacklist++,
    creationTime,
  };
}

/** Entries of every matching status. */
export function seedBlacklist(workspace: Workspace, leads: Person[], startAt: number): void {
  const timeOf = (number: number): number => startAt - (40 - number) * DAY;
  const { blacklist, nextId } = workspace;
  for (const [i, person] of leads.slice(-6).entries()) blacklist.push(matchedEntry(workspace, person, timeOf(i)));
  const others = [
    { email: 'unknown@example.com', matchingStatus: 'NotFound', resolutionStage: 'ProfileEnrichmentFailed' },
    { email: 'pending@example.com', matchingStatus: 'Matching', resolutionStage: 'AwaitingReverseLookup' },
    { fullName: 'Nikita Nowhere', matchingStatus: 'BroadMatch', resolutionStage: 'Resolved' },
  ] as const;
  for (const [i, entry] of others.entries()) {
    blacklist.push({ ...noIdentifier, ...entry, id: nextId.blacklist++, creationTime: timeOf(6 + i) });
  }
}

/** Two workspaces and five users, for organization keys. */
export function seedOrganization(workspace: Workspace, seed: number, startAt: number): void {
  const random = new Random(seed, 'organization');
  const names = ['Example agency', 'Второй клиент'];
  for (const [i, workspaceName] of names.entries()) {
    const id = i === 0 ? workspace.organizationUnitId : workspace.organizationUnitId + 1;
    const key = (type: string, n: number) => ({
      id: 8_100 + i * 10 + n,
      apiKeyType: type,
      apiKey: Buffer.from(`made-up-${type}-${random.hex(12)}`).toString('base64'),
      isActive: true,
      creationTime: startAt - 100 * DAY,
    });
    workspace.orgWorkspaces.set(id, {
      id,
      workspaceName,
      seatsLimit: i === 0 ? 10 : null,
      creationTime: startAt - (300 - i * 90) * DAY,
      apiKeys: i === 0 ? [key('PUBLIC', 0), key('N8N', 1)] : [key('PUBLIC', 0)],
    });
  }
  const [first = 0, second = 0] = [...workspace.orgWorkspaces.keys()];
  const users: [string | null, string | null, OrgUser['role'], OrgUser['invitationStatus'], number[]][] = [
    ['Ines', 'Sender', 'Admin', 'Accepted', [first, second]],
    ['Tomás', 'Remitente', 'Member', 'Accepted', [first]],
    ['Mei', 'Sender', 'Member', 'Accepted', [second]],
    [null, null, 'Member', 'Pending', [first]],
    ['Noor', 'Sender', 'Manager', 'Unknown', [second]],
  ];
  for (const [i, [firstName, lastName, role, invitationStatus, workspaceIds]] of users.entries()) {
    const id = 5_201 + i;
    workspace.orgUsers.set(id, {
      id,
      emailAddress: `user${i + 1}@example.com`,
      firstName,
      lastName,
      role,
      invitationStatus,
      creationTime: startAt - (200 - i * 11) * DAY,
      workspaceIds,
      permissions: { viewCampaigns: true, editManageCampaigns: role !== 'Manager', viewLeadLists: true },
    });
  }
}
