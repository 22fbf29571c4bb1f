import type { Change } from '../changes.ts';
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

/** What a call through this server made stale, as far as its arguments say. */
export function touchedBy({ tool, input }: Change): Touched {
  const uris = new Set<string>();
  const listings = new Set<Listing>();
  const { campaignId, listId, conversationId, linkedInAccountId } = input;
  if (typeof campaignId === 'number') {
    const uri = fillTemplate(CAMPAIGN, { campaignId });
    for (const part of ['', '/sequence', '/leads', '/stats']) uris.add(uri + part);
  }
  if (typeof campaignId === 'number' || /campaign/.test(tool)) {
    uris.add('heyreach://campaigns');
    listings.add('campaigns');
  }
  if (typeof listId === 'number') uris.add(fillTemplate(LIST, { listId }));
  if (typeof listId === 'number' || /list/.test(tool)) {
    uris.add('heyreach://lists');
    listings.add('lists');
  }
  if (typeof conversationId === 'string' && typeof linkedInAccountId === 'number') {
    const thread = { accountId: linkedInAccountId, conversationId };
    uris.add(fillTemplate('heyreach://conversations/{accountId}/{conversationId}', thread));
    uris.add('heyreach://conversations');
    listings.add('conversations');
  }
  for (const name of ['profileUrl', 'leadProfileUrl', 'leadUrl'] as const) {
    const slug = typeof input[name] === 'string' ? slugOf(input[name]) : undefined;
    if (slug !== undefined) uris.add(fillTemplate('heyreach://leads/{slug}', { slug }));
  }
  return { uris: [...uris], listings: [...listings] };
}
