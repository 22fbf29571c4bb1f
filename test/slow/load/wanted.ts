import { Random } from '../../../src/sandbox/random.ts';
import type { Places } from './heyreach.ts';
import { markOf, type Owner } from './owners.ts';

/** The required response. Without it, any clear response is accepted. */
export type Expected =
  /** A result, at once: HeyReach is not involved. */
  | 'result'
  /** A result that names the invalid arguments, at once. */
  | 'invalid_input'
  /** A protocol error, at once. */
  | 'error';

/** One request of a client. */
export interface Wanted {
  method: string;
  params: Record<string, unknown> & { name?: string; uri?: string };
  expected?: Expected;
  /** Its result contains names of the owner's workspace. */
  isMarked?: true;
  /** A text that identifies this call, for a call that must not be made twice. */
  nonce?: string;
  /** The result contains that text, too. */
  isEchoed?: true;
}

const tool = (name: string, args: object, more: Partial<Wanted> = {}): Wanted => ({
  method: 'tools/call',
  params: { name, arguments: args },
  ...more,
});
const read = (uri: string): Wanted => ({ method: 'resources/read', params: { uri }, isMarked: true });

const GUIDES = ['sequences', 'statuses', 'webhooks'];
const TEMPLATE = { type: 'ref/resource', uri: 'heyreach://campaigns/{campaignId}' };
const PROMPTS = ['campaign_review', 'launch_checklist'];

let nonces = 0;

/** The requests of one client, the same for the same seed. */
export class Wishes {
  readonly random: Random;
  readonly #places: Places;
  readonly #mark: string;

  constructor(client: number, seed: number, owner: Owner, places: Places) {
    this.random = new Random('wishes', seed, client);
    this.#places = places;
    this.#mark = markOf(owner);
  }

  next(): Wanted {
    const rolled = this.random.next() * 100;
    if (rolled < 34) return this.#smallRead();
    if (rolled < 50) return this.#largeRead();
    if (rolled < 58) return this.#write();
    if (rolled < 65) return this.#once();
    if (rolled < 69) return this.#add();
    if (rolled < 77) return this.#resource();
    if (rolled < 80) return this.#prompt();
    if (rolled < 84) return this.#completion();
    return rolled < 93 ? this.#listing() : this.#mistake();
  }

  /** A read that takes one small request. */
  quick(): Wanted {
    return tool('get_campaign', { campaignId: this.random.pick(this.#places.campaigns) }, { isMarked: true });
  }

  #nonce(): string {
    nonces += 1;
    return `${this.#mark}-n${nonces}x`;
  }

  #person(): string {
    return `https://www.linkedin.com/in/${this.random.pick(this.#places.slugs)}`;
  }

  #smallRead(): Wanted {
    const { campaigns, lists, accounts } = this.#places;
    const pick = <Item>(items: readonly Item[]) => this.random.pick(items);
    return pick([
      () => this.quick(),
      () => this.quick(),
      () => tool('check_api_key', {}),
      () => tool('get_list', { listId: pick(lists) }, { isMarked: true }),
      () => tool('get_lead', { profileUrl: this.#person() }, { isMarked: true }),
      () => tool('get_lead_tags', { profileUrl: this.#person() }),
      () => tool('get_campaign_sequence', { campaignId: pick(campaigns) }),
      () => tool('get_linkedin_account', { accountId: pick(accounts) }, { isMarked: true }),
      () => tool('list_campaigns', { limit: 3 }, { isMarked: true }),
    ])();
  }

  #largeRead(): Wanted {
    const { running, lists, conversations } = this.#places;
    const pick = <Item>(items: readonly Item[]) => this.random.pick(items);
    const full = { detail: 'full' };
    return pick([
      () => tool('list_campaigns', { limit: 100, ...full }, { isMarked: true }),
      () => tool('list_conversations', { limit: 50, messages: 5, ...full }, { isMarked: true }),
      () => tool('scan_conversations', { limit: 100, messages: 2 }, { isMarked: true }),
      () => {
        const { id, accountId } = pick(conversations);
        return tool('get_conversation', { accountId, conversationId: id, messages: 200, ...full }, { isMarked: true });
      },
      () => tool('list_leads_in_campaign', { campaignId: pick(running), limit: 100, ...full }, { isMarked: true }),
      () => tool('list_leads_in_list', { listId: pick(lists), limit: 100, ...full }),
      () => tool('get_stats_by_campaign', { byDay: true, ...full }, { isMarked: true }),
      () => tool('get_overall_stats', { byDay: true, ...full }),
    ])();
  }

  /** Changes that may be made twice. */
  #write(): Wanted {
    const { running, conversations } = this.#places;
    const { id, accountId } = this.random.pick(conversations);
    return this.random.pick([
      tool('add_lead_tags', { leadProfileUrl: this.#person(), tags: [`${this.#mark} tag`] }),
      tool('set_conversation_seen', { conversationId: id, linkedInAccountId: accountId, seen: true }),
      tool('pause_campaign', { campaignId: this.random.pick(running) }),
      tool('update_campaign_settings', { campaignId: this.random.pick(running), name: `Renamed ${this.#mark}` }),
    ]);
  }

  /** Changes that must not be made twice. */
  #once(): Wanted {
    const { campaigns, conversations, accounts } = this.#places;
    const nonce = this.#nonce();
    const { id, accountId } = this.random.pick(conversations);
    const message = { conversationId: id, linkedInAccountId: accountId, message: `Does ${nonce} suit you?` };
    const hook = { webhookUrl: `https://example.com/${nonce}`, eventType: 'MESSAGE_REPLY_RECEIVED' };
    const copy = { campaignIdForTemplate: this.random.pick(campaigns), linkedInAccountIds: accounts.slice(0, 1) };
    return this.random.pick([
      tool('create_list', { name: `List ${nonce}` }, { nonce, isEchoed: true }),
      tool('create_tags', { tags: [{ displayName: nonce, color: 'Blue' }] }, { nonce, isEchoed: true }),
      tool('create_webhook', { webhookName: `Hook ${nonce}`.slice(0, 25), ...hook }, { nonce }),
      tool('create_campaign_from_template', { name: `Copy ${nonce}`, ...copy }, { nonce }),
      tool('send_message', message, { nonce }),
      tool('send_message', message, { nonce }),
    ]);
  }

  #add(): Wanted {
    const nonce = this.#nonce();
    const rows = this.random.pick([1, 5, 30, 150]);
    const leads = Array.from({ length: rows }, (_, row) => ({
      profileUrl: `https://www.linkedin.com/in/${nonce}-${row}`,
      firstName: 'Made',
      lastName: `Up ${this.#mark}`,
    }));
    if (this.random.chance(0.6)) return tool('add_leads_to_list', { listId: this.#places.emptyList, leads });
    const campaignId = this.random.pick(this.#places.running);
    const accountLeadPairs = leads.slice(0, 30).map((lead) => ({ lead }));
    // A call that resumes a campaign must not be sent twice.
    if (this.random.chance(0.5)) return tool('add_leads_to_campaign', { campaignId, accountLeadPairs });
    return tool('add_leads_to_campaign', { campaignId, accountLeadPairs, resumePausedCampaign: true }, { nonce });
  }

  #resource(): Wanted {
    const { campaigns, conversations, slugs } = this.#places;
    const campaign = `heyreach://campaigns/${this.random.pick(campaigns)}`;
    const { id, accountId } = this.random.pick(conversations);
    return this.random.pick([
      read('heyreach://campaigns'),
      read('heyreach://lists'),
      read('heyreach://linkedin-accounts'),
      read('heyreach://conversations'),
      read(campaign),
      read(`${campaign}/leads`),
      read(`heyreach://conversations/${accountId}/${encodeURIComponent(id)}`),
      read(`heyreach://leads/${encodeURIComponent(this.random.pick(slugs))}`),
      { ...read(`heyreach://guide/${this.random.pick(GUIDES)}`), expected: 'result' },
    ]);
  }

  #prompt(): Wanted {
    const campaignId = String(this.random.pick(this.#places.campaigns));
    return { method: 'prompts/get', params: { name: this.random.pick(PROMPTS), arguments: { campaignId } } };
  }

  #completion(): Wanted {
    const value = this.random.pick(['', 'o', 'owner', '600', 'nothing like it']);
    return { method: 'completion/complete', params: { ref: TEMPLATE, argument: { name: 'campaignId', value } } };
  }

  #listing(): Wanted {
    const method = this.random.pick(['tools/list', 'prompts/list', 'resources/templates/list', 'resources/list']);
    return { method, params: {}, ...(method === 'resources/list' ? {} : { expected: 'result' as const }) };
  }

  #mistake(): Wanted {
    return this.random.pick([
      tool('get_campaign', { campaignId: 'the big one' }, { expected: 'invalid_input' }),
      tool('list_campaigns', { limit: 100_000 }, { expected: 'invalid_input' }),
      tool('create_list', { title: 'Misnamed' }, { expected: 'invalid_input' }),
      tool('drop_all_campaigns', {}, { expected: 'error' }),
      { method: 'resources/read', params: { uri: 'heyreach://campaigns/..' }, expected: 'error' },
      { method: 'prompts/get', params: { name: 'no_such_prompt' }, expected: 'error' },
      { method: 'made/up', params: {}, expected: 'error' },
    ]);
  }
}
