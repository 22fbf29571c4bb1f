import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { post } from '../../support/heyreach/requests.ts';
import { connectInProcess } from '../../support/programs/in-process.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { rowsOf } from '../../support/tools/tables.ts';
import { useToolHarness } from '../../support/tools/tool-harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'do-not-contact-'));
const path = join(folder, 'list.txt');
writeFileSync(path, 'example.com\ncompany: Example Ltd\nhttps://www.linkedin.com/in/ada-example\n');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lead = (slug: string, further: object = {}) => ({
  profileUrl: `https://www.linkedin.com/in/${slug}`,
  firstName: 'Ada',
  lastName: 'Example',
  ...further,
});
const ENTRY = (entry: string) => `the do-not-contact list of this server has "${entry}"`;

describe('without confirmations', () => {
  const wire = useToolHarness(undefined, { HEYREACH_DO_NOT_CONTACT: path });
  const added = { body: { addedLeadsCount: 1, updatedLeadsCount: 0, failedLeadsCount: 0 } };

  test('add_leads_to_list sends none of the listed people', async () => {
    wire.answerWith({ '/list/AddLeadsToListV2': added });
    const leads = [
      lead('ada-example'),
      lead('b-example', { emailAddress: 'b@mail.example.com' }),
      lead('c-example', { companyName: 'EXAMPLE  Ltd' }),
      lead('d-example', { emailAddress: 'd@example.org' }),
    ];
    const { structuredContent } = await wire.call('add_leads_to_list', { listId: 930001, leads });
    expect(structuredContent).toMatchObject({ sent: 1, sentRanges: [{ from: 3, to: 3 }] });
    expect(structuredContent?.refused).toEqual([
      { index: 0, reason: ENTRY('https://www.linkedin.com/in/ada-example') },
      { index: 1, reason: ENTRY('example.com') },
      { index: 2, reason: ENTRY('company: Example Ltd') },
    ]);
    const sent = [lead('d-example', { emailAddress: 'd@example.org' })];
    expect(wire.sent()).toEqual([post('/api/public/list/AddLeadsToListV2', { listId: 930001, leads: sent })]);
  });

  test('add_leads_to_campaign sends nothing if all people are listed', async () => {
    const accountLeadPairs = [{ lead: lead('ada-example') }];
    const result = await wire.call('add_leads_to_campaign', { campaignId: 600001, accountLeadPairs });
    expect(result.structuredContent?.error).toMatchObject({ outcome: 'not_sent' });
    expect(wire.sent().filter(({ path: sent }) => sent.includes('AddLeads'))).toEqual([]);
  });

  test('check_campaign warns about listed people', async () => {
    wire.answerWith({
      '/campaign/GetById': { body: { id: 7, status: 'DRAFT', linkedInUserListId: 9, campaignAccountIds: [] } },
      '/list/GetById': { body: { id: 9, name: 'Founders list', totalItemsCount: 2 } },
      '/list/GetLeadsFromList': {
        body: { totalCount: 2, items: [lead('d-example', { customEmailAddress: 'x@example.com' }), lead('e-example')] },
      },
    });
    const result = await wire.call('check_campaign', { campaignId: 7, render: 0 });
    const findings = rowsOf({ content: [] }, result.structuredContent?.findings as Record<string, unknown>);
    expect(findings).toContainEqual(
      expect.objectContaining({ problem: 'Leads are on the do-not-contact list of this server', leads: '1/2' }),
    );
  });
});

describe('previews', () => {
  const wire = useToolHarness(['--confirm', 'token'], { HEYREACH_DO_NOT_CONTACT: path });

  test('send_message shows the warning about a listed person', async () => {
    wire.answerWith({
      '/inbox/GetChatroom/170001/thread': {
        body: {
          id: 'thread',
          linkedInAccountId: 170001,
          correspondentProfile: lead('ada-example'),
          messages: [{ sender: 'CORRESPONDENT', body: 'Hi', createdAt: '2026-06-01T09:00:00.000Z' }],
        },
      },
    });
    const result = await wire.call('send_message', {
      ...{ conversationId: 'thread', linkedInAccountId: 170001, message: 'Sorry' },
    });
    const warning = expect.stringContaining('The do-not-contact list of this server has this person');
    expect(result.structuredContent?.confirmation).toMatchObject({
      preview: { warnings: expect.arrayContaining([warning]) },
    });
  });

  test.each([
    ['start_campaign', 'DRAFT'],
    ['resume_campaign', 'PAUSED'],
  ])('%s shows the warning of check_campaign', async (tool, status) => {
    wire.answerWith({
      '/campaign/GetById': { body: { id: 7, status, linkedInUserListId: 9, campaignAccountIds: [1] } },
      '/campaign/GetCampaignSequence': { body: { nodeType: 'VIEW_PROFILE' } },
      '/li_account/GetAll': { body: { totalCount: 1, items: [{ id: 1, isActive: true, authIsValid: true }] } },
      '/list/GetById': { body: { id: 9, name: 'Founders list', totalItemsCount: 2 } },
      '/list/GetLeadsFromList': { body: { totalCount: 2, items: [lead('ada-example'), lead('e-example')] } },
    });
    const result = await wire.call(tool, { campaignId: 7 });
    const { preview } = (result.structuredContent?.confirmation ?? {}) as { preview?: { warnings: string[] } };
    expect(preview?.warnings.join('\n')).toMatch(/Leads are on the do-not-contact list of this server.*1 of 2/s);
  });
});

test('an unreadable file prevents the start', async () => {
  const started = connectInProcess([], { HEYREACH_API_KEY: TEST_KEY, HEYREACH_DO_NOT_CONTACT: join(folder, 'none') });
  await expect(started).rejects.toThrow();
});
