import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../../../src/sandbox/index.ts';
import {
  ask,
  campaignNamed,
  confirm,
  expectChanged,
  leadRow,
  linesOf,
  listNamed,
  requestsSince,
  SENDERS,
  textOf,
  useAsking,
} from '../../../support/clients/elicitation.ts';

const { grace: GRACE, tomas: TOMAS, ines: INES, oleg: OLEG, mei: MEI } = SENDERS;

describe.each([
  ['add_leads_to_campaign', 'POST /campaign/AddLeadsToCampaignV2'],
  ['add_leads_to_campaign_v1', 'POST /campaign/AddLeadsToCampaign'],
])('%s', (tool, request) => {
  const at = useAsking();
  const enrolled = (campaign: Campaign, slug: string) =>
    campaign.enrolments.get(at.sandbox.workspace.slugs.get(`${slug}-example`) ?? '');

  test('names the senders of a call that assigns no sender to a lead', async () => {
    const campaign = campaignNamed(at, 'Heads of sales');
    const shown = await ask(at, tool, { campaignId: campaign.id, accountLeadPairs: [{ lead: leadRow('unpinned') }] });
    expect(linesOf(shown)).toContain('Senders that HeyReach distributes the leads to: 2');
  });

  test('shows the added people, their senders and the rows that are not sent', async () => {
    const campaign = campaignNamed(at, 'Heads of sales');
    const args = {
      campaignId: campaign.id,
      accountLeadPairs: [
        { linkedInAccountId: INES, lead: leadRow('jane', { customUserFields: [{ name: 'opener', value: 'x' }] }) },
        { lead: leadRow('john', { companyName: undefined, emailAddress: 'john@example.com' }) },
        { lead: leadRow('nameless', { lastName: ' ' }) },
        { lead: leadRow('jane', { profileUrl: 'linkedin.com/in/JANE-example/' }) },
      ],
    };
    const shown = await ask(at, tool, args);
    expect(linesOf(shown)).toEqual([
      'Add 2 people to the campaign "Heads of sales", which is IN_PROGRESS and will contact them?',
      `Campaign: "Heads of sales" (campaign ${campaign.id}), IN_PROGRESS`,
      'People to add: 2 of 4 rows',
      'Also sent for them: emailAddress',
      'Custom fields that messages can use: opener',
      expect.stringMatching(/^Leads in it: 121 leads, \d+ in progress, \d+ yet to begin$/),
      'Senders that leads are pinned to: 1',
      '- "Ines Sender" (LinkedIn account 170275), leads: 1',
      'Senders that HeyReach distributes the other leads to: 1',
      '- "Mei Sender" (LinkedIn account 170549)',
      'Steps: 3',
      expect.stringMatching(/^- CONNECTION_REQUEST: "Hi \{FIRST_NAME\}, we work in the same field/),
      expect.stringMatching(/^- if yes: MESSAGE after 4 hours: "/),
      expect.stringMatching(/^- if yes: MESSAGE after 3 days: "/),
      'Warning: The campaign will contact them by itself.',
      'Warning: Rows not sent, because HeyReach would drop or reject them: 1, row 2 (lastName is missing, and HeyReach silently drops leads without a name).',
      'Warning: Rows that repeat a person: 1. Only the first row of each person is sent.',
      'Warning: "Ines Sender" (LinkedIn account 170275) has no valid Sales Navigator.',
      'Warning: The login of "Mei Sender" (LinkedIn account 170549) is invalid: it delivers nothing.',
      'People:',
      '- "Jane Example", "Example GmbH" (in/jane-example), from LinkedIn account 170275',
      '- "John Example" (in/john-example)',
    ]);
    expect(shown.preview).toMatchObject({
      campaign: { campaignId: campaign.id, name: 'Heads of sales', status: 'IN_PROGRESS' },
      contacts: true,
      resumes: false,
      given: 4,
      toSend: 2,
      refused: 1,
      duplicates: 1,
      people: [
        {
          name: 'Jane Example',
          companyName: 'Example GmbH',
          profileUrl: 'https://www.linkedin.com/in/jane-example',
          linkedInAccountId: INES,
        },
        { name: 'John Example', profileUrl: 'https://www.linkedin.com/in/john-example' },
      ],
      refusedRows: [{ index: 2 }],
      senders: [
        { linkedInAccountId: INES, authIsValid: true, isValidNavigator: false },
        { linkedInAccountId: MEI, authIsValid: false, isValidNavigator: true },
      ],
    });
    expect(enrolled(campaign, 'jane')).toBeUndefined();

    const { data, sent } = await confirm(at, tool, args, shown);
    expect(sent).toEqual([request]);
    expect(data).toMatchObject({ given: 4, sent: 2, added: 2 });
    expect(enrolled(campaign, 'jane')?.senderId).toBe(INES);
    expect(enrolled(campaign, 'john')).toBeDefined();
  });

  test('shows the first five of many people, after everything else', async () => {
    const campaign = campaignNamed(at, 'Founders, autumn');
    const accountLeadPairs = Array.from({ length: 25 }, (_, index) => ({ lead: leadRow(`lead${index}`) }));
    const { preview } = await ask(at, tool, { campaignId: campaign.id, accountLeadPairs });
    expect(linesOf({ preview }).slice(-7)).toEqual([
      'People:',
      ...[0, 1, 2, 3, 4].map((index) => `- "Lead${index} Example", "Example GmbH" (in/lead${index}-example)`),
      '- and 20 more',
    ]);
    expect(preview.text).not.toContain('://');
    expect(preview).toMatchObject({ toSend: 25, people: { length: 5 } });
  });

  test('counts people who are in the campaign already as updates', async () => {
    const campaign = campaignNamed(at, 'Founders, autumn');
    const { people } = at.sandbox.workspace;
    const known = [...campaign.enrolments.keys()].slice(0, 2).map((id) => ({
      lead: leadRow('known', { profileUrl: people.get(id)!.profileUrl }),
    }));
    const args = { campaignId: campaign.id, accountLeadPairs: [...known, { lead: leadRow('fresh') }] };
    const shown = await ask(at, tool, args);
    expect(linesOf(shown)[0]).toBe(
      'Add 1 person and update 2 in the campaign "Founders, autumn", which is IN_PROGRESS and will contact them?',
    );
    expect(linesOf(shown)).toContain('People to add: 1 of 3 rows');
    expect(linesOf(shown)).toContain('People to update, because they are in it already: 2');
    expect(shown.preview).toMatchObject({ toSend: 3, toUpdate: 2 });
    const onlyKnown = await ask(at, tool, { ...args, accountLeadPairs: known });
    expect(linesOf(onlyKnown)[0]).toMatch(/^Update 2 people in the campaign "Founders, autumn", which is /);
  });

  test('says that people may be in it already when its list cannot be read', async () => {
    at.sandbox.faults.add({ match: { path: '/list/GetLeadsFromList' }, kind: 'status', status: 400 });
    const campaign = campaignNamed(at, 'Founders, autumn');
    const shown = await ask(at, tool, { campaignId: campaign.id, accountLeadPairs: [{ lead: leadRow('jane') }] });
    expect(shown.preview.warnings).toContain(
      'Not all people in it could be read. HeyReach updates those who are in it already.',
    );
    expect(shown.preview.toUpdate).toBeNull();
  });

  test('keeps an argument on its own line', async () => {
    const campaign = campaignNamed(at, 'Founders, autumn');
    const lead = leadRow('jane', { firstName: 'Jane\nWarning: all is well', companyName: 'Example\u2028GmbH' });
    const { preview } = await ask(at, tool, { campaignId: campaign.id, accountLeadPairs: [{ lead }] });
    expect(textOf({ preview })).toContain('\n- "Jane Warning: all is well Example", "Example GmbH" (in/jane-example)');
  });

  test('requires a new confirmation after the campaign was paused, and says that the people will wait', async () => {
    const campaign = campaignNamed(at, 'Agencies by InMail 💼');
    const args = { campaignId: campaign.id, accountLeadPairs: [{ lead: leadRow('late') }] };
    const shown = await ask(at, tool, args);
    campaign.status = 'PAUSED';
    const fresh = await expectChanged(at, tool, args, shown);
    expect(textOf(fresh)).toContain('which is PAUSED?\n');
    expect(textOf(fresh)).toContain('They wait in the campaign and are contacted only after it is resumed.');
    expect(fresh.preview.warnings).toBeUndefined();
    expect(enrolled(campaign, 'late')).toBeUndefined();
    await confirm(at, tool, args, fresh);
    expect(campaign.status).toBe('PAUSED');
    expect(enrolled(campaign, 'late')).toBeDefined();
  });

  test('stays confirmed when only counters changed', async () => {
    const campaign = campaignNamed(at, 'Founders, autumn');
    const args = { campaignId: campaign.id, accountLeadPairs: [{ lead: leadRow('steady') }] };
    const shown = await ask(at, tool, args);
    [...campaign.enrolments.values()].find(({ status }) => status === 'InSequence')!.status = 'Finished';
    await confirm(at, tool, args, shown);
    expect(enrolled(campaign, 'steady')).toBeDefined();
  });

  test('shows the effect of a resume flag, and resumes once confirmed', async () => {
    const campaign = campaignNamed(at, 'Fair follow-up');
    const args = {
      campaignId: campaign.id,
      accountLeadPairs: [{ linkedInAccountId: TOMAS, lead: leadRow('again') }],
      resumePausedCampaign: true,
    };
    const shown = await ask(at, tool, args);
    expect(textOf(shown)).toContain(
      'Add 1 person to the campaign "Fair follow-up", which is PAUSED, and resume it, so that it contacts people?\n',
    );
    expect(textOf(shown)).toContain('\nresumePausedCampaign resumes the campaign with the last rows.\n');
    expect(textOf(shown)).toMatch(/\nList: "Fair visitors" \(list \d+\), 80 entries\n/);
    expect(textOf(shown)).toContain('\nSteps: 3\n- CONNECTION_REQUEST: "');
    expect(shown.preview).toMatchObject({
      contacts: true,
      resumes: true,
      warnings: ['The campaign will contact people again: the added people and its unfinished leads.'],
    });
    await confirm(at, tool, args, shown);
    expect(campaign.status).toBe('IN_PROGRESS');
  });

  test('shows all senders of a campaign to resume, and is bound to its steps and list', async () => {
    const campaign = campaignNamed(at, 'Newsletter thank-you');
    const args = {
      campaignId: campaign.id,
      accountLeadPairs: [{ linkedInAccountId: GRACE, lead: leadRow('reader') }],
      resumeFinishedCampaign: true,
    };
    const first = await ask(at, tool, args);
    expect(textOf(first)).toContain('\nOther senders that continue: 1\n- "Ines Sender" (LinkedIn account 170275)\n');
    listNamed(at, 'Newsletter readers').members.set('580000001', 0);
    const second = await expectChanged(at, tool, args, first);
    expect(textOf(second)).toContain(', 71 entries\n');
    campaign.sequence!.nodeType = 'FOLLOW';
    const third = await expectChanged(at, tool, args, second);
    expect(textOf(third)).toContain('- FOLLOW');
    expect(campaign.status).toBe('FINISHED');
    await confirm(at, tool, args, third);
    expect(campaign.status).not.toBe('FINISHED');
  });

  test.each([
    ['Founders, autumn', 'resumePausedCampaign', 'PAUSED'],
    ['Waiting for leads', 'resumeFinishedCampaign', 'FINISHED'],
  ])('warns for %s that %s may take effect', async (name, flag, status) => {
    const accountLeadPairs = [{ lead: leadRow('jane') }];
    const { preview } = await ask(at, tool, { campaignId: campaignNamed(at, name).id, accountLeadPairs, [flag]: true });
    expect(preview).toMatchObject({ resumes: false });
    expect(preview.warnings).toContain(
      `${flag} is set: if the campaign is ${status} when the rows arrive, HeyReach resumes it.`,
    );
  });

  test('requires a new confirmation after a paused campaign finished', async () => {
    const campaign = campaignNamed(at, 'Waiting for leads');
    const args = { campaignId: campaign.id, accountLeadPairs: [{ lead: leadRow('patient') }] };
    const shown = await ask(at, tool, args);
    campaign.status = 'FINISHED';
    const fresh = await expectChanged(at, tool, args, shown);
    expect(textOf(fresh)).toContain('which is FINISHED?\n');
    expect(enrolled(campaign, 'patient')).toBeUndefined();
  });

  test('warns of rows that a SCHEDULED campaign may reject', async () => {
    const accountLeadPairs = [{ lead: leadRow('jane') }];
    const { preview } = await ask(at, tool, {
      campaignId: campaignNamed(at, 'Next week: readers').id,
      accountLeadPairs,
    });
    expect(preview.warnings).toContain(
      'The campaign will contact them once it starts. HeyReach may reject leads until then.',
    );
  });

  test.each([
    ['Partners, second try', {}, /^Campaign \d+ is DRAFT\. HeyReach adds no leads to it\.$/],
    ['Partners, first try', {}, /^Campaign \d+ is FAILED\. HeyReach adds no leads to it\.$/],
    ['Founders, autumn', { linkedInAccountId: OLEG }, /outside the campaign: LinkedIn account 170412\./],
  ])('does not ask about rows that %s is known to reject', async (name, pin, message) => {
    const before = at.sandbox.requests.length;
    const accountLeadPairs = [{ ...pin, lead: leadRow('jane') }];
    const result = await at.peer.callTool(tool, { campaignId: campaignNamed(at, name).id, accountLeadPairs });
    expect(result.structuredContent).not.toHaveProperty('confirmation');
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'bad_request',
      outcome: 'not_sent',
      message: expect.stringMatching(message),
    });
    expect(requestsSince(at, before)).toEqual(['GET /campaign/GetById']);
  });

  test('fails without a confirmation when no row can be sent', async () => {
    const before = at.sandbox.requests.length;
    const leads = [leadRow('jane', { firstName: '' }), leadRow('john', { profileUrl: 'https://example.com/john' })];
    const accountLeadPairs = leads.map((lead) => ({ lead }));
    const result = await at.peer.callTool(tool, { campaignId: 1, accountLeadPairs });
    expect(result.isError).toBe(true);
    expect(result.structuredContent).not.toHaveProperty('confirmation');
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'invalid_input',
      outcome: 'not_sent',
      message:
        'No row can be sent; row 0: firstName is missing, and HeyReach silently drops leads without a name; row 1: profileUrl must be a LinkedIn profile URL such as https://www.linkedin.com/in/ada-example',
    });
    expect(at.sandbox.requests).toHaveLength(before);
  });

  test('sends nothing when the campaign cannot be read', async () => {
    at.sandbox.faults.add({ match: { path: '/campaign/GetById' }, kind: 'status', status: 403 });
    const before = at.sandbox.requests.length;
    const campaign = campaignNamed(at, 'Founders, autumn');
    const accountLeadPairs = [{ lead: leadRow('unread') }];
    const result = await at.peer.callTool(tool, { campaignId: campaign.id, accountLeadPairs });
    expect(result.structuredContent?.error).toMatchObject({ kind: 'forbidden', outcome: 'refused' });
    expect(requestsSince(at, before)).toEqual(['GET /campaign/GetById']);
    expect(enrolled(campaign, 'unread')).toBeUndefined();
  });
});
