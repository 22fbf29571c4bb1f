/**
 * The origin of every text in a response of HeyReach or in a result of a tool. The list is written by hand, so that
 * every new field needs a decision. `outside`: people outside the workspace may have written the text, or its structure
 * is unknown. `own`: HeyReach or the workspace made it. `.*` are fields without fixed names, and `(answer)` is the
 * whole response.
 */
export type FieldOrigins = Record<string, 'outside' | 'own'>;

/** The same fields, below a prefix. */
export function within(place: string, fields: FieldOrigins): FieldOrigins {
  return Object.fromEntries(Object.entries(fields).map(([name, origin]) => [`${place}${name}`, origin]));
}

const rows = (fields: FieldOrigins) => within('items[].', fields);

export const person: FieldOrigins = {
  linkedin_id: 'own',
  profileUrl: 'outside',
  firstName: 'outside',
  lastName: 'outside',
  headline: 'outside',
  imageUrl: 'outside',
  location: 'outside',
  companyName: 'outside',
  companyUrl: 'outside',
  position: 'outside',
  about: 'outside',
  emailAddress: 'outside',
  enrichedEmailAddress: 'outside',
  customEmailAddress: 'outside',
  'tags[]': 'own',
  'autoTags[].name': 'outside',
  'customFields[].name': 'outside',
  'customFields[].value': 'outside',
  linkedInUserProfileId: 'own',
};

export const lead: FieldOrigins = {
  ...person,
  fullName: 'outside',
  username: 'outside',
  summary: 'outside',
  industry: 'outside',
  'emailEnrichments[]': 'outside',
};

export const sender: FieldOrigins = {
  firstName: 'own',
  lastName: 'own',
  emailAddress: 'own',
  profileUrl: 'own',
};

export const conversation: FieldOrigins = {
  id: 'own',
  lastMessageAt: 'own',
  lastMessageText: 'outside',
  lastMessageType: 'own',
  lastMessageSender: 'own',
  'correspondentProfile.id': 'own',
  ...within('correspondentProfile.', person),
  ...within('linkedInAccount.', sender),
  'messages[].createdAt': 'own',
  'messages[].sender': 'own',
  'messages[].body': 'outside',
  'messages[].subject': 'outside',
  'messages[].postLink': 'outside',
};

export const campaign: FieldOrigins = {
  name: 'own',
  status: 'own',
  creationTime: 'own',
  startedAt: 'own',
  linkedInUserListName: 'own',
};

export const leadInCampaign: FieldOrigins = {
  linkedInUserProfileId: 'own',
  ...within('linkedInUserProfile.', person),
  lastActionTime: 'own',
  failedTime: 'own',
  creationTime: 'own',
  leadCampaignStatus: 'own',
  leadConnectionStatus: 'own',
  leadMessageStatus: 'own',
  errorCode: 'own',
  leadCampaignStatusMessage: 'outside',
  linkedInSenderFullName: 'own',
};

const campaignsOfLead: FieldOrigins = {
  leadFullName: 'outside',
  'items[].campaignName': 'own',
  'items[].campaignStatus': 'own',
  'items[].leadStatus': 'own',
  'items[].creationTime': 'own',
};

export const sequence: FieldOrigins = {
  nodeType: 'own',
  actionDelayUnit: 'own',
  'payload.*': 'own',
  externalReference: 'own',
  'unconditionalNode.*': 'own',
  'conditionalNode.*': 'own',
};

export const list: FieldOrigins = { name: 'own', listType: 'own', creationTime: 'own' };
const createdList: FieldOrigins = { ...list, 'campaigns[]': 'outside', search: 'own', status: 'own' };

export const company: FieldOrigins = {
  name: 'outside',
  description: 'outside',
  industry: 'outside',
  imageUrl: 'outside',
  companySize: 'outside',
  location: 'outside',
  specialities: 'outside',
  website: 'outside',
};

const senderStatus: FieldOrigins = {
  status: 'own',
  failureReason: 'own',
  'profile.name': 'own',
  'profile.email': 'own',
  'profile.url': 'own',
};

const blacklisted: FieldOrigins = {
  id: 'own',
  fullName: 'outside',
  email: 'outside',
  profileUrl: 'outside',
  linkedInProfileId: 'own',
  linkedInMemberId: 'own',
  matchingStatus: 'own',
  resolutionStage: 'own',
  creationTime: 'own',
};

const webhook: FieldOrigins = { webhookName: 'own', webhookUrl: 'own', eventType: 'own', 'customHeaders.*': 'own' };

/** By area and name of the operation. */
export const operationTexts: Record<string, FieldOrigins> = {
  'blacklist.getLeads': rows(blacklisted),
  'blacklist.addLeads': { entries: 'outside', duplicates: 'outside', validationErrors: 'outside' },
  'campaigns.getAll': rows(campaign),
  'campaigns.getById': campaign,
  'campaigns.addAccounts': { '(answer)': 'outside' },
  'campaigns.removeAccounts': { '(answer)': 'outside' },
  'campaigns.getSequence': sequence,
  'campaigns.getLeads': rows(leadInCampaign),
  'campaigns.getForLead': campaignsOfLead,
  'inbox.getConversationsV1': rows(conversation),
  'inbox.getConversationsV2': rows(conversation),
  'inbox.getConversationsV3': { ...rows(conversation), nextCursor: 'own' },
  'inbox.getChatroom': conversation,
  'leads.getLead': { ...lead, experiences: 'outside', education: 'outside' },
  'leads.getTags': { 'tags[]': 'own' },
  'leads.addTags': { 'newAssignedTags[]': 'own' },
  'leads.replaceTags': { 'newAssignedTags[]': 'own' },
  'leads.createTags': { '(answer)': 'outside' },
  'linkedInAccounts.getAll': rows(sender),
  'linkedInAccounts.getById': sender,
  'linkedInAccounts.getStatus': senderStatus,
  'lists.getAll': rows(list),
  'lists.getById': list,
  'lists.create': createdList,
  'lists.getLeads': rows(person),
  'lists.getCompanies': rows(company),
  'lists.removeLeadsByUrl': { 'notFoundInList[]': 'outside' },
  'lists.getForLead': { 'items[].listName': 'own' },
  'network.getForSender': rows(person),
  'organization.getWorkspaces': { '(answer)': 'outside' },
  'organization.createWorkspace': { '(answer)': 'outside' },
  'organization.updateWorkspace': { '(answer)': 'outside' },
  'organization.getApiKeys': { '(answer)': 'outside' },
  'organization.createApiKey': { '(answer)': 'outside' },
  'organization.getUsers': { '(answer)': 'outside' },
  'organization.getUser': { '(answer)': 'outside' },
  'organization.getWorkspaceUsers': { '(answer)': 'outside' },
  'organization.inviteAdmins': { '(answer)': 'outside' },
  'organization.inviteMembers': { '(answer)': 'outside' },
  'organization.inviteManagers': { '(answer)': 'outside' },
  'stats.getByCampaign': { 'byDayStats.*[].campaignName': 'own', 'overallStats[].campaignName': 'own' },
  'webhooks.getById': webhook,
  'webhooks.getAll': rows(webhook),
};

const changedCampaign: FieldOrigins = { name: 'own', status: 'own', note: 'own' };
const addedLeads: FieldOrigins = { 'refused[].reason': 'outside', nextStep: 'own' };
const removedLeads: FieldOrigins = { 'notFound[]': 'outside', note: 'own' };
export const period: FieldOrigins = { startDate: 'own', endDate: 'own' };

const ownTable: FieldOrigins = { 'columns[]': 'own', 'rows[][]': 'own' };
const incomplete: FieldOrigins = { 'incomplete[].part': 'own', 'incomplete[].reason': 'outside' };

/** The outcomes of several items. A note can quote a HeyReach text about a person. */
const outcomes: FieldOrigins = {
  ...within('outcomes.', { 'columns[]': 'own', 'rows[][]': 'outside' }),
  nextStep: 'own',
};

const job: FieldOrigins = { 'job.id': 'own', 'job.kind': 'own', 'partial.progress': 'own', nextStep: 'own' };
const previewJob: FieldOrigins = { ...job, confirmToken: 'own' };

/** By the name of the tool. */
export const toolTexts: Record<string, FieldOrigins> = {
  check_api_key: { message: 'own' },
  get_lead_overview: {
    asOf: 'own',
    ...within('profile.', { ...person, name: 'outside' }),
    'tags[]': 'own',
    ...within('campaigns.', ownTable),
    ...within('lists.', ownTable),
    ...within('conversations.', ownTable),
    ...within('messages.', { 'columns[]': 'own', 'rows[][]': 'outside' }),
    ...within('connections.', ownTable),
    ...incomplete,
  },
  list_unanswered: {
    asOf: 'own',
    from: 'own',
    'columns[]': 'own',
    'rows[][]': 'outside',
    ...within('senders.', ownTable),
    ...within('campaigns.', ownTable),
    nextCursor: 'own',
    ...incomplete,
    ...job,
  },
  find_leads: {
    inbox: 'own',
    ...within('byCampaign.', ownTable),
    ...within('errors.', { 'columns[]': 'own', 'rows[][]': 'outside' }),
    'columns[]': 'own',
    'rows[][]': 'outside',
    ...within('senders.', ownTable),
    resultId: 'own',
    ...within('file.', { uri: 'own', path: 'own' }),
    ...incomplete,
    ...job,
  },
  get_performance: {
    ...within('period.', { startDate: 'own', endDate: 'own', partialDay: 'own' }),
    ...within('before.', period),
    ...ownTable,
    howCounted: 'own',
    nextCursor: 'own',
    ...incomplete,
    ...job,
  },
  get_changes: {
    since: 'own',
    ...within('bookmark.', { name: 'own', at: 'own', previous: 'own', reason: 'own' }),
    ...within('wholeDays.', { from: 'own' }),
    ...within('inbound.', { 'columns[]': 'own', 'rows[][]': 'outside' }),
    ...within('accepted.', { 'columns[]': 'own', 'rows[][]': 'outside' }),
    ...within('replied.', { 'columns[]': 'own', 'rows[][]': 'outside' }),
    ...within('failures.', { 'columns[]': 'own', 'rows[][]': 'outside' }),
    ...within('campaigns.', ownTable),
    ...within('lists.', ownTable),
    ...within('senders.', ownTable),
    resultId: 'own',
    ...within('file.', { uri: 'own', path: 'own' }),
    howCounted: 'own',
    ...incomplete,
    ...job,
  },
  get_job: {
    ...job,
    ...ownTable,
    ...within('failure.', { kind: 'own', message: 'outside', meaning: 'own', outcome: 'own' }),
    // The result names the outside texts as the tool of the job does.
    'result.*': 'own',
  },
  cancel_job: job,
  get_sender_capacity: {
    asOf: 'own',
    'campaign.name': 'own',
    'campaign.status': 'own',
    ...ownTable,
    'warnings[]': 'own',
    ...incomplete,
  },
  check_campaign: {
    asOf: 'own',
    'campaign.name': 'own',
    ...within('checks.', {
      ...Object.fromEntries(
        ['status', 'sequence', 'list', 'overlap', 'senders', 'capacity', 'schedule'].map((check) => [
          `${check}.next`,
          'own' as const,
        ]),
      ),
      'status.status': 'own',
      'overlap.exclusions[]': 'own',
      'capacity.actions': 'own',
      'schedule.lastSet': 'own',
      'schedule.setAt': 'own',
    }),
    ...within('findings.', ownTable),
    'renders[].lead': 'outside',
    'renders[].chosenFor': 'own',
    'renders[].texts[]': 'outside',
    ...incomplete,
    ...job,
  },
  check_contacted: {
    'columns[]': 'own',
    'rows[][]': 'outside',
    ...within('campaigns.', ownTable),
    resultId: 'own',
    file: 'own',
    ...incomplete,
    ...job,
  },
  import_leads: {
    target: 'own',
    'rejected.reason': 'outside',
    'outcome.resultId': 'own',
    'outcome.uri': 'own',
    'outcome.path': 'own',
    ...previewJob,
  },
  list_campaigns: rows(campaign),
  get_campaign: campaign,
  create_campaign: { ...changedCampaign, 'warnings[]': 'own' },
  create_campaign_from_template: changedCampaign,
  start_campaign: { ...changedCampaign, ...previewJob },
  pause_campaign: { ...changedCampaign, ...outcomes },
  suppress_leads: {
    ...outcomes,
    reason: 'own',
    'remaining[]': 'outside',
    ...within('campaigns.', ownTable),
    ...within('lists.', ownTable),
    ...incomplete,
  },
  resume_campaign: { ...changedCampaign, ...previewJob },
  update_campaign_settings: {
    'before.name': 'own',
    'before.status': 'own',
    'after.name': 'own',
    'after.status': 'own',
  },
  get_campaign_sequence: {
    ...within('sequence.', sequence),
    'outline[].node': 'own',
    'outline[].nodeType': 'own',
    note: 'own',
  },
  update_campaign_sequence: { note: 'own', 'warnings[]': 'own' },
  update_campaign_schedule: {
    'schedule.dailyStartTime': 'own',
    'schedule.dailyEndTime': 'own',
    'schedule.timeZoneId': 'own',
    'schedule.startDate': 'own',
    'schedule.endDate': 'own',
    note: 'own',
    'warnings[]': 'own',
  },
  set_campaign_accounts: { note: 'own' },
  add_campaign_accounts: { note: 'own' },
  remove_campaign_accounts: { note: 'own' },
  add_leads_to_campaign: addedLeads,
  stop_lead_in_campaign: { note: 'own' },
  list_leads_in_campaign: rows({ ...leadInCampaign, profileUrl: 'outside', name: 'outside' }),
  list_campaigns_for_lead: campaignsOfLead,
  list_conversations: rows(conversation),
  scan_conversations: { ...rows(conversation), nextCursor: 'own' },
  get_conversation: conversation,
  send_message: { conversationId: 'own', note: 'own' },
  set_conversation_seen: { conversationId: 'own' },
  list_linkedin_accounts: rows(sender),
  get_linkedin_account: sender,
  get_linkedin_account_status: senderStatus,
  list_lists: rows(list),
  get_list: list,
  create_list: createdList,
  list_leads_in_list: rows(person),
  list_companies_in_list: rows(company),
  add_leads_to_list: addedLeads,
  remove_leads_from_list: removedLeads,
  remove_leads_from_list_by_url: removedLeads,
  list_lists_for_lead: { 'items[].listName': 'own' },
  get_overall_stats: { ...period, 'byDay[].day': 'own', nextStartDate: 'own' },
  get_stats_by_campaign: { ...period, 'rows[].campaignName': 'own', 'rows[].day': 'own', nextCursor: 'own' },
  get_lead: { ...lead, 'experiences[]': 'outside', 'education[]': 'outside' },
  get_lead_tags: { 'tags[]': 'own' },
  add_lead_tags: { 'newAssignedTags[]': 'own', note: 'own', ...outcomes },
  replace_lead_tags: { 'newAssignedTags[]': 'own', note: 'own' },
  create_tags: { 'created[]': 'own', answer: 'outside' },
  list_webhooks: rows(webhook),
  get_webhook: webhook,
  update_webhook: { ...within('after.', webhook), note: 'own' },
  list_network: rows(person),
  list_blacklisted_leads: rows(blacklisted),
  add_leads_to_blacklist: { 'rows[].id': 'outside', 'rows[].reason': 'outside', 'unmatched[]': 'outside' },
  list_workspaces: { 'items[]': 'outside' },
  create_workspace: { answer: 'outside' },
  update_workspace: { answer: 'outside' },
  list_workspace_api_keys: { answer: 'outside' },
  create_workspace_api_key: { answer: 'outside' },
  list_users: { 'items[]': 'outside' },
  get_user: { answer: 'outside' },
  list_workspace_users: { 'items[]': 'outside' },
  invite_admins: { answer: 'outside' },
  invite_members: { answer: 'outside' },
  invite_managers: { answer: 'outside' },
  add_leads_to_campaign_v1: addedLeads,
  add_leads_to_list_v1: addedLeads,
  list_conversations_v1: rows(conversation),
};
