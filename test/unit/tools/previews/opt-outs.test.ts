import { afterEach, describe, expect, test } from 'vitest';
import {
  ask,
  campaignNamed,
  expectChanged,
  leadRow,
  requestsSince,
  useAsking,
} from '../../../support/clients/elicitation.ts';
import { conversations, to } from '../../../support/heyreach/conversations.ts';

/** The previews of tools that contact people show the opt-outs that this server or HeyReach knows. */
describe('a person who opted out', () => {
  const at = useAsking();
  afterEach(() => at.sandbox.faults.clear());
  const suppress = (args: object) => at.peer.callTool('suppress_leads', { ...args });
  const personOf = (index: number) => {
    const conversation = conversations(at, (id) => id === 170_001)[index]!;
    const { profileUrl } = at.sandbox.workspace.people.get(conversation.personId)!;
    return { profileUrls: [profileUrl], args: to(conversation, 'Shall we talk?') };
  };

  test('a person on the blacklist is named in the preview of a message, after one request', async () => {
    const { profileUrls, args } = personOf(0);
    await suppress({ profileUrls, addTag: false });
    const before = at.sandbox.requests.length;
    const { preview } = await ask(at, 'send_message', args);
    expect(preview.warnings).toContain('The blacklist has this person, with the status Matched.');
    const blacklist = requestsSince(at, before).filter((request) => request.includes('/blacklist/'));
    expect(blacklist).toEqual(['POST /blacklist/GetLeads']);
  });

  test('a person who opted out by a tag only is named too, and invalidates an earlier confirmation', async () => {
    const { profileUrls, args } = personOf(1);
    const shown = await ask(at, 'send_message', args);
    expect(shown.preview.warnings ?? []).not.toContain('This person has the tag do-not-contact.');
    await suppress({ profileUrls, blacklist: false });
    const fresh = await expectChanged(at, 'send_message', args, shown);
    expect(fresh.preview.warnings).toContain('This person has the tag do-not-contact.');
  });

  test('may be missed if the blacklist cannot be read, and the preview says so', async () => {
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
    const warning = `People who are not to be contacted: 1: ${slug} (blacklist, tag).`;
    for (const slugs of [[slug], ['free-example', slug, 'other-example']]) {
      const { preview } = await ask(at, tool, targets(slugs)[tool]);
      expect(preview.warnings).toContain(warning);
    }
    const { preview } = await ask(at, tool, targets(['free-example', 'other-example'])[tool]);
    expect(preview.warnings).not.toContainEqual(expect.stringMatching(/not to be contacted|Not compared/));
  });

  const UNKNOWN_TAGS =
    'Not read: the tag do-not-contact of people without a conversation (HeyReach lists tags with conversations only).';
  const tag = async (slug: string) => {
    const leadProfileUrls = [`https://www.linkedin.com/in/${slug}`];
    await at.peer.callTool('add_lead_tags', {
      leadProfileUrls,
      tags: ['do-not-contact'],
      createTagIfNotExisting: true,
    });
  };
  const slugsOf = (hasConversation: boolean) => {
    const talked = new Set([...at.sandbox.workspace.conversations.values()].map(({ personId }) => personId));
    const people = [...at.sandbox.workspace.people.values()];
    return people.flatMap(({ linkedinId, slug }) =>
      talked.has(linkedinId) === hasConversation && /^[a-z-]+$/.test(slug) ? [slug] : [],
    );
  };

  describe.each(['add_leads_to_campaign', 'add_leads_to_list'] as const)('by a tag only, in %s', (tool) => {
    const warningsOf = async (slugs: string[]) => (await ask(at, tool, targets(slugs)[tool])).preview.warnings ?? [];

    test('is named among several people with a conversation', async () => {
      const slug = slugsOf(true)[tool === 'add_leads_to_list' ? 0 : 2]!;
      expect(await warningsOf([slug, 'free-example'])).not.toContainEqual(expect.stringContaining(slug));
      await tag(slug);
      const before = at.sandbox.requests.length;
      const warnings = await warningsOf(['free-example', slug]);
      expect(warnings).toContain(`People who are not to be contacted: 1: ${slug} (tag).`);
      expect(warnings).toContain(UNKNOWN_TAGS);
      expect(requestsSince(at, before).filter((request) => request.includes('/inbox/'))).toHaveLength(1);
    });

    test('is named as the only person of a call, also without a conversation', async () => {
      const slug = slugsOf(false)[tool === 'add_leads_to_list' ? 0 : 1]!;
      await tag(slug);
      const before = at.sandbox.requests.length;
      const warnings = await warningsOf([slug]);
      expect(warnings).toContain(`People who are not to be contacted: 1: ${slug} (tag).`);
      expect(warnings).not.toContain(UNKNOWN_TAGS);
      expect(requestsSince(at, before).filter((request) => request.includes('/lead/'))).toEqual(['POST /lead/GetTags']);
    });
  });

  test('a person who opted out by a tag only is left out of an import', async () => {
    const slug = slugsOf(true)[1]!;
    await tag(slug);
    const rows = [
      'profileUrl,firstName,lastName',
      ...[slug, 'free-example'].map((handle) => `linkedin.com/in/${handle},Ada,Example`),
    ];
    const args = { text: rows.join('\n'), toListId: campaignNamed(at, 'Heads of sales').listId! };
    const { preview } = await ask(at, 'import_leads', { ...args, skip: ['do_not_contact'] });
    expect(preview).toMatchObject({ toSend: 1, skipped: { do_not_contact: 1 } });
    expect(preview.warnings).toContain(UNKNOWN_TAGS);
    const all = await ask(at, 'import_leads', { ...args, skip: [] });
    expect(all.preview).toMatchObject({ toSend: 2 });
    expect(all.preview.warnings).toContain(
      'People with the tag do-not-contact are not left out: skip does not name do_not_contact.',
    );
  });

  test('a person with a Sales Navigator URL is counted as not compared', async () => {
    const { accountLeadPairs, campaignId } = targets(['free-example']).add_leads_to_campaign;
    const lead = leadRow('y', { profileUrl: 'https://www.linkedin.com/sales/lead/ACwAAABcdefgh,NAME_SEARCH,abc' });
    const args = { campaignId, accountLeadPairs: [...accountLeadPairs, { lead }] };
    const { preview } = await ask(at, 'add_leads_to_campaign', args);
    expect(preview.warnings).toContain('People whose URL cannot be compared with the blacklist: 1.');
  });
});
