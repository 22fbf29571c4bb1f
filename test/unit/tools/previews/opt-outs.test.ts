import { afterEach, describe, expect, test } from 'vitest';
import { conversations, to } from '../../../support/conversations.ts';
import { ask, campaignNamed, expectChanged, leadRow, requestsSince, useAsking } from '../../../support/elicitation.ts';

/** The previews of tools that contact people say what this server or HeyReach knows against it. */
describe('a person who opted out', () => {
  const at = useAsking();
  afterEach(() => at.sandbox.faults.clear());
  const suppress = (args: object) => at.peer.callTool('suppress_leads', { ...args });
  const personOf = (index: number) => {
    const conversation = conversations(at, (id) => id === 170_001)[index]!;
    const { profileUrl } = at.sandbox.workspace.people.get(conversation.personId)!;
    return { profileUrls: [profileUrl], args: to(conversation, 'Shall we talk?') };
  };

  test('on the blacklist is named in the preview of a message, for one request', async () => {
    const { profileUrls, args } = personOf(0);
    await suppress({ profileUrls, addTag: false });
    const before = at.sandbox.requests.length;
    const { preview } = await ask(at, 'send_message', args);
    expect(preview.warnings).toContain('The blacklist has this person, with the status Matched.');
    const blacklist = requestsSince(at, before).filter((request) => request.includes('/blacklist/'));
    expect(blacklist).toEqual(['POST /blacklist/GetLeads']);
  });

  test('by a tag alone is named too, and a confirmation from before is not taken', async () => {
    const { profileUrls, args } = personOf(1);
    const shown = await ask(at, 'send_message', args);
    expect(shown.preview.warnings ?? []).not.toContain('This person has the tag do-not-contact.');
    await suppress({ profileUrls, blacklist: false });
    const fresh = await expectChanged(at, 'send_message', args, shown);
    expect(fresh.preview.warnings).toContain('This person has the tag do-not-contact.');
  });

  test('is not taken for one who may be contacted where the blacklist cannot be read', async () => {
    at.sandbox.faults.add({ match: { path: '/blacklist/GetLeads' }, kind: 'status', status: 403 });
    const { preview } = await ask(at, 'send_message', personOf(2).args);
    expect(preview.warnings).toContainEqual(expect.stringMatching(/^Not compared with the whole blacklist: /));
  });

  const rowsOf = (slugs: string[]) => slugs.map((slug) => leadRow('x', { profileUrl: `linkedin.com/in/${slug}` }));
  const targets = (slugs: string[]) => {
    const campaign = campaignNamed(at, 'Heads of sales');
    return {
      add_leads_to_campaign: { campaignId: campaign.id, accountLeadPairs: rowsOf(slugs).map((lead) => ({ lead })) },
      add_leads_to_list: { listId: campaign.listId!, leads: rowsOf(slugs) },
    };
  };

  test.each(['add_leads_to_campaign', 'add_leads_to_list'] as const)('is named in the preview of %s', async (tool) => {
    const { profileUrls } = personOf(3);
    await suppress({ profileUrls });
    const slug = decodeURI(profileUrls[0]!.split('/').at(-1)!);
    const warning = `People who are not to be contacted: 1: ${slug} (blacklist).`;
    for (const slugs of [[slug], ['free-example', slug, 'other-example']]) {
      const { preview } = await ask(at, tool, targets(slugs)[tool]);
      expect(preview.warnings).toContain(warning);
    }
    const { preview } = await ask(at, tool, targets(['free-example', 'other-example'])[tool]);
    expect(preview.warnings).not.toContainEqual(expect.stringMatching(/not to be contacted|Not compared/));
  });

  test('with a Sales Navigator URL is counted as not compared', async () => {
    const { accountLeadPairs, campaignId } = targets(['free-example']).add_leads_to_campaign;
    const lead = leadRow('y', { profileUrl: 'https://www.linkedin.com/sales/lead/ACwAAABcdefgh,NAME_SEARCH,abc' });
    const args = { campaignId, accountLeadPairs: [...accountLeadPairs, { lead }] };
    const { preview } = await ask(at, 'add_leads_to_campaign', args);
    expect(preview.warnings).toContain('People whose URL cannot be compared with the blacklist: 1.');
  });
});
