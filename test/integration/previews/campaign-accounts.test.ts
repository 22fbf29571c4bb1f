import { describe, expect, test } from 'vitest';
import {
  ask,
  campaignNamed,
  confirm,
  expectChanged,
  linesOf,
  requestsSince,
  SENDERS,
  useAsking,
} from '../../kit/asking.ts';

const { grace: GRACE, tomas: TOMAS, ines: INES, oleg: OLEG, mei: MEI } = SENDERS;

describe('set_campaign_accounts', () => {
  const at = useAsking();

  test('shows who is dropped, comes and stays, and does it when it is allowed', async () => {
    const campaign = campaignNamed(at, 'Partners, second try');
    const args = { campaignId: campaign.id, linkedInAccountIds: [OLEG, INES, OLEG] };
    const shown = await ask(at, 'set_campaign_accounts', args);
    expect(linesOf(shown)).toEqual([
      'Change the senders of the campaign "Partners, second try": drop 1 sender, add 1, keep 1?',
      `Campaign: "Partners, second try" (campaign ${campaign.id}), DRAFT`,
      'Leads in it: 0 leads, 0 in progress, 0 yet to begin',
      'Senders dropped: 1',
      '- Tomás Remitente (LinkedIn account 170138)',
      'Senders added: 1',
      '- Ines Sender (LinkedIn account 170275)',
      'Senders that stay: 1',
      '- Олег Отправителев (LinkedIn account 170412)',
      'Warning: Leads that a dropped sender works on are stopped for good. Nothing brings them back.',
      'Warning: Ines Sender (LinkedIn account 170275) has no valid Sales Navigator.',
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

  test('is asked anew when a sender lost its login since', async () => {
    const campaign = campaignNamed(at, 'Fair follow-up');
    const args = { campaignId: campaign.id, linkedInAccountIds: [TOMAS, GRACE] };
    const shown = await ask(at, 'set_campaign_accounts', args);
    expect(shown.preview.warnings).toBeUndefined();
    const grace = at.sandbox.workspace.accounts.get(GRACE)!;
    grace.authIsValid = false;
    const fresh = await expectChanged(at, 'set_campaign_accounts', args, shown);
    expect(fresh.preview.warnings).toEqual([
      'The login of Grace Sender (LinkedIn account 170001) is invalid: it delivers nothing.',
    ]);
    expect(campaign.accountIds).toEqual([TOMAS]);
    grace.authIsValid = true;
    // The new token is bound to the state that is gone again.
    await expectChanged(at, 'set_campaign_accounts', args, fresh);
  });

  test('is asked anew when the campaign has other senders since', async () => {
    const campaign = campaignNamed(at, 'Fair follow-up');
    const args = { campaignId: campaign.id, linkedInAccountIds: [TOMAS] };
    const shown = await ask(at, 'set_campaign_accounts', args);
    expect(shown.preview.text).toContain('drop 0 senders, add 0, keep 1?');
    campaign.accountIds = [TOMAS, GRACE];
    const fresh = await expectChanged(at, 'set_campaign_accounts', args, shown);
    expect(fresh.preview.text).toContain('Senders dropped: 1\n- Grace Sender (LinkedIn account 170001)');
    expect(campaign.accountIds).toEqual([TOMAS, GRACE]);
  });

  test('is asked anew when a sender that was to come is there already', async () => {
    const campaign = campaignNamed(at, 'Spring idea, given up');
    const args = { campaignId: campaign.id, linkedInAccountIds: [INES, OLEG] };
    const shown = await ask(at, 'set_campaign_accounts', args);
    expect(shown.preview.text).toContain('drop 0 senders, add 1, keep 1?');
    campaign.accountIds = [INES, OLEG];
    const fresh = await expectChanged(at, 'set_campaign_accounts', args, shown);
    expect(fresh.preview.text).toContain('drop 0 senders, add 0, keep 2?');
  });

  test('says what becomes of a SCHEDULED campaign, and that a running one is refused', async () => {
    const scheduled = { campaignId: campaignNamed(at, 'Next week: readers').id, linkedInAccountIds: [GRACE] };
    expect((await ask(at, 'set_campaign_accounts', scheduled)).preview.warnings).toEqual([
      'It becomes a DRAFT by this, and does not begin on its date unless it is started again.',
    ]);
    const running = { campaignId: campaignNamed(at, 'Agencies by InMail 💼').id, linkedInAccountIds: [OLEG] };
    expect((await ask(at, 'set_campaign_accounts', running)).preview.warnings).toEqual([
      'It is IN_PROGRESS: HeyReach changes senders only of a DRAFT, SCHEDULED or PAUSED campaign, and will refuse.',
    ]);
  });

  test('is not asked when the present senders cannot be told', async () => {
    const { id } = campaignNamed(at, 'Fair follow-up');
    const value = { id, name: 'Fair follow-up', status: 'PAUSED', campaignAccountIds: null };
    at.sandbox.faults.add({ match: { path: '/campaign/GetById' }, kind: 'wrongJson', value });
    const result = await at.peer.callTool('set_campaign_accounts', { campaignId: id, linkedInAccountIds: [TOMAS] });
    expect(result.structuredContent).toMatchObject({ error: { kind: 'unreadable_answer', outcome: 'not_sent' } });
    expect(result.structuredContent).not.toHaveProperty('confirmation');
  });
});

describe('remove_campaign_accounts', () => {
  const at = useAsking();

  test('shows who is dropped and who is not there, and does it when it is allowed', async () => {
    const campaign = campaignNamed(at, 'Partners, second try');
    const args = { campaignId: campaign.id, linkedInAccountIds: [OLEG, MEI] };
    const shown = await ask(at, 'remove_campaign_accounts', args);
    expect(linesOf(shown)).toEqual([
      'Change the senders of the campaign "Partners, second try": drop 1 sender, add 0, keep 1?',
      `Campaign: "Partners, second try" (campaign ${campaign.id}), DRAFT`,
      'Leads in it: 0 leads, 0 in progress, 0 yet to begin',
      'Senders dropped: 1',
      '- Олег Отправителев (LinkedIn account 170412)',
      'Senders added: none',
      'Senders that stay: 1',
      '- Tomás Remitente (LinkedIn account 170138)',
      'Warning: Leads that a dropped sender works on are stopped for good. Nothing brings them back.',
      "Warning: Not among the campaign's senders, so there is nothing to remove: LinkedIn account 170549.",
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

  test('says when nobody would be left, and how many leads there are', async () => {
    const campaign = campaignNamed(at, 'Fair follow-up');
    const args = { campaignId: campaign.id, linkedInAccountIds: [TOMAS] };
    const { preview } = await ask(at, 'remove_campaign_accounts', args);
    expect(preview.text).toContain('Leads in it: 80 leads, ');
    expect(preview.warnings).toContain('No sender would be left: HeyReach may refuse to remove the last one.');
  });

  test('is asked anew when the campaign has another status since', async () => {
    const campaign = campaignNamed(at, 'Heads of sales');
    campaign.status = 'PAUSED';
    const args = { campaignId: campaign.id, linkedInAccountIds: [MEI] };
    const shown = await ask(at, 'remove_campaign_accounts', args);
    campaign.status = 'IN_PROGRESS';
    const fresh = await expectChanged(at, 'remove_campaign_accounts', args, shown);
    expect(fresh.preview.text).toContain('), IN_PROGRESS\n');
    expect(campaign.accountIds).toEqual([INES, MEI]);
  });
});
