import { checkApiKey } from './account/check-api-key.ts';
import { addLeadsToCampaign } from './campaigns/add-leads-to-campaign.ts';
import { getCampaign } from './campaigns/get-campaign.ts';
import { listCampaigns } from './campaigns/list-campaigns.ts';
import { pauseCampaign } from './campaigns/pause-campaign.ts';
import type { Kind, Tool, Toolset } from './define.ts';
import { getConversation } from './inbox/get-conversation.ts';
import { listConversations } from './inbox/list-conversations.ts';
import { sendMessage } from './inbox/send-message.ts';

/** Every tool there is, in the order in which hosts show them. */
export const tools: readonly Tool[] = [
  checkApiKey,
  listCampaigns,
  getCampaign,
  pauseCampaign,
  addLeadsToCampaign,
  listConversations,
  getConversation,
  sendMessage,
];

export const MODES = ['read-only', 'draft', 'full'] as const;
export type Mode = (typeof MODES)[number];

const SHOWN: Record<Mode, readonly Kind[]> = {
  'read-only': ['read'],
  draft: ['read', 'write', 'stop'],
  full: ['read', 'write', 'stop', 'destructive', 'egress', 'outreach'],
};

export interface Selection {
  mode: Mode;
  toolsets: readonly Toolset[];
  exclude: readonly string[];
  /** The organization toolset exists only with its own key. */
  hasOrganizationKey: boolean;
}

/** The tools that a configuration shows. */
export function selectTools({ mode, toolsets, exclude, hasOrganizationKey }: Selection): Tool[] {
  return tools.filter(
    (tool) =>
      SHOWN[mode].includes(tool.kind) &&
      toolsets.includes(tool.toolset) &&
      !exclude.includes(tool.name) &&
      (tool.toolset !== 'organization' || hasOrganizationKey),
  );
}
