import { describe, expect, test } from 'vitest';
import {
  ask,
  campaignNamed,
  changesSince,
  confirm,
  expectChanged,
  linesOf,
  requestsSince,
  SENDERS,
  textOf,
  useAsking,
} from '../../../support/clients/elicitation.ts';
import type { Sandboxed } from '../../../support/programs/sandbox-harness.ts';

/** Makes a call that fails without a confirmation and without a write. @returns its error. */
async function rejectionOf(at: Sandboxed, tool: string, args: object): Promise<string> {
  const before = at.sandbox.requests.length;
  const { structuredContent } = await at.peer.callTool(tool, args);
  expect(structuredContent).not.toHaveProperty('confirmation');
  expect(structuredContent?.error).toMatchObject({ kind: 'bad_request', outcome: 'not_sent' });
  expect(changesSince(at, before)).toEqual([]);
  return String(structuredContent?.error && (structuredContent.error as { message: string }).message);
}

const { grace: GRACE, tomas: TOMAS, ines: INES, oleg: OLEG, mei: MEI } = SENDERS;

describe('set_campaign_accounts', () => {
  const at = useAsking();

  test('shows the dropped, added and kept senders, and changes them once confirmed', async () => {
    const campaign = campaignNamed(at, 'Partners, second try');
    const args = { campaignId: campaign.id, linkedInAccountIds: [OLEG, INES, OLEG] };
    const shown = await ask(at, 'set_campaign_accounts', args);
    expect(linesOf(shown)).toEqual([
      'Change the senders of the campaign "Partners, second try": drop 1 sender, add 1, keep 1?',
      `Campaign: "Partners, second try" (campaign ${campaign.id}), DRAFT`,
      'Leads in it: 0 leads, 0 in progress, 0 yet to begin',
      'Senders dropped: 1',
      '- "Tomás Remitente" (LinkedIn account 170138)',
      'Senders added: 1',
      '- "Ines Sender" (LinkedIn account 170275)',
      'Senders that stay: 1',
      '- "Олег Отправителев" (LinkedIn account 170412)',
      'Warning: Leads that a dropped sender works on are stopped. This cannot be undone.',
      'Warning: "Ines Sender" (LinkedIn account 170275) has no valid Sales Navigator.',
    ]);
    expect(shown.preview).toMatchObject({
      campaign: { campaignId: campaign.id, name: 'Partners, second try', status: 'DRAFT' },
      stay: [{ linkedInAccountId: 170_412, authIsValid: true, isValidNavigator: true }],
      added: [{ linkedInAccountId: 170_275, authIsValid: true, isValidNavigator: false }],
      dropped: [{ linkedInAccountId: 170_138 }],
    });
    expect(campaign.accountIds).toEqual([TOMAS, OLEG]);

    const { data, sent } = await confirm(at, 'set_campaign_accounts', args, shown);
    expect(sent).toEqual(['POST /campaign/UpdateAccounts']);
    expect(data).toMatchObject({ added: [INES], dropped: [TOMAS] });
    expect(campaign.accountIds).toEqual([OLEG, INES]);
  });

  test('reads the campaign once for the preview and the change', async () => {
    const campaign = campaignNamed(at, 'Idea without steps');
    const args = { campaignId: campaign.id, linkedInAccountIds: [GRACE] };
    const shown = await ask(at, 'set_campaign_accounts', args);
    const before = at.sandbox.requests.length;
    await confirm(at, 'set_campaign_accounts', args, shown);
    expect(requestsSince(at, before)).toEqual([
      'GET /campaign/GetById',
      'POST /li_account/GetAll',
      'POST /campaign/UpdateAccounts',
      'GET /campaign/GetById',
    ]);
  });

  test('does not replace the senders after one of them lost its login', async () => {
    const campaign = campaignNamed(at, 'Fair follow-up');
    const args = { campaignId: campaign.id, linkedInAccountIds: [TOMAS, GRACE] };
    const shown = await ask(at, 'set_campaign_accounts', args);
    expect(shown.preview.warnings).toBeUndefined();
    const grace = at.sandbox.workspace.accounts.get(GRACE)!;
    grace.authIsValid = false;
    expect(await rejectionOf(at, 'set_campaign_accounts', { ...args, confirmToken: shown.confirmToken })).toBe(
      'HeyReach rejects a sender that the workspace does not have or whose login is invalid: LinkedIn account 170001.',
    );
    expect(campaign.accountIds).toEqual([TOMAS]);
    grace.authIsValid = true;
  });

  test('requires a new confirmation after the senders changed', async () => {
    const campaign = campaignNamed(at, 'Fair follow-up');
    const args = { campaignId: campaign.id, linkedInAccountIds: [TOMAS] };
    const shown = await ask(at, 'set_campaign_accounts', args);
    expect(textOf(shown)).toContain('drop 0 senders, add 0, keep 1?');
    campaign.accountIds = [TOMAS, GRACE];
    const fresh = await expectChanged(at, 'set_campaign_accounts', args, shown);
    expect(textOf(fresh)).toContain('Senders dropped: 1\n- "Grace Sender" (LinkedIn account 170001)');
    expect(campaign.accountIds).toEqual([TOMAS, GRACE]);
  });

  test('requires a new confirmation after a sender to add was added', async () => {
    const campaign = campaignNamed(at, 'Spring idea, given up');
    campaign.status = 'PAUSED';
    const args = { campaignId: campaign.id, linkedInAccountIds: [INES, OLEG] };
    const shown = await ask(at, 'set_campaign_accounts', args);
    expect(textOf(shown)).toContain('drop 0 senders, add 1, keep 1?');
    campaign.accountIds = [INES, OLEG];
    const fresh = await expectChanged(at, 'set_campaign_accounts', args, shown);
    expect(textOf(fresh)).toContain('drop 0 senders, add 0, keep 2?');
  });

  test('warns that a SCHEDULED campaign becomes a DRAFT', async () => {
    const scheduled = { campaignId: campaignNamed(at, 'Next week: readers').id, linkedInAccountIds: [GRACE] };
    expect((await ask(at, 'set_campaign_accounts', scheduled)).preview.warnings).toEqual([
      'The SCHEDULED campaign becomes a DRAFT. It does not begin on its date unless it is started again.',
    ]);
  });

  test('fails without a confirmation when the present senders are unknown', async () => {
    const { id } = campaignNamed(at, 'Fair follow-up');
    const value = { id, name: 'Fair follow-up', status: 'PAUSED', campaignAccountIds: null };
    at.sandbox.faults.add({ match: { path: '/campaign/GetById' }, kind: 'wrongJson', value });
    const result = await at.peer.callTool('set_campaign_accounts', { campaignId: id, linkedInAccountIds: [TOMAS] });
    expect(result.structuredContent).toMatchObject({ error: { kind: 'unreadable_answer', outcome: 'not_sent' } });
    expect(result.structuredContent).not.toHaveProperty('confirmation');
  });
});

describe('does not ask about a change that HeyReach is known to reject:', () => {
  const at = useAsking();

  test.each(
    ['set_campaign_accounts', 'remove_campaign_accounts'].flatMap((tool) =>
      (['STARTING', 'IN_PROGRESS', 'FINISHED', 'FAILED', 'CANCELED'] as const).map((status) => [tool, status] as const),
    ),
  )('%s on %s', async (tool, status) => {
    const [campaignId = 0] = at.sandbox.workspace.fixtures.campaigns[status];
    expect(await rejectionOf(at, tool, { campaignId, linkedInAccountIds: [OLEG] })).toBe(
      `Campaign ${campaignId} is ${status}. HeyReach changes senders only of a DRAFT, SCHEDULED or PAUSED campaign.`,
    );
  });

  test.each([
    ['is logged out', MEI],
    ['does not exist', 123],
  ])('set_campaign_accounts rejects a sender that %s', async (_, sender) => {
    const { id } = campaignNamed(at, 'Partners, second try');
    expect(await rejectionOf(at, 'set_campaign_accounts', { campaignId: id, linkedInAccountIds: [OLEG, sender] })).toBe(
      `HeyReach rejects a sender that the workspace does not have or whose login is invalid: LinkedIn account ${sender}.`,
    );
  });
});

describe('remove_campaign_accounts', () => {
  const at = useAsking();

  test('shows the dropped and the absent senders, and removes them once confirmed', async () => {
    const campaign = campaignNamed(at, 'Partners, second try');
    const args = { campaignId: campaign.id, linkedInAccountIds: [OLEG, MEI] };
    const shown = await ask(at, 'remove_campaign_accounts', args);
    expect(linesOf(shown)).toEqual([
      'Change the senders of the campaign "Partners, second try": drop 1 sender, add 0, keep 1?',
      `Campaign: "Partners, second try" (campaign ${campaign.id}), DRAFT`,
      'Leads in it: 0 leads, 0 in progress, 0 yet to begin',
      'Senders dropped: 1',
      '- "Олег Отправителев" (LinkedIn account 170412)',
      'Senders added: none',
      'Senders that stay: 1',
      '- "Tomás Remitente" (LinkedIn account 170138)',
      'Warning: Leads that a dropped sender works on are stopped. This cannot be undone.',
      'Warning: Not a sender of the campaign, so there is nothing to remove: LinkedIn account 170549.',
    ]);
    expect(shown.preview).toMatchObject({
      stay: [{ linkedInAccountId: TOMAS }],
      added: [],
      dropped: [{ linkedInAccountId: OLEG }],
    });
    expect(campaign.accountIds).toEqual([TOMAS, OLEG]);

    const { data, sent } = await confirm(at, 'remove_campaign_accounts', args, shown);
    expect(sent).toEqual(['POST /campaign/RemoveLinkedInAccountsFromCampaign']);
    expect(data).toMatchObject({ campaignAccountIds: [TOMAS], dropped: [OLEG] });
    expect(campaign.accountIds).toEqual([TOMAS]);
  });

  test('warns when no sender would be left, and shows the number of leads', async () => {
    const campaign = campaignNamed(at, 'Fair follow-up');
    const args = { campaignId: campaign.id, linkedInAccountIds: [TOMAS] };
    const { preview } = await ask(at, 'remove_campaign_accounts', args);
    expect(textOf({ preview })).toContain('Leads in it: 80 leads, ');
    expect(preview.warnings).toContain('No sender would be left. HeyReach may reject the removal of the last one.');
  });

  test('requires a new confirmation after the status changed', async () => {
    const campaign = campaignNamed(at, 'Heads of sales');
    campaign.status = 'PAUSED';
    const args = { campaignId: campaign.id, linkedInAccountIds: [MEI] };
    const shown = await ask(at, 'remove_campaign_accounts', args);
    campaign.status = 'SCHEDULED';
    const fresh = await expectChanged(at, 'remove_campaign_accounts', args, shown);
    expect(textOf(fresh)).toContain('), SCHEDULED\n');
    campaign.status = 'IN_PROGRESS';
    await rejectionOf(at, 'remove_campaign_accounts', { ...args, confirmToken: fresh.confirmToken });
    expect(campaign.accountIds).toEqual([INES, MEI]);
  });
});
