import { identityOf } from '../../lib/linkedin-url.ts';
import type { Change, RemoteChange } from '../../mcp/services/change-events.ts';
import type { Conversations } from './conversations.ts';
import type { PartCache } from './part-cache.ts';
import { peoplePart } from './workspace.ts';

/** What a tool changes about people. */
type Effect = 'members' | 'lists' | 'campaigns' | 'lead' | 'message' | 'blacklist' | 'tags';

const CAMPAIGN: readonly Effect[] = ['campaigns'];
const CAMPAIGN_AND_LISTS: readonly Effect[] = ['campaigns', 'lists'];
/** HeyReach enrols new members of a list in the running campaigns that it feeds. */
const MEMBERS: readonly Effect[] = ['members', 'campaigns'];
const TAGS: readonly Effect[] = ['tags'];
const NOTHING: readonly Effect[] = [];

const EFFECTS: Record<string, readonly Effect[]> = {
  create_campaign: CAMPAIGN_AND_LISTS,
  create_campaign_from_template: CAMPAIGN_AND_LISTS,
  start_campaign: CAMPAIGN,
  pause_campaign: CAMPAIGN,
  resume_campaign: CAMPAIGN,
  update_campaign_settings: CAMPAIGN_AND_LISTS,
  update_campaign_schedule: CAMPAIGN,
  update_campaign_sequence: CAMPAIGN,
  set_campaign_accounts: CAMPAIGN,
  add_campaign_accounts: CAMPAIGN,
  remove_campaign_accounts: CAMPAIGN,
  add_leads_to_campaign: MEMBERS,
  add_leads_to_campaign_v1: MEMBERS,
  stop_lead_in_campaign: ['lead'],
  send_message: ['message'],
  set_conversation_seen: NOTHING,
  create_list: ['lists'],
  add_leads_to_list: MEMBERS,
  add_leads_to_list_v1: MEMBERS,
  remove_leads_from_list: MEMBERS,
  remove_leads_from_list_by_url: MEMBERS,
  add_lead_tags: TAGS,
  replace_lead_tags: TAGS,
  create_tags: TAGS,
  create_webhook: NOTHING,
  update_webhook: NOTHING,
  delete_webhook: NOTHING,
  add_leads_to_blacklist: ['blacklist'],
  suppress_leads: ['campaigns', 'blacklist', 'tags'],
  import_leads: ['members', 'lists', 'campaigns'],
};

/** The tools whose effect is known. */
export const TOOLS_WITH_EFFECT: readonly string[] = Object.keys(EFFECTS);

/** Drops the parts of the index of a key that a call made stale. A tool without an entry makes every part stale. */
export function applyChange(cache: PartCache, { key, tool, input }: Change): void {
  const effects = EFFECTS[tool];
  if (effects === undefined) cache.drop(key, () => true);
  for (const effect of effects ?? []) {
    if (effect === 'message') addOwnMessage(cache, key, input);
    else cache.drop(key, isStaleAfter(effect, input));
  }
}

/** Drops every part of the index of a key where another process changed people. The message does not say which. */
export function applyRemoteChange(cache: PartCache, { key, change }: RemoteChange): void {
  // A poll looks at other data than the index.
  if (change !== undefined && change.tool === undefined) return;
  const effects = change?.tool === undefined ? undefined : EFFECTS[change.tool];
  if (effects === TAGS) cache.drop(key, isStaleAfter('tags', {}));
  else if (effects === undefined || effects.length > 0) cache.drop(key, () => true);
}

/** Which parts are stale, by their names in `partOf`. */
function isStaleAfter(effect: Exclude<Effect, 'message'>, input: Change['input']): (name: string) => boolean {
  switch (effect) {
    case 'members': {
      const listId = input.listId ?? input.toListId;
      // The list of a campaign is not among the arguments.
      const ofList = typeof listId === 'number' ? [`list ${listId}`, peoplePart(listId)] : undefined;
      return (name) => /^lists/.test(name) || (ofList?.includes(name) ?? /^list /.test(name));
    }
    case 'lists':
      return (name) => name === 'lists';
    case 'campaigns':
      return (name) => name === 'campaigns' || /^(leads|person) /.test(name);
    case 'lead': {
      const { campaignId, leadUrl } = input;
      const key = typeof leadUrl === 'string' ? identityOf(leadUrl) : undefined;
      return (name) =>
        name === `leads ${campaignId}` || (key === undefined ? /^person /.test(name) : name === `person ${key}`);
    }
    case 'blacklist':
      return (name) => /^blacklist/.test(name);
    case 'tags':
      return (name) => name === 'tagged';
  }
}

/** After a message the conversation ends with ours. A conversation that is not known makes the inbox stale. */
function addOwnMessage(cache: PartCache, key: string, { conversationId }: Change['input']): void {
  const { byPerson } = cache.get<Conversations>(key, 'inbox')?.value ?? {};
  const conversation = [...(byPerson?.values() ?? [])]
    .flat()
    .find((candidate) => candidate.conversationId === conversationId);
  cache.drop(key, (name) => (conversation === undefined ? /^inbox/ : /^inbox of /).test(name));
  if (conversation !== undefined) Object.assign(conversation, { wroteLast: 'us', weWrote: true });
}
