import type { Change } from '../changes.ts';
import { isRecord } from '../tools/is-record.ts';
import { slugOf } from '../tools/profile-url.ts';
import { fillTemplate } from './uri.ts';

/** The listings that completion keeps for a while. */
export type Listing = 'campaigns' | 'conversations' | 'linkedin-accounts' | 'lists';

/** What a change makes stale: resources by their URIs, and listings. */
export interface Touched {
  uris: string[];
  listings: Listing[];
}

const CAMPAIGN = 'heyreach://campaigns/{campaignId}';
const LIST = 'heyreach://lists/{listId}';
const THREAD = 'heyreach://conversations/{accountId}/{conversationId}';
const LEAD = 'heyreach://leads/{slug}';

/** What a tool changes besides the campaign, the list, the conversation and the people that its arguments name. */
interface Effect {
  indexes?: readonly Listing[];
  /** Rows of these have come, gone, moved to the top, or have another name. */
  listings?: readonly Listing[];
}

const NOTHING_SHOWN: Effect = {};
/** A campaign made without a list is given a new, empty one. */
const CREATED: Effect = { indexes: ['campaigns', 'lists'], listings: ['campaigns', 'lists'] };
/** A sender's count of running campaigns changes with it. */
const RUN: Effect = { indexes: ['campaigns', 'linkedin-accounts'] };
/** Its status, which an edit may turn from SCHEDULED to DRAFT, or its counts. */
const CAMPAIGN_CHANGED: Effect = { indexes: ['campaigns'] };
/** They land in the campaign's list as well, and may wake the campaign. */
const LEADS_ADDED: Effect = { indexes: ['campaigns', 'lists', 'linkedin-accounts'] };
const LIST_FILLED: Effect = { indexes: ['lists'] };

/** Every tool that is no read. */
const EFFECTS: Record<string, Effect> = {
  create_campaign: CREATED,
  create_campaign_from_template: CREATED,
  start_campaign: RUN,
  pause_campaign: RUN,
  resume_campaign: RUN,
  update_campaign_settings: { indexes: ['campaigns', 'lists'], listings: ['campaigns'] },
  update_campaign_sequence: CAMPAIGN_CHANGED,
  update_campaign_schedule: CAMPAIGN_CHANGED,
  set_campaign_accounts: CAMPAIGN_CHANGED,
  add_campaign_accounts: CAMPAIGN_CHANGED,
  remove_campaign_accounts: CAMPAIGN_CHANGED,
  add_leads_to_campaign: LEADS_ADDED,
  add_leads_to_campaign_v1: LEADS_ADDED,
  stop_lead_in_campaign: CAMPAIGN_CHANGED,
  send_message: { indexes: ['conversations'], listings: ['conversations'] },
  set_conversation_seen: { indexes: ['conversations'] },
  create_list: { indexes: ['lists'], listings: ['lists'] },
  add_leads_to_list: LIST_FILLED,
  add_leads_to_list_v1: LIST_FILLED,
  remove_leads_from_list: LIST_FILLED,
  remove_leads_from_list_by_url: LIST_FILLED,
  add_lead_tags: NOTHING_SHOWN,
  replace_lead_tags: NOTHING_SHOWN,
  create_tags: NOTHING_SHOWN,
  create_webhook: NOTHING_SHOWN,
  update_webhook: NOTHING_SHOWN,
  delete_webhook: NOTHING_SHOWN,
  add_leads_to_blacklist: NOTHING_SHOWN,
  create_workspace: NOTHING_SHOWN,
  update_workspace: NOTHING_SHOWN,
  create_workspace_api_key: NOTHING_SHOWN,
  invite_admins: NOTHING_SHOWN,
  invite_members: NOTHING_SHOWN,
  invite_managers: NOTHING_SHOWN,
};

/** Whether it is known what a tool changes. */
export function knowsEffectOf(tool: string): boolean {
  return Object.hasOwn(EFFECTS, tool);
}

/** What a call through this server made stale, as far as its arguments say. */
export function touchedBy({ tool, input }: Change): Touched {
  const { indexes = [], listings = [] } = EFFECTS[tool] ?? NOTHING_SHOWN;
  const uris = new Set(indexes.map((listing) => `heyreach://${listing}`));
  const { campaignId, listId, linkedInUserListId, conversationId, linkedInAccountId } = input;
  if (typeof campaignId === 'number') {
    const uri = fillTemplate(CAMPAIGN, { campaignId });
    // What hangs below it says its name and status.
    for (const part of ['', '/sequence', '/leads', '/stats']) uris.add(uri + part);
  }
  for (const id of [listId, linkedInUserListId]) {
    if (typeof id === 'number') uris.add(fillTemplate(LIST, { listId: id }));
  }
  if (typeof conversationId === 'string' && typeof linkedInAccountId === 'number') {
    uris.add(fillTemplate(THREAD, { accountId: linkedInAccountId, conversationId }));
  }
  // Whom a blacklist holds shows nowhere, and a stranger on it is no resource.
  const people = tool === 'add_leads_to_blacklist' ? [] : peopleIn(input);
  for (const slug of people) uris.add(fillTemplate(LEAD, { slug }));
  return { uris: [...uris], listings: [...listings] };
}

/** The slugs of the people that the arguments name by their URLs. */
function peopleIn(input: Change['input']): string[] {
  const { leadUrl, leadProfileUrl, profileUrls, leads, accountLeadPairs } = input;
  const rows = [...asList(leads), ...asList(accountLeadPairs).map((pair) => (isRecord(pair) ? pair.lead : undefined))];
  const urls = [leadUrl, leadProfileUrl, ...asList(profileUrls), ...rows.map((row) => isRecord(row) && row.profileUrl)];
  return urls.flatMap((url) => (typeof url === 'string' ? (slugOf(url) ?? []) : []));
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
