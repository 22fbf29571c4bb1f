import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../../../src/sandbox/index.ts';
import {
  ask,
  campaignNamed,
  changesSince,
  confirm,
  expectChanged,
  linesOf,
  listNamed,
  useAsking,
} from '../../../support/clients/elicitation.ts';

const TOOL = 'update_campaign_settings';
const SENT = ['POST /campaign/UpdateSettings'];
const ALL_ON = {
  excludeInOtherCampaigns: true,
  excludeHasOtherAccConversations: true,
  excludeContactedFromSenderInOtherCampaign: true,
};

describe(TOOL, () => {
  const at = useAsking();
  const paused = () => campaignNamed(at, 'Founders, autumn');
  /** A paused campaign with every exclusion set. */
  function prepare(changes: Partial<Campaign> = {}) {
    const list = [...at.sandbox.workspace.lists.values()].find(
      ({ listType, id }) => listType === 'USER_LIST' && id !== paused().listId,
    )!;
    const campaign = Object.assign(paused(), { status: 'PAUSED', excludeListId: list.id, ...ALL_ON, ...changes });
    return { campaign, list };
  }

  test('shows the cleared list, and that its leads can be contacted again', async () => {
    const { campaign, list } = prepare();
    const args = { campaignId: campaign.id, clearExcludeList: true, name: 'Founders, winter' };
    const shown = await ask(at, TOOL, args);
    expect(linesOf(shown)).toEqual([
      'Change the settings of the campaign "Founders, autumn", so that it can contact people it excludes now?',
      `Campaign: "Founders, autumn" (campaign ${campaign.id}), PAUSED`,
      expect.stringMatching(/^Leads in it: /),
      `Excluded list cleared: "${list.name}" (list ${list.id}), ${list.members.size} entries. Its leads can be contacted again.`,
      'New name: "Founders, winter"',
    ]);
    expect(shown.preview).toMatchObject({
      campaign: { campaignId: campaign.id, status: 'PAUSED' },
      clearedList: { listId: list.id, name: list.name },
    });
    expect(campaign.excludeListId).toBe(list.id);
    const { data, sent } = await confirm(at, TOOL, args, shown);
    expect(sent).toEqual(SENT);
    expect(data).toMatchObject({ before: { excludeListId: list.id }, after: { name: 'Founders, winter' } });
    expect(campaign).toMatchObject({ name: 'Founders, winter', excludeListId: null, ...ALL_ON });
    campaign.name = 'Founders, autumn';
  });

  test.each([
    ['excludeContactedFromOtherCampaigns', 'excludeInOtherCampaigns', 'people contacted by other campaigns'],
    ['excludeHasOtherAccConversations', 'excludeHasOtherAccConversations', 'people other senders talk with'],
    [
      'excludeContactedFromSenderInOtherCampaign',
      'excludeContactedFromSenderInOtherCampaign',
      'people this sender contacted elsewhere',
    ],
  ] as const)('asks before %s is switched off', async (flag, own, people) => {
    const { campaign, list } = prepare();
    const args = { campaignId: campaign.id, [flag]: false, excludeListId: null };
    const shown = await ask(at, TOOL, args);
    expect(linesOf(shown).slice(3)).toEqual([`Exclusion switched off: ${people} (${flag}). They can be contacted.`]);
    expect(shown.preview).toMatchObject({ switchedOff: [flag] });
    expect((await confirm(at, TOOL, args, shown)).sent).toEqual(SENT);
    expect(campaign).toMatchObject({ ...ALL_ON, [own]: false, excludeListId: list.id });
  });

  test('shows every change of the call', async () => {
    const { campaign } = prepare({ excludeHasOtherAccConversations: false });
    const other = listNamed(at, [...at.sandbox.workspace.lists.values()].at(-1)!.name);
    const args = {
      campaignId: campaign.id,
      excludeContactedFromOtherCampaigns: false,
      excludeHasOtherAccConversations: true,
      excludeListId: other.id,
      linkedInUserListId: campaign.listId,
    };
    expect(linesOf(await ask(at, TOOL, args)).slice(3)).toEqual([
      'Exclusion switched off: people contacted by other campaigns (excludeContactedFromOtherCampaigns). They can be contacted.',
      'Exclusion switched on: people other senders talk with (excludeHasOtherAccConversations)',
      expect.stringMatching(`^New list of people: ".+" \\(list ${campaign.listId}\\), \\d+ entries$`),
      `New excluded list: "${other.name}" (list ${other.id}), 45 entries`,
    ]);
  });

  test.each([
    ['the list of a campaign that was started', 'Fair follow-up', 'Partners to be', /started once\.$/],
    ['its own list as excluded list', 'Partners, second try', 'Partners to be', /also the list of the campaign\.$/],
    ['a list of companies', 'Partners, second try', 'Target companies', /of type COMPANY_LIST/],
  ])('does not ask about %s', async (what, name, listName, message) => {
    const before = at.sandbox.requests.length;
    const campaign = campaignNamed(at, name);
    campaign.excludeInOtherCampaigns = true;
    const field = what.includes('excluded') ? 'excludeListId' : 'linkedInUserListId';
    const args = {
      campaignId: campaign.id,
      excludeContactedFromOtherCampaigns: false,
      [field]: listNamed(at, listName).id,
    };
    const { structuredContent } = await at.peer.callTool(TOOL, args);
    expect(structuredContent).not.toHaveProperty('confirmation');
    expect(structuredContent?.error).toMatchObject({
      kind: 'bad_request',
      outcome: 'not_sent',
      message: expect.stringMatching(message),
    });
    expect(changesSince(at, before)).toEqual([]);
  });

  test.each([
    ['a rename', { name: 'Renamed' }],
    ['an exclusion that is switched on', { excludeHasOtherAccConversations: true }],
    ['an exclusion that is off already', { excludeHasOtherAccConversations: false }],
    ['null for an unchanged parameter', { name: 'Renamed', excludeListId: null, clearExcludeList: null }],
  ])('requires no confirmation for %s', async (_, changes) => {
    const { campaign, list } = prepare({ excludeHasOtherAccConversations: false });
    const before = at.sandbox.requests.length;
    const result = await at.peer.callTool(TOOL, { campaignId: campaign.id, ...changes });
    expect(result.isError, result.content[0]?.text).toBeFalsy();
    expect(changesSince(at, before)).toEqual(SENT);
    expect(campaign.excludeListId).toBe(list.id);
    campaign.name = 'Founders, autumn';
  });

  test('requires confirmation to clear a list when none is set, and says so', async () => {
    const { campaign } = prepare({ excludeListId: null });
    const shown = await ask(at, TOOL, { campaignId: campaign.id, clearExcludeList: true });
    expect(linesOf(shown)).toContain('Excluded list: none is set, so there is nothing to clear');
  });

  test('requires a new confirmation after the excluded list changed', async () => {
    const { campaign } = prepare();
    const args = { campaignId: campaign.id, clearExcludeList: true };
    const shown = await ask(at, TOOL, args);
    campaign.excludeListId = [...at.sandbox.workspace.lists.keys()].find((id) => id !== campaign.excludeListId)!;
    await expectChanged(at, TOOL, args, shown);
  });

  test('warns that a SCHEDULED campaign becomes a DRAFT', async () => {
    const { campaign } = prepare({ status: 'SCHEDULED' });
    const { preview } = await ask(at, TOOL, { campaignId: campaign.id, clearExcludeList: true });
    expect(preview.warnings).toEqual([expect.stringContaining('The SCHEDULED campaign becomes a DRAFT')]);
  });

  test.each([
    ['STARTING', 'pause_campaign first'],
    ['IN_PROGRESS', 'pause_campaign first'],
    ['FINISHED', 'Create a new campaign'],
    ['CANCELED', 'Create a new campaign'],
  ] as const)(
    'requires no confirmation for a change that HeyReach rejects while the campaign is %s',
    async (status, step) => {
      const { campaign } = prepare({ status });
      const before = at.sandbox.requests.length;
      const result = await at.peer.callTool(TOOL, { campaignId: campaign.id, clearExcludeList: true });
      expect(result.structuredContent).not.toHaveProperty('confirmation');
      expect(result.structuredContent?.error).toMatchObject({
        outcome: 'not_sent',
        message: expect.stringContaining(status),
        nextStep: expect.stringContaining(step),
      });
      expect(changesSince(at, before)).toEqual([]);
    },
  );
});
