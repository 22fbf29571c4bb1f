import type { Toolset } from '../../mcp/tool.ts';

/**
 * The operations in the preset `essentials`. It also has every tool of the toolset `workflows`.
 *
 * Some clients accept 40 tools from all their servers. The preset stays under 39 tools and 9,000 tokens of definitions.
 */
const ESSENTIAL_OPERATIONS = new Set([
  'check_api_key',
  'list_campaigns',
  'get_campaign',
  'get_campaign_sequence',
  'start_campaign',
  'pause_campaign',
  'resume_campaign',
  'add_leads_to_campaign',
  'stop_lead_in_campaign',
  'list_leads_in_campaign',
  'list_campaigns_for_lead',
  'list_conversations',
  'get_conversation',
  'send_message',
  'set_conversation_seen',
  'list_linkedin_accounts',
  'list_lists',
  'create_list',
  'list_leads_in_list',
  'add_leads_to_list',
  'get_overall_stats',
  'get_lead',
  'add_lead_tags',
  'list_webhooks',
  'create_webhook',
]);

/** A toolset, or the preset of the tools that are used most. */
export type ToolGroup = Toolset | 'essentials';

/** Whether the preset `essentials` has a tool. */
export function isEssential({ name, toolset }: { name: string; toolset: Toolset }): boolean {
  return toolset === 'workflows' || ESSENTIAL_OPERATIONS.has(name);
}
