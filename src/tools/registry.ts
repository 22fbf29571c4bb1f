import type { Mode } from '../mcp/modes.ts';
import type { RiskKind, Tool } from '../mcp/tool.ts';
import { checkApiKey } from './account/check-api-key.ts';
import { addLeadsToBlacklist } from './blacklist/add-leads-to-blacklist.ts';
import { listBlacklistedLeads } from './blacklist/list-blacklisted-leads.ts';
import { addCampaignAccounts } from './campaigns/add-campaign-accounts.ts';
import { addLeadsToCampaign } from './campaigns/add-leads-to-campaign.ts';
import { createCampaign } from './campaigns/create-campaign.ts';
import { createCampaignFromTemplate } from './campaigns/create-campaign-from-template.ts';
import { getCampaign } from './campaigns/get-campaign.ts';
import { getCampaignSequence } from './campaigns/get-campaign-sequence.ts';
import { listCampaigns } from './campaigns/list-campaigns.ts';
import { listCampaignsForLead } from './campaigns/list-campaigns-for-lead.ts';
import { listLeadsInCampaign } from './campaigns/list-leads-in-campaign.ts';
import { pauseCampaign } from './campaigns/pause-campaign.ts';
import { removeCampaignAccounts } from './campaigns/remove-campaign-accounts.ts';
import { resumeCampaign } from './campaigns/resume-campaign.ts';
import { setCampaignAccounts } from './campaigns/set-campaign-accounts.ts';
import { startCampaign } from './campaigns/start-campaign.ts';
import { stopLeadInCampaign } from './campaigns/stop-lead-in-campaign.ts';
import { updateCampaignSchedule } from './campaigns/update-campaign-schedule.ts';
import { updateCampaignSequence } from './campaigns/update-campaign-sequence.ts';
import { updateCampaignSettings } from './campaigns/update-campaign-settings.ts';
import { getConversation } from './inbox/get-conversation.ts';
import { listConversations } from './inbox/list-conversations.ts';
import { scanConversations } from './inbox/scan-conversations.ts';
import { sendMessage } from './inbox/send-message.ts';
import { setConversationSeen } from './inbox/set-conversation-seen.ts';
import { addLeadTags } from './leads/add-lead-tags.ts';
import { createTags } from './leads/create-tags.ts';
import { getLead } from './leads/get-lead.ts';
import { getLeadTags } from './leads/get-lead-tags.ts';
import { replaceLeadTags } from './leads/replace-lead-tags.ts';
import { addLeadsToCampaignV1 } from './legacy/add-leads-to-campaign-v1.ts';
import { addLeadsToListV1 } from './legacy/add-leads-to-list-v1.ts';
import { listConversationsV1 } from './legacy/list-conversations-v1.ts';
import { getLinkedinAccount } from './linkedin-accounts/get-linkedin-account.ts';
import { getLinkedinAccountStatus } from './linkedin-accounts/get-linkedin-account-status.ts';
import { listLinkedinAccounts } from './linkedin-accounts/list-linkedin-accounts.ts';
import { addLeadsToList } from './lists/add-leads-to-list.ts';
import { createList } from './lists/create-list.ts';
import { getList } from './lists/get-list.ts';
import { listCompaniesInList } from './lists/list-companies-in-list.ts';
import { listLeadsInList } from './lists/list-leads-in-list.ts';
import { listLists } from './lists/list-lists.ts';
import { listListsForLead } from './lists/list-lists-for-lead.ts';
import { removeLeadsFromList } from './lists/remove-leads-from-list.ts';
import { removeLeadsFromListByUrl } from './lists/remove-leads-from-list-by-url.ts';
import { checkConnection } from './network/check-connection.ts';
import { listNetwork } from './network/list-network.ts';
import { createWorkspace } from './organization/create-workspace.ts';
import { createWorkspaceApiKey } from './organization/create-workspace-api-key.ts';
import { getUser } from './organization/get-user.ts';
import { inviteAdmins } from './organization/invite-admins.ts';
import { inviteManagers } from './organization/invite-managers.ts';
import { inviteMembers } from './organization/invite-members.ts';
import { listUsers } from './organization/list-users.ts';
import { listWorkspaceApiKeys } from './organization/list-workspace-api-keys.ts';
import { listWorkspaceUsers } from './organization/list-workspace-users.ts';
import { listWorkspaces } from './organization/list-workspaces.ts';
import { updateWorkspace } from './organization/update-workspace.ts';
import { isEssential, type ToolGroup } from './shared/essentials.ts';
import { getOverallStats } from './stats/get-overall-stats.ts';
import { getStatsByCampaign } from './stats/get-stats-by-campaign.ts';
import { createWebhook } from './webhooks/create-webhook.ts';
import { deleteWebhook } from './webhooks/delete-webhook.ts';
import { getWebhook } from './webhooks/get-webhook.ts';
import { listWebhooks } from './webhooks/list-webhooks.ts';
import { updateWebhook } from './webhooks/update-webhook.ts';
import { cancelJob } from './workflows/cancel-job.ts';
import { checkCampaignTool } from './workflows/check-campaign.ts';
import { checkContactedTool } from './workflows/check-contacted.ts';
import { findLeads } from './workflows/find-leads.ts';
import { getChanges } from './workflows/get-changes.ts';
import { getJob } from './workflows/get-job.ts';
import { getLeadOverview } from './workflows/get-lead-overview.ts';
import { getPerformance } from './workflows/get-performance.ts';
import { getSenderCapacity } from './workflows/get-sender-capacity.ts';
import { importLeads } from './workflows/import-leads.ts';
import { listUnanswered } from './workflows/list-unanswered.ts';
import { suppressLeads } from './workflows/suppress-leads.ts';

/** All tools, in the order in which clients list them. */
export const tools: readonly Tool[] = [
  checkApiKey,
  listUnanswered,
  getLeadOverview,
  findLeads,
  getPerformance,
  getSenderCapacity,
  suppressLeads,
  checkCampaignTool,
  checkContactedTool,
  getChanges,
  importLeads,
  getJob,
  cancelJob,
  listCampaigns,
  getCampaign,
  createCampaign,
  createCampaignFromTemplate,
  startCampaign,
  pauseCampaign,
  resumeCampaign,
  updateCampaignSettings,
  getCampaignSequence,
  updateCampaignSequence,
  updateCampaignSchedule,
  setCampaignAccounts,
  addCampaignAccounts,
  removeCampaignAccounts,
  addLeadsToCampaign,
  stopLeadInCampaign,
  listLeadsInCampaign,
  listCampaignsForLead,
  listConversations,
  scanConversations,
  getConversation,
  sendMessage,
  setConversationSeen,
  listLinkedinAccounts,
  getLinkedinAccount,
  getLinkedinAccountStatus,
  listLists,
  getList,
  createList,
  listLeadsInList,
  listCompaniesInList,
  addLeadsToList,
  removeLeadsFromList,
  removeLeadsFromListByUrl,
  listListsForLead,
  getOverallStats,
  getStatsByCampaign,
  getLead,
  getLeadTags,
  addLeadTags,
  replaceLeadTags,
  createTags,
  listWebhooks,
  getWebhook,
  createWebhook,
  updateWebhook,
  deleteWebhook,
  listNetwork,
  checkConnection,
  listBlacklistedLeads,
  addLeadsToBlacklist,
  listWorkspaces,
  createWorkspace,
  updateWorkspace,
  listWorkspaceApiKeys,
  createWorkspaceApiKey,
  listUsers,
  getUser,
  listWorkspaceUsers,
  inviteAdmins,
  inviteMembers,
  inviteManagers,
  addLeadsToCampaignV1,
  addLeadsToListV1,
  listConversationsV1,
];

const KINDS_BY_MODE: Record<Mode, readonly RiskKind[]> = {
  'read-only': ['read'],
  draft: ['read', 'write', 'stop'],
  full: ['read', 'write', 'stop', 'destructive', 'egress', 'outreach'],
};

/** The settings that hide tools. */
export interface Selection {
  mode: Mode;
  toolsets: readonly ToolGroup[];
  exclude: readonly string[];
  /** Without it the organization toolset is hidden. */
  hasOrganizationKey: boolean;
}

/** The tools that a configuration makes available. */
export function selectTools(selection: Selection): Tool[] {
  return tools.filter((tool) => hidingSetting(tool, selection) === undefined);
}

/** Which setting hides a tool of this server. undefined for a tool that is available or does not exist. */
export function findHidingSetting(name: string, selection: Selection): string | undefined {
  const tool = tools.find((candidate) => candidate.name === name);
  return tool && hidingSetting(tool, selection);
}

function hidingSetting(tool: Tool, { mode, toolsets, exclude, hasOrganizationKey }: Selection): string | undefined {
  const isInMode = KINDS_BY_MODE[mode].includes(tool.risk) || (mode === 'draft' && tool.draftCheck !== undefined);
  if (!isInMode) return `--mode ${mode}`;
  if (!toolsets.includes(tool.toolset) && !(toolsets.includes('essentials') && isEssential(tool))) {
    return `--toolsets, which omits ${tool.toolset}`;
  }
  if (exclude.includes(tool.name)) return '--exclude-tools';
  return tool.toolset === 'organization' && !hasOrganizationKey ? 'the missing HEYREACH_ORG_API_KEY' : undefined;
}
