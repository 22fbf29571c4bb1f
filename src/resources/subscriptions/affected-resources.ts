import { digest, isRecord } from '../../lib/json.ts';
import { slugKey, slugOf } from '../../lib/linkedin-url.ts';
import type { Change } from '../../mcp/services/change-events.ts';
import type { SharedChange } from '../../state/changes.ts';
import { fillTemplate } from '../shared/uri-template.ts';

/** The listings that completion caches. */
export const LISTINGS = ['campaigns', 'conversations', 'linkedin-accounts', 'lists'] as const;
export type Listing = (typeof LISTINGS)[number];

/** The resources and listings that a change makes stale. */
export interface AffectedResources {
  uris: string[];
  listings: Listing[];
}

const CAMPAIGN = 'heyreach://campaigns/{campaignId}';
const LIST = 'heyreach://lists/{listId}';
const CONVERSATION = 'heyreach://conversations/{accountId}/{conversationId}';
const LEAD = 'heyreach://leads/{slug}';

/** What a tool changes in addition to the entities that its arguments name. */
interface Effect {
  /** The index resources that change. */
  indexes?: readonly Listing[];
  /** The listings with rows that are added, removed, renamed or moved to the top. */
  listings?: readonly Listing[];
}

const NO_EFFECT: Effect = {};
/** HeyReach creates an empty list for a campaign without one. */
const CAMPAIGN_CREATED: Effect = { indexes: ['campaigns', 'lists'], listings: ['campaigns', 'lists'] };
/** The senders' counts of running campaigns change too. */
const CAMPAIGN_STARTED_OR_STOPPED: Effect = { indexes: ['campaigns', 'linkedin-accounts'] };
/** An edit may turn the status from SCHEDULED to DRAFT, and change counts. */
const CAMPAIGN_CHANGED: Effect = { indexes: ['campaigns'] };
/** HeyReach adds them to the campaign's list too, and may resume the campaign. */
const LEADS_ADDED: Effect = { indexes: ['campaigns', 'lists', 'linkedin-accounts'] };
const LIST_FILLED: Effect = { indexes: ['lists'] };

/** Every tool that is not a read. */
const EFFECTS: Record<string, Effect> = {
  create_campaign: CAMPAIGN_CREATED,
  create_campaign_from_template: CAMPAIGN_CREATED,
  start_campaign: CAMPAIGN_STARTED_OR_STOPPED,
  pause_campaign: CAMPAIGN_STARTED_OR_STOPPED,
  resume_campaign: CAMPAIGN_STARTED_OR_STOPPED,
  update_campaign_settings: { indexes: ['campaigns', 'lists'], listings: ['campaigns'] },
  update_campaign_sequence: CAMPAIGN_CHANGED,
  update_campaign_schedule: CAMPAIGN_CHANGED,
  set_campaign_accounts: CAMPAIGN_CHANGED,
  add_campaign_accounts: CAMPAIGN_CHANGED,
  remove_campaign_accounts: CAMPAIGN_CHANGED,
  add_leads_to_campaign: LEADS_ADDED,
  add_leads_to_campaign_v1: LEADS_ADDED,
  stop_lead_in_campaign: CAMPAIGN_CHANGED,
  suppress_leads: CAMPAIGN_CHANGED,
  cancel_job: NO_EFFECT,
  import_leads: { indexes: ['campaigns', 'lists', 'linkedin-accounts'], listings: ['lists'] },
  send_message: { indexes: ['conversations'], listings: ['conversations'] },
  set_conversation_seen: { indexes: ['conversations'] },
  create_list: { indexes: ['lists'], listings: ['lists'] },
  add_leads_to_list: LIST_FILLED,
  add_leads_to_list_v1: LIST_FILLED,
  remove_leads_from_list: LIST_FILLED,
  remove_leads_from_list_by_url: LIST_FILLED,
  add_lead_tags: NO_EFFECT,
  replace_lead_tags: NO_EFFECT,
  create_tags: NO_EFFECT,
  create_webhook: NO_EFFECT,
  update_webhook: NO_EFFECT,
  delete_webhook: NO_EFFECT,
  add_leads_to_blacklist: NO_EFFECT,
  create_workspace: NO_EFFECT,
  update_workspace: NO_EFFECT,
  create_workspace_api_key: NO_EFFECT,
  invite_admins: NO_EFFECT,
  invite_members: NO_EFFECT,
  invite_managers: NO_EFFECT,
};

/** Whether a tool has an entry in EFFECTS. */
export function knowsEffectOf(tool: string): boolean {
  return Object.hasOwn(EFFECTS, tool);
}

/** The resources and listings that a tool call made stale, as far as its arguments name them. */
export function affectedBy({ tool, input }: Change): AffectedResources {
  const { indexes = [], listings = [] } = EFFECTS[tool] ?? NO_EFFECT;
  const uris = new Set(indexes.map((listing) => `heyreach://${listing}`));
  const { campaignId, campaignIds, toCampaignId, listId, toListId, linkedInUserListId } = input;
  const { conversationId, linkedInAccountId } = input;
  // In a webhook campaignIds only selects events.
  for (const id of [campaignId, toCampaignId, ...(tool === 'pause_campaign' ? asList(campaignIds) : [])]) {
    if (typeof id !== 'number') continue;
    const uri = fillTemplate(CAMPAIGN, { campaignId: id });
    // Its sub-resources contain its name and status.
    for (const part of ['', '/sequence', '/leads', '/stats']) uris.add(uri + part);
  }
  for (const id of [listId, toListId, linkedInUserListId]) {
    if (typeof id === 'number') uris.add(fillTemplate(LIST, { listId: id }));
  }
  if (typeof conversationId === 'string' && typeof linkedInAccountId === 'number') {
    uris.add(fillTemplate(CONVERSATION, { accountId: linkedInAccountId, conversationId }));
  }
  // No resource shows the blacklist.
  const people = tool === 'add_leads_to_blacklist' ? [] : peopleIn(input);
  for (const slug of people) uris.add(fillTemplate(LEAD, { slug }));
  return { uris: [...uris], listings: [...listings] };
}

/** The message of a change to other processes. */
export function toSharedChange(change: Change): SharedChange {
  const { uris, listings } = affectedBy(change);
  return { tool: change.tool, resources: uris.map(digest), listings };
}

/** The comparison keys of the slugs in the arguments. */
function peopleIn(input: Change['input']): string[] {
  const { leadUrl, leadProfileUrl, profileUrls, leadProfileUrls, leads, accountLeadPairs } = input;
  const rows = [...asList(leads), ...asList(accountLeadPairs).map((pair) => (isRecord(pair) ? pair.lead : undefined))];
  const urls = [
    leadUrl,
    leadProfileUrl,
    ...asList(profileUrls),
    ...asList(leadProfileUrls),
    ...rows.map((row) => isRecord(row) && row.profileUrl),
  ];
  const slugs = urls.flatMap((url) => (typeof url === 'string' ? (slugOf(url) ?? []) : []));
  return slugs.map(slugKey);
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
