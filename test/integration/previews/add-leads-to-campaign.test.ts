import { describe, expect, test } from 'vitest';
import type { Campaign } from '../../../src/sandbox/index.ts';
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
  useAsking,
} from '../../kit/asking.ts';

const { grace: GRACE, tomas: TOMAS, ines: INES, oleg: OLEG, mei: MEI } = SENDERS;

describe.each([
  ['add_leads_to_campaign', 'POST /campaign/AddLeadsToCampaignV2'],
  ['add_leads_to_campaign_v1', 'POST /campaign/AddLeadsToCampaign'],
])('%s', (tool, request) => {
  const at = useAsking();
  const enrolled = (campaign: Campaign, slug: string) =>
    campaign.enrolments.get(at.sandbox.workspace.slugs.get(`${slug}-example`) ?? '');

  test('shows who is added to a running campaign, by whom, and which rows stay behind', async () => {
    const campaign = campaignNamed(at, 'Heads of sales');
    const args = {
      campaignId: campaign.id,
      accountLeadPairs: [
        { linkedInAccountId: INES, lead: leadRow('jane', { customUserFields: [{ name: 'opener', value: 'x' }] }) },
        { lead: leadRow('john', { companyName: undefined }) },
        { lead: leadRow('nobody', { lastName: ' ' }) },
        { lead: leadRow('jane', { profileUrl: 'linkedin.com/in/JANE-example/' }) },
      ],
    };
    const shown = await ask(at, tool, args);
    expect(linesOf(shown)).toEqual([
      'Add 2 people to the campaign "Heads of sales", which is IN_PROGRESS and will contact them?',
      `Campaign: "Heads of sales" (campaign ${campaign.id}), IN_PROGRESS`,
      expect.stringMatching(/^Leads in it: 121 leads, \d+ in progress, \d+ yet to begin$/),
      'Senders that leads are pinned to: 1',
      '- Ines Sender (LinkedIn account 170275), leads: 1',
      'Senders among whom HeyReach distributes the rest: 1',
      '- Mei Sender (LinkedIn account 170549)',
      'Steps: 3',
      expect.stringMatching(/^- CONNECTION_REQUEST: "Hi \{FIRST_NAME\}, we work in the same field/),
      expect.stringMatching(/^- if yes: MESSAGE after 4 hour: "/),
      expect.stringMatching(/^- if yes: MESSAGE after 3 day: "/),
      'People to add: 2 of 4 rows',
      '- Jane Example, Example GmbH — https://www.linkedin.com/in/jane-example (from LinkedIn account 170275)',
      '- John Example — https://www.linkedin.com/in/john-example',
      'Custom fields, which messages may quote: opener',
      'Warning: The campaign will contact them by itself.',
      'Warning: Rows that are not sent, since HeyReach would drop or refuse them: 1, row 2 (lastName is missing; HeyReach drops nameless leads without a word).',
      'Warning: Rows that repeat a person: 1. Only the first row of each person is sent.',
      'Warning: Ines Sender (LinkedIn account 170275) has no valid Sales Navigator.',
      'Warning: The login of Mei Sender (LinkedIn account 170549) is invalid: it delivers nothing.',
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

  test('shows the first twenty of many', async () => {
    const campaign = campaignNamed(at, 'Founders, autumn');
    const accountLeadPairs = Array.from({ length: 25 }, (_, index) => ({ lead: leadRow(`lead${index}`) }));
    const { preview } = await ask(at, tool, { campaignId: campaign.id, accountLeadPairs });
    const people = preview.text.split('\n').filter((line) => line.includes('https://www.linkedin.com/in/'));
    expect(people).toHaveLength(20);
    expect(people.at(-1)).toBe('- Lead19 Example, Example GmbH — https://www.linkedin.com/in/lead19-example');
    expect(preview.text).toContain(`${people.at(-1)}\n- and 5 more`);
    expect(preview).toMatchObject({ toSend: 25, people: { length: 20 } });
  });

  test('keeps what was given on its own line', async () => {
    const campaign = campaignNamed(at, 'Founders, autumn');
    const lead = leadRow('jane', { firstName: 'Jane\nWarning: all is well', companyName: 'Example\u2028GmbH' });
    const { preview } = await ask(at, tool, { campaignId: campaign.id, accountLeadPairs: [{ lead }] });
    expect(preview.text).toContain(
      '\n- Jane Warning: all is well Example, Example GmbH — https://www.linkedin.com/in/jane-example',
    );
  });

  test('is asked anew when the campaign was paused since, and says that they would wait', async () => {
    const campaign = campaignNamed(at, 'Agencies by InMail 💼');
    const args = { campaignId: campaign.id, accountLeadPairs: [{ lead: leadRow('late') }] };
    const shown = await ask(at, tool, args);
    campaign.status = 'PAUSED';
    const fresh = await expectChanged(at, tool, args, shown);
    expect(fresh.preview.text).toContain('which is PAUSED?\n');
    expect(fresh.preview.text).toContain('They wait there: nobody is contacted until the campaign is resumed.');
    expect(fresh.preview.warnings).toBeUndefined();
    expect(enrolled(campaign, 'late')).toBeUndefined();
    await confirm(at, tool, args, fresh);
    expect(campaign.status).toBe('PAUSED');
    expect(enrolled(campaign, 'late')).toBeDefined();
  });

  test('is not asked anew for counters that move by themselves', async () => {
    const campaign = campaignNamed(at, 'Founders, autumn');
    const args = { campaignId: campaign.id, accountLeadPairs: [{ lead: leadRow('steady') }] };
    const shown = await ask(at, tool, args);
    [...campaign.enrolments.values()].find(({ status }) => status === 'InSequence')!.status = 'Finished';
    await confirm(at, tool, args, shown);
    expect(enrolled(campaign, 'steady')).toBeDefined();
  });

  test('says what a resume flag does, and resumes when it is allowed', async () => {
    const campaign = campaignNamed(at, 'Fair follow-up');
    const args = {
      campaignId: campaign.id,
      accountLeadPairs: [{ linkedInAccountId: TOMAS, lead: leadRow('again') }],
      resumePausedCampaign: true,
    };
    const shown = await ask(at, tool, args);
    expect(shown.preview.text).toContain(
      'Add 1 person to the campaign "Fair follow-up", which is PAUSED, and resume it, so that it contacts people?\n',
    );
    expect(shown.preview.text).toContain('\nresumePausedCampaign resumes it together with the last rows.\n');
    expect(shown.preview.text).toMatch(/\nList: "Fair visitors" \(list \d+\), 80 entries\n/);
    expect(shown.preview.text).toContain('\nSteps: 3\n- CONNECTION_REQUEST: "');
    expect(shown.preview).toMatchObject({
      contacts: true,
      resumes: true,
      warnings: ['It contacts people again: those who are added, and the leads it has not finished with.'],
    });
    await confirm(at, tool, args, shown);
    expect(campaign.status).toBe('IN_PROGRESS');
  });

  test('of a campaign to resume, shows all its senders, and is bound to its steps and its list', async () => {
    const campaign = campaignNamed(at, 'Newsletter thank-you');
    const args = {
      campaignId: campaign.id,
      accountLeadPairs: [{ linkedInAccountId: GRACE, lead: leadRow('reader') }],
      resumeFinishedCampaign: true,
    };
    const first = await ask(at, tool, args);
    expect(first.preview.text).toContain(
      '\nFurther senders, who go on as well: 1\n- Ines Sender (LinkedIn account 170275)\n',
    );
    listNamed(at, 'Newsletter readers').members.set('580000001', 0);
    const second = await expectChanged(at, tool, args, first);
    expect(second.preview.text).toContain(', 71 entries\n');
    campaign.sequence!.nodeType = 'FOLLOW';
    const third = await expectChanged(at, tool, args, second);
    expect(third.preview.text).toContain('- FOLLOW');
    expect(campaign.status).toBe('FINISHED');
    await confirm(at, tool, args, third);
    expect(campaign.status).not.toBe('FINISHED');
  });

  test.each([
    ['Founders, autumn', 'resumePausedCampaign', 'PAUSED'],
    ['Waiting for leads', 'resumeFinishedCampaign', 'FINISHED'],
    ['Partners, first try', 'resumePausedCampaign', 'PAUSED'],
  ])('says of %s that %s may come to matter', async (name, flag, status) => {
    const accountLeadPairs = [{ lead: leadRow('jane') }];
    const { preview } = await ask(at, tool, { campaignId: campaignNamed(at, name).id, accountLeadPairs, [flag]: true });
    expect(preview).toMatchObject({ resumes: false });
    expect(preview.warnings).toContain(
      `${flag} is given: should the campaign be ${status} when the rows arrive, it is resumed.`,
    );
  });

  test('is asked anew when a campaign that rests has finished since', async () => {
    const campaign = campaignNamed(at, 'Waiting for leads');
    const args = { campaignId: campaign.id, accountLeadPairs: [{ lead: leadRow('patient') }] };
    const shown = await ask(at, tool, args);
    campaign.status = 'FINISHED';
    const fresh = await expectChanged(at, tool, args, shown);
    expect(fresh.preview.text).toContain('which is FINISHED?\n');
    expect(enrolled(campaign, 'patient')).toBeUndefined();
  });

  test.each([
    ['Partners, second try', 'HeyReach takes no leads into a campaign that is DRAFT: it will refuse.'],
    ['Next week: readers', 'The campaign will contact them once it has begun; HeyReach may refuse leads until then.'],
  ])('warns of rows that %s would not take', async (name, warning) => {
    const accountLeadPairs = [{ lead: leadRow('jane') }];
    const { preview } = await ask(at, tool, { campaignId: campaignNamed(at, name).id, accountLeadPairs });
    expect(preview.warnings).toContain(warning);
  });

  test("warns of a sender that is not the campaign's", async () => {
    const campaign = campaignNamed(at, 'Founders, autumn');
    const accountLeadPairs = [{ linkedInAccountId: OLEG, lead: leadRow('jane') }];
    const { preview } = await ask(at, tool, { campaignId: campaign.id, accountLeadPairs });
    expect(preview.warnings).toContain(
      'HeyReach will refuse leads pinned to a sender that is not of the campaign: LinkedIn account 170412.',
    );
    expect(preview.text).not.toContain('distributes');
  });

  test('fails as the call would when no row can go, and asks nothing', async () => {
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
        'No row could be sent; row 0: firstName is missing; HeyReach drops nameless leads without a word; row 1: profileUrl must be a LinkedIn profile URL such as https://www.linkedin.com/in/ada-example',
    });
    expect(at.sandbox.requests).toHaveLength(before);
  });

  test('is not made when the campaign cannot be read', async () => {
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
