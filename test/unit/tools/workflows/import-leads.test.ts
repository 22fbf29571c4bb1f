import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { exampleLead } from '../../../support/fixtures/lead.ts';
import { exampleList } from '../../../support/fixtures/list.ts';
import { clay } from '../../../support/fixtures/sheets.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'import-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const errorOf = ({ structuredContent }: ToolResult) => structuredContent?.error as Record<string, unknown>;

describe('the requests of import_leads', () => {
  const wire = useToolHarness(undefined, { HEYREACH_FILES_DIR: folder });
  const call = (args: Record<string, unknown>) => wire.call('import_leads', { skip: [], ...args });
  const added = { body: { addedLeadsCount: 2, updatedLeadsCount: 0, failedLeadsCount: 0 } };
  const list = {
    '/list/GetById': { body: exampleList({ campaignIds: [] }) },
    '/campaign/GetAll': { body: { totalCount: 0, items: [] } },
    '/list/AddLeadsToListV2': added,
  };
  const sent = (route: string) => wire.sent().filter(({ path }) => path.includes(route));

  test('send leads with the fields of their columns', async () => {
    wire.answerWith(list);
    const columns = [
      { column: 'Org', field: 'companyName' },
      { column: 'Our opener', field: 'opener' },
    ];
    const result = await call({ text: clay, toListId: 930001, columns });
    expect(result.structuredContent).toMatchObject({ target: 'list 930001', sent: 2, added: 2 });
    expect(sent('AddLeads')).toEqual([
      post('/api/public/list/AddLeadsToListV2', {
        listId: 930001,
        leads: [
          {
            profileUrl: 'https://www.linkedin.com/in/ada-example/',
            ...{ firstName: 'Ada', lastName: 'Example', companyName: 'Example Ltd' },
            customUserFields: [{ name: 'opener', value: 'Hello Ada,\nloved your talk' }],
          },
          {
            profileUrl: 'https://www.linkedin.com/in/mei-example/',
            ...{ firstName: 'Mei', lastName: 'Lin Example', companyName: 'Example Ltd' },
            customUserFields: [{ name: 'opener', value: 'Hello Mei' }],
          },
        ],
      }),
    ]);
  });

  test('assign leads to senders of a campaign by id and by name', async () => {
    wire.answerWith({
      '/campaign/GetById': {
        body: exampleCampaign({ status: 'PAUSED', campaignAccountIds: [1, 2], linkedInUserListId: null }),
      },
      '/li_account/GetAll': {
        body: { totalCount: 2, items: [{ id: 1, firstName: 'Grace', lastName: 'Sender' }, { id: 2 }] },
      },
      '/campaign/AddLeadsToCampaignV2': added,
    });
    const text = [
      'url,first name,last name,owner',
      'https://www.linkedin.com/in/a-example,A,Example,2',
      'https://www.linkedin.com/in/b-example,B,Example,grace sender',
      'https://www.linkedin.com/in/c-example,C,Example,',
      'https://www.linkedin.com/in/d-example,D,Example,Nobody',
    ].join('\n');
    const result = await call({ text, toCampaignId: 600001, senderColumn: 'Owner' });
    expect(result.structuredContent).toMatchObject({ sent: 3, refused: { unknown_sender: 1 } });
    const { accountLeadPairs, ...flags } = sent('AddLeads')[0]!.body as {
      accountLeadPairs: { linkedInAccountId?: number }[];
    };
    expect(accountLeadPairs.map(({ linkedInAccountId }) => linkedInAccountId)).toEqual([2, 1, undefined]);
    expect(flags).toEqual({ campaignId: 600001, resumeFinishedCampaign: false, resumePausedCampaign: false });
  });

  test('send only the fields of people in the target with mode update, with the names in HeyReach', async () => {
    wire.answerWith({
      ...list,
      '/list/GetLeadsFromList': { body: { totalCount: 1, items: [exampleLead()] } },
    });
    const text = [
      'profileUrl,firstName,opener',
      'https://www.linkedin.com/in/ADA-example,Wrong,Hi Ada',
      'https://www.linkedin.com/in/mei-example,Mei,Hi Mei',
    ].join('\n');
    const columns = [{ column: 'opener', field: 'opener' }];
    const result = await call({ text, toListId: 930001, mode: 'update', columns });
    expect(result.structuredContent).toMatchObject({ sent: 1, skipped: { not_in_target: 1 } });
    const customUserFields = [
      { name: 'team', value: 'Data' },
      { name: 'opener', value: 'Hi Ada' },
    ];
    expect(sent('AddLeads')[0]?.body).toEqual({
      listId: 930001,
      leads: [
        {
          profileUrl: 'https://www.linkedin.com/in/ada-example',
          ...{ firstName: 'Ada', lastName: 'Example', customUserFields },
        },
      ],
    });
  });

  test('end at a failed call, and the rest is not sent', async () => {
    let calls = 0;
    wire.answerWith({
      ...list,
      '/list/AddLeadsToListV2': () => {
        calls += 1;
        return calls === 1
          ? { body: { addedLeadsCount: 100, updatedLeadsCount: 0, failedLeadsCount: 0 } }
          : { status: 401, body: { errorMessage: 'no' } };
      },
    });
    const rows = Array.from({ length: 250 }, (_, at) => `https://www.linkedin.com/in/p${at}-example,Ada,Example`);
    const text = ['profileUrl,firstName,lastName', ...rows].join('\n');
    const { structuredContent } = await call({ text, toListId: 930001 });
    expect(structuredContent).toMatchObject({ sent: 100, added: 100, notSent: 50, error: { outcome: 'refused' } });
    expect(structuredContent?.job).toMatchObject({ state: 'failed', done: 1, total: 3 });
  });

  test('end before the eleventh call when the target has started running', async () => {
    wire.answerWith({
      '/list/GetById': { body: exampleList({ campaignIds: [600001] }) },
      '/campaign/GetAll': { body: { totalCount: 0, items: [] } },
      '/campaign/GetById': () => {
        const status = sent('AddLeads').length < 5 ? 'DRAFT' : 'IN_PROGRESS';
        return { body: exampleCampaign({ status, linkedInUserListId: 930001 }) };
      },
      '/list/AddLeadsToListV2': { body: { addedLeadsCount: 100, updatedLeadsCount: 0, failedLeadsCount: 0 } },
    });
    const rows = Array.from({ length: 1_150 }, (_, at) => `https://www.linkedin.com/in/p${at}-example,Ada,Example`);
    const text = ['profileUrl,firstName,lastName', ...rows].join('\n');
    const { structuredContent } = await call({ text, toListId: 930001 });
    expect(structuredContent).toMatchObject({ sent: 1_000, notSent: 150, error: { kind: 'target_changed' } });
    expect(sent('AddLeads')).toHaveLength(10);
  });

  test.each([
    [{ toListId: 1 }, 'exactly one of file, text, fromListId, fromCampaignId, resultId is required'],
    [{ text: 'x' }, 'exactly one of toListId, toCampaignId, newListName is required'],
    [{ text: 'x', toListId: 1, senderColumn: 'x' }, 'senderColumn needs toCampaignId'],
    [{ text: 'x', newListName: 'x', mode: 'update' }, 'mode update needs toListId or toCampaignId'],
    [{ fromListId: 1, toListId: 1 }, 'fromListId and toListId must differ'],
    [{ text: 'x', toListId: 1, where: [{ field: 'x', op: 'equals' }] }, 'where: equals needs a value'],
  ])('%j is rejected before any read', async (args, message) => {
    expectInvalid(await call(args), message);
    expect(wire.sent()).toEqual([]);
  });

  test.each([
    [{ file: '../secret.csv' }, 'is not a file below the folder HEYREACH_FILES_DIR'],
    [
      { text: 'profileUrl\nhttps://www.linkedin.com/company/example\n' },
      'No row of text would be sent: cannot be sent: 1 (company_or_pub_url 1)',
    ],
    [
      { text: 'profileUrl,firstName\nhttps://www.linkedin.com/in/ada-example,Ada\n' },
      'No row of text would be sent: cannot be sent: 1 (no_last_name 1)',
    ],
  ])('%j sends nothing', async (args, message) => {
    wire.answerWith(list);
    const result = await call({ ...args, toListId: 930001 });
    expect(errorOf(result)).toMatchObject({ outcome: 'not_sent', message: expect.stringContaining(message) });
    expect(sent('AddLeads')).toEqual([]);
  });
});
