import type { Workspace } from '../../../src/sandbox/index.ts';

/** One URI for every resource of a workspace, by the URI or template that names it in the catalog. */
export function sampleResources({ fixtures, lists }: Workspace): Record<string, string> {
  const campaign = `heyreach://campaigns/${fixtures.deepSequenceCampaign}`;
  const { accountId, conversationId, profileUrl } = fixtures.unreadReply;
  return {
    'heyreach://campaigns': 'heyreach://campaigns',
    'heyreach://campaigns/{campaignId}': campaign,
    'heyreach://campaigns/{campaignId}/sequence': `${campaign}/sequence`,
    'heyreach://campaigns/{campaignId}/leads': `${campaign}/leads`,
    'heyreach://campaigns/{campaignId}/stats': `${campaign}/stats`,
    'heyreach://conversations': 'heyreach://conversations',
    'heyreach://conversations/{accountId}/{conversationId}': `heyreach://conversations/${accountId}/${encodeURIComponent(conversationId)}`,
    'heyreach://linkedin-accounts': 'heyreach://linkedin-accounts',
    'heyreach://lists': 'heyreach://lists',
    'heyreach://lists/{listId}': `heyreach://lists/${[...lists.keys()][0]}`,
    'heyreach://leads/{slug}': `heyreach://leads/${profileUrl.split('/in/')[1]}`,
  };
}

/** An unknown thing for every template. */
export const UNKNOWN_RESOURCES: Record<string, string> = {
  'heyreach://campaigns/{campaignId}': 'heyreach://campaigns/999999999',
  'heyreach://campaigns/{campaignId}/sequence': 'heyreach://campaigns/999999999/sequence',
  'heyreach://campaigns/{campaignId}/leads': 'heyreach://campaigns/999999999/leads',
  'heyreach://campaigns/{campaignId}/stats': 'heyreach://campaigns/999999999/stats',
  'heyreach://conversations/{accountId}/{conversationId}': 'heyreach://conversations/170001/2-bm9ib2R5%2B%2F%2F',
  'heyreach://lists/{listId}': 'heyreach://lists/999999999',
  'heyreach://leads/{slug}': 'heyreach://leads/nobody-example',
};

/** URIs that no resource can have. */
export const MALFORMED_RESOURCES = [
  'heyreach://campaigns/..',
  'heyreach://campaigns/../lists',
  'heyreach://campaigns/%2e%2e/lists',
  'heyreach://campaigns/%2E%2E',
  'heyreach://campaigns/600001/./stats',
  'heyreach://campaigns/600001%2Fstats',
  'heyreach://campaigns/600001%252Fstats',
  'heyreach://campaigns/600001?full=1',
  'heyreach://campaigns/600001#stats',
  'heyreach://campaigns\\600001',
  'heyreach://campaigns/600001%5Cstats',
  'heyreach://campaigns/600001%00',
  'heyreach://campaigns/600001%0A',
  'heyreach://campaigns/600001%E2%80%AE',
  'heyreach://campaigns/6000 01',
  'heyreach://campaigns/0600001',
  'heyreach://campaigns/-1',
  'heyreach://campaigns/1e5',
  'heyreach://campaigns/9999999999999999',
  'heyreach://campaigns/%',
  'heyreach://campaigns/%zz',
  'heyreach://campaigns/',
  'heyreach://lists/930001%2F',
  'heyreach://leads/null',
  'heyreach://conversations/170001/undefined',
  'heyreach://conversations/170001/%7B%7Bid%7D%7D',
  'heyreach://leads/%7B%7Bslug%7D%7D',
  'heyreach://leads/ada%2Fexample',
  'heyreach://leads/ada%3Fexample',
  'heyreach://leads/ada%23example',
  'heyreach://leads/..%2Flists',
  'heyreach://leads/%2e',
  'heyreach://conversations/170001/..',
  'heyreach://conversations/170001/2-a/../b',
  'heyreach://conversations/170001/2-a%2F..%2Fb',
  'heyreach://conversations/170001/2-a%20b',
  'heyreach://conversations/1%2F2/2-a',
  'heyreach://conversations/170001/2-a%252Fb',
  'heyreach://conversations/170001/2-a%5C..%5Cb',
  'heyreach://leads/ada%252Fexample',
  'heyreach://conversations/abc/2-a',
];
