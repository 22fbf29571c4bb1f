import type { Account, Campaign, Conversation, Enrolment, LeadList, Person } from '../../model/index.ts';
import { lastAt } from '../../simulation/conversations.ts';
import type { World } from '../../state.ts';
import { iso, isoMillis, isoOrNull } from '../../time.ts';

/** Counts of a campaign's leads. In progress is the remainder, so it can be negative. */
function progressOf(campaign: Campaign) {
  const counts = { pending: 0, finished: campaign.finishedSkew, failed: 0, stopped: 0, excluded: 0 };
  for (const { status } of campaign.enrolments.values()) {
    if (status === 'Waiting' || status === 'Pending') counts.pending++;
    else if (status === 'Finished') counts.finished++;
    else if (status === 'Failed') counts.failed++;
    else if (status === 'Stopped') counts.stopped++;
    else if (status === 'Excluded') counts.excluded++;
  }
  const total = campaign.enrolments.size;
  return {
    totalUsers: total,
    totalUsersInProgress: total - counts.pending - counts.finished - counts.failed - counts.stopped - counts.excluded,
    totalUsersPending: counts.pending,
    totalUsersFinished: counts.finished,
    totalUsersFailed: counts.failed,
    totalUsersManuallyStopped: counts.stopped,
    totalUsersExcluded: counts.excluded,
  };
}

/** The campaign's fourteen keys. */
export function campaignView(world: World, campaign: Campaign) {
  return {
    id: campaign.id,
    name: campaign.name,
    creationTime: iso(campaign.creationTime),
    linkedInUserListName: world.workspace.lists.get(campaign.listId ?? -1)?.name ?? null,
    linkedInUserListId: campaign.listId,
    campaignAccountIds: campaign.accountIds,
    status: campaign.status,
    progressStats: progressOf(campaign),
    excludeInOtherCampaigns: campaign.excludeInOtherCampaigns,
    excludeHasOtherAccConversations: campaign.excludeHasOtherAccConversations,
    excludeContactedFromSenderInOtherCampaign: campaign.excludeContactedFromSenderInOtherCampaign,
    excludeListId: campaign.excludeListId,
    organizationUnitId: world.workspace.organizationUnitId,
    startedAt: isoOrNull(campaign.startedAt),
  };
}

/** A LinkedIn account. `activeCampaigns` counts its running campaigns. */
export function accountView(world: World, account: Account) {
  let activeCampaigns = 0;
  for (const campaign of world.workspace.campaigns.values()) {
    if (campaign.status === 'IN_PROGRESS' && campaign.accountIds.includes(account.id)) activeCampaigns++;
  }
  const { accountLimits, isActive, ...rest } = account;
  const { id, emailAddress, firstName, lastName, profileUrl, ...flags } = rest;
  return {
    id,
    emailAddress,
    firstName,
    lastName,
    profileUrl,
    isActive,
    activeCampaigns,
    ...flags,
    accountLimits,
  };
}

/** The fourteen profile keys that all forms of a lead have. */
export function profileView(person: Person) {
  return {
    linkedin_id: person.linkedinId,
    profileUrl: person.profileUrl,
    firstName: person.firstName,
    lastName: person.lastName,
    headline: person.headline,
    imageUrl: person.imageUrl,
    location: person.location,
    companyName: person.companyName,
    companyUrl: person.companyUrl,
    position: person.position,
    about: person.about,
    connections: person.connections,
    followers: person.followers,
    emailAddress: person.emailAddress,
  };
}

/** The sixteen keys inside a campaign. */
function campaignProfileView(person: Person) {
  return {
    ...profileView(person),
    enrichedEmailAddress: person.enrichedEmailAddress,
    customEmailAddress: person.customEmailAddress,
  };
}

/** A lead in a list. */
export function listLeadView(person: Person) {
  return {
    linkedInUserProfileId: person.profileId,
    ...campaignProfileView(person),
    customFields: person.customFields,
  };
}

/** A list in the list collection. */
export function listView(world: World, list: LeadList) {
  const campaigns = [...world.workspace.campaigns.values()].filter((campaign) => campaign.listId === list.id);
  return {
    id: list.id,
    name: list.name,
    totalItemsCount: list.listType === 'COMPANY_LIST' ? list.companies.length : list.members.size,
    listType: list.listType,
    creationTime: iso(list.creationTime),
    campaignIds: campaigns.map(({ id }) => id),
  };
}

/** The status of a lead in a campaign. */
export function leadStatusOf(world: World, campaign: Campaign, enrolment: Enrolment): string {
  if (enrolment.status === 'Stopped') return world.quirks.stoppedLeadStatus;
  if (enrolment.status === 'InSequence' && campaign.status === 'PAUSED') return 'Paused';
  return enrolment.status === 'Waiting' ? 'PendingOrExcludedToBeCalculated' : enrolment.status;
}

/** A lead in a campaign's analytics. */
export function campaignLeadView(world: World, campaign: Campaign, enrolment: Enrolment) {
  const person = world.workspace.people.get(enrolment.personId)!;
  const sender = world.workspace.accounts.get(enrolment.senderId);
  return {
    id: enrolment.id,
    linkedInUserProfileId: person.profileId,
    linkedInUserProfile: campaignProfileView(person),
    lastActionTime: isoOrNull(enrolment.lastActionTime),
    failedTime: isoOrNull(enrolment.failedTime),
    creationTime: iso(enrolment.insertedAt ?? enrolment.addedAt),
    leadCampaignStatus: leadStatusOf(world, campaign, enrolment),
    leadConnectionStatus: enrolment.connection,
    leadMessageStatus: enrolment.message,
    errorCode: enrolment.errorCode,
    leadCampaignStatusMessage: enrolment.statusMessage,
    linkedInSenderId: enrolment.senderId,
    linkedInSenderFullName: sender ? `${sender.firstName} ${sender.lastName}` : '',
  };
}

function correspondentView(world: World, person: Person, version: 'v2' | 'v3') {
  const { emailAddress: _unused, ...profile } = profileView(person);
  // In the inbox, V2 has empty e-mail addresses and V3 has no keys for them.
  const v2Only = {
    emailAddress: null,
    enrichedEmailAddress: null,
    customEmailAddress: null,
    customFields: person.customFields,
  };
  return {
    ...(world.quirks.documentedIds && version === 'v2' ? { id: person.profileId } : {}),
    ...profile,
    ...(version === 'v2' ? v2Only : {}),
    tags: person.tags,
    autoTags: person.autoTags,
  };
}

/** A conversation with all of its messages. */
export function conversationView(world: World, conversation: Conversation, version: 'v2' | 'v3' = 'v2') {
  const person = world.workspace.people.get(conversation.personId)!;
  const account = world.workspace.accounts.get(conversation.accountId)!;
  const last = conversation.messages.at(-1);
  const compat = world.quirks.documentedIds && version === 'v2' ? { campaignId: conversation.campaignIds[0] ?? 0 } : {};
  return {
    id: conversation.id,
    read: conversation.read,
    groupChat: conversation.groupChat,
    blockedByMe: conversation.blockedByMe,
    blockedByParticipant: conversation.blockedByParticipant,
    lastMessageAt: isoMillis(lastAt(conversation)),
    lastMessageText: last?.body ?? null,
    lastMessageType: conversation.lastMessageType,
    lastMessageSender: last?.sender ?? null,
    totalMessages: conversation.messages.length,
    ...compat,
    linkedInAccountId: conversation.accountId,
    correspondentProfile: correspondentView(world, person, version),
    linkedInAccount: {
      id: account.id,
      emailAddress: account.emailAddress,
      firstName: account.firstName,
      lastName: account.lastName,
      authIsValid: account.authIsValid,
      isValidNavigator: account.isValidNavigator,
      isValidRecruiter: account.isValidRecruiter,
      profileUrl: account.profileUrl,
    },
    messages: conversation.messages.map(({ createdAt, ...message }) => ({
      createdAt: isoMillis(createdAt),
      ...message,
    })),
  };
}
