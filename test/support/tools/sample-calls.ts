import type { Workspace } from '../../../src/sandbox/index.ts';

/** One valid call of every tool, in an order in which all of them work on one fresh sandbox. */
export function sampleCalls(workspace: Workspace): [tool: string, args: Record<string, unknown>][] {
  const { fixtures } = workspace;
  const [running = 0, otherRunning = 0] = fixtures.campaigns.IN_PROGRESS;
  const paused = fixtures.campaigns.PAUSED.find((id) => id !== fixtures.emptyListCampaign) ?? 0;
  const campaign = workspace.campaigns.get(paused)!;
  const [sender = 0] = campaign.accountIds;
  const spare = [...workspace.accounts.values()].find(
    ({ id, authIsValid }) => authIsValid && !campaign.accountIds.includes(id),
  )!.id;
  const list = [...workspace.lists.values()].find(
    ({ listType, id }) => listType === 'USER_LIST' && id !== fixtures.emptyList,
  )!.id;
  const runningLead = [...workspace.campaigns.get(running)!.enrolments.values()][0]!;
  const suppressed = workspace.people.get([...workspace.campaigns.get(running)!.enrolments.keys()][1]!)!;
  const [webhook = 0] = workspace.webhooks.keys();
  const { accountId, conversationId, profileUrl } = fixtures.unreadReply;
  const lead = { profileUrl: 'https://www.linkedin.com/in/new-example', firstName: 'New', lastName: 'Example' };
  const sequence = {
    nodeType: 'VIEW_PROFILE',
    unconditionalNode: { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' },
  };
  const schedule = { dailyStartTime: '09:00:00', dailyEndTime: '17:00:00', timeZoneId: 'Europe/Berlin' };
  const admin = [...workspace.orgUsers.values()].find(({ role }) => role === 'Admin')!;
  const invitation = { inviterEmail: admin.emailAddress, emails: ['new@example.com'] };
  return [
    ['check_api_key', {}],
    ['list_unanswered', { lookBackDays: 365 }],
    ['get_lead_overview', { profileUrl, connections: true }],
    ['find_leads', { stage: 'accepted_not_messaged' }],
    ['get_performance', { cohortDays: 7 }],
    ['get_sender_capacity', { campaignId: running, addLeads: 300 }],
    ['suppress_leads', { profileUrls: [suppressed.profileUrl] }],
    ['check_campaign', { campaignId: fixtures.draftReadyToStart }],
    ['check_contacted', { profileUrls: [profileUrl, suppressed.profileUrl] }],
    ['get_changes', {}],
    ['import_leads', { text: `profileUrl,firstName,lastName\n${lead.profileUrl},New,Example`, toListId: list }],
    // cancel_job has no sample, because no job runs on a sandbox that answers at once.
    ['get_job', {}],
    ['list_campaigns', { limit: 100, detail: 'full' }],
    ['get_campaign', { campaignId: running }],
    ['create_campaign', { name: 'Made by a test', linkedInAccountIds: [sender], sequence, schedule }],
    [
      'create_campaign_from_template',
      { campaignIdForTemplate: running, name: 'Copied by a test', linkedInAccountIds: [sender] },
    ],
    ['list_leads_in_campaign', { campaignId: running, limit: 50, detail: 'full' }],
    ['list_campaigns_for_lead', { profileUrl }],
    ['stop_lead_in_campaign', { campaignId: running, leadMemberId: runningLead.personId }],
    ['get_campaign_sequence', { campaignId: fixtures.deepSequenceCampaign }],
    ['pause_campaign', { campaignId: otherRunning }],
    ['resume_campaign', { campaignId: otherRunning }],
    ['update_campaign_settings', { campaignId: paused, name: 'Renamed by a test' }],
    ['add_campaign_accounts', { campaignId: paused, linkedInAccountIds: [spare] }],
    ['remove_campaign_accounts', { campaignId: paused, linkedInAccountIds: [spare] }],
    ['set_campaign_accounts', { campaignId: paused, linkedInAccountIds: [sender, spare] }],
    ['update_campaign_schedule', { campaignId: paused, schedule }],
    ['update_campaign_sequence', { campaignId: fixtures.campaignWithoutSequence, sequence }],
    ['start_campaign', { campaignId: fixtures.draftReadyToStart }],
    ['add_leads_to_campaign', { campaignId: running, accountLeadPairs: [{ lead }] }],
    ['list_conversations', { limit: 20, messages: 2, detail: 'full' }],
    ['scan_conversations', { limit: 20, messages: 2, detail: 'full' }],
    ['get_conversation', { accountId, conversationId, detail: 'full' }],
    ['send_message', { conversationId, linkedInAccountId: accountId, message: 'Tuesday at 10 it is.' }],
    ['set_conversation_seen', { conversationId, linkedInAccountId: accountId, seen: true }],
    ['list_linkedin_accounts', { detail: 'full' }],
    ['get_linkedin_account', { accountId: sender }],
    ['get_linkedin_account_status', { accountId: fixtures.brokenAccount }],
    ['list_lists', { limit: 100 }],
    ['get_list', { listId: list }],
    ['create_list', { name: 'Made by a test' }],
    ['list_leads_in_list', { listId: list, limit: 50, detail: 'full' }],
    ['list_companies_in_list', { listId: fixtures.companyList, detail: 'full' }],
    ['add_leads_to_list', { listId: fixtures.emptyList, leads: [lead] }],
    ['remove_leads_from_list_by_url', { listId: fixtures.emptyList, profileUrls: [lead.profileUrl] }],
    ['remove_leads_from_list', { listId: list, leadMemberIds: [runningLead.personId] }],
    ['list_lists_for_lead', { profileUrl }],
    ['get_overall_stats', { byDay: true, detail: 'full' }],
    ['get_stats_by_campaign', { byDay: true, detail: 'full' }],
    ['get_lead', { profileUrl, detail: 'full' }],
    ['get_lead_tags', { profileUrl }],
    ['add_lead_tags', { leadProfileUrl: profileUrl, tags: ['tried'] }],
    ['replace_lead_tags', { leadProfileUrl: profileUrl, tags: ['tried', 'again'] }],
    ['create_tags', { tags: [{ displayName: 'made by a test', color: 'Blue' }] }],
    ['list_webhooks', { includeCustomHeaders: true }],
    ['get_webhook', { webhookId: fixtures.webhookWithHeaders, includeSecrets: true }],
    [
      'create_webhook',
      { webhookName: 'Test hook', webhookUrl: 'https://example.com/hook', eventType: 'MESSAGE_REPLY_RECEIVED' },
    ],
    ['update_webhook', { webhookId: webhook, isActive: false }],
    ['delete_webhook', { webhookId: webhook }],
    ['list_network', { senderId: sender, detail: 'full' }],
    ['check_connection', { senderAccountId: sender, leadProfileUrl: profileUrl }],
    ['list_blacklisted_leads', { detail: 'full' }],
    ['add_leads_to_blacklist', { leads: [{ profileUrl: 'https://www.linkedin.com/in/blocked-example' }] }],
    ['list_workspaces', {}],
    ['create_workspace', { workspaceName: 'Made by a test' }],
    ['update_workspace', { workspaceId: workspace.orgWorkspaces.keys().next().value, workspaceName: 'Renamed' }],
    ['list_workspace_api_keys', { workspaceId: workspace.orgWorkspaces.keys().next().value }],
    ['create_workspace_api_key', { workspaceId: workspace.orgWorkspaces.keys().next().value, apiKeyType: 'MCP' }],
    ['list_users', {}],
    ['get_user', { userId: String(workspace.orgUsers.keys().next().value) }],
    ['list_workspace_users', { workspaceId: workspace.orgWorkspaces.keys().next().value }],
    ['invite_admins', invitation],
    ['invite_members', { ...invitation, workspaceIds: [workspace.orgWorkspaces.keys().next().value] }],
    ['invite_managers', { ...invitation, workspaceIds: [workspace.orgWorkspaces.keys().next().value] }],
    ['add_leads_to_campaign_v1', { campaignId: running, accountLeadPairs: [{ lead }] }],
    ['add_leads_to_list_v1', { listId: fixtures.emptyList, leads: [lead] }],
    ['list_conversations_v1', { limit: 20, messages: 2, detail: 'full' }],
  ];
}
