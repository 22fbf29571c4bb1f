import { expect, test } from 'vitest';
import { leadRow } from '../../../support/clients/elicitation.ts';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import type { StubAnswer } from '../../../support/heyreach/heyreach-stub.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const wire = useToolHarness(['--confirm', 'token']);
const leads = [leadRow('ada'), leadRow('mei')];
const talkTo = (slug: string, tags: string[] | undefined) => ({
  correspondentProfile: { profileUrl: `https://www.linkedin.com/in/${slug}-example`, tags },
});

async function warningsWith(inbox: StubAnswer) {
  wire.answerWith({
    '/campaign/GetById': { body: exampleCampaign({ status: 'PAUSED', linkedInUserListId: null }) },
    '/blacklist/GetLeads': { body: { totalCount: 0, items: [] } },
    '/li_account/GetAll': { body: { totalCount: 0, items: [] } },
    '/inbox/GetConversationsV3': inbox,
    '/lead/AddTags': { body: { newAssignedTags: [] } },
  });
  // A change of tags invalidates the tags read earlier.
  await wire.call('add_lead_tags', { leadProfileUrl: leads[0]!.profileUrl, tags: ['x'] });
  const accountLeadPairs = leads.map((lead) => ({ lead }));
  const { structuredContent } = await wire.call('add_leads_to_campaign', { campaignId: 600_001, accountLeadPairs });
  const { preview } = structuredContent!.confirmation as { preview: { warnings?: string[] } };
  return (preview.warnings ?? []).filter((warning) => /tag|not to be contacted/.test(warning));
}

const page = (...items: object[]) => ({ body: { totalCount: items.length, items, hasNextPage: false } });
const REST =
  'Not read: the tag do-not-contact of people without a conversation (HeyReach lists tags with conversations only).';

test('a tag that the workspace does not have takes one request and causes no warning', async () => {
  expect(await warningsWith({ status: 400, body: { errorMessage: 'Tags not found: do-not-contact' } })).toEqual([]);
  const inbox = wire.sent().filter(({ path }) => path.includes('/inbox/'));
  expect(inbox.map(({ body }) => (body as { filters: { tags: string[] } }).filters.tags)).toEqual([['do-not-contact']]);
});

test('people with the tag are named', async () => {
  const inbox = page(talkTo('mei', ['Do-Not-Contact']), talkTo('ada', undefined));
  expect(await warningsWith(inbox)).toEqual([
    'People who are not to be contacted: 2: ada-example (tag), mei-example (tag).',
    REST,
  ]);
});

test('people are not reported as tagged when HeyReach ignores the filter', async () => {
  expect(await warningsWith(page(talkTo('mei', ['hot']), talkTo('ada', [])))).toEqual([REST]);
});

test('a failed read of the tags is a warning', async () => {
  expect(await warningsWith({ status: 401, body: { errorMessage: 'no access' } })).toEqual([
    expect.stringMatching(/^Not read: the tag do-not-contact \(.*no access/),
  ]);
});
