import { describe, expect, test } from 'vitest';
import { compactLead, exampleLead } from '../../support/fixtures/lead.ts';
import { exampleList } from '../../support/fixtures/list.ts';
import { exampleSender } from '../../support/fixtures/sender.ts';
import { useReader } from '../../support/tools/resources.ts';

const pageOf = (items: object[], totalCount = items.length) => ({ body: { totalCount, items } });

describe('senders, lists and leads', () => {
  const reader = useReader();

  test('senders come without daily limits and past cooldowns', async () => {
    reader.answerWith({ '/li_account/GetAll': pageOf([exampleSender()]) });
    const { data } = await reader.read('heyreach://linkedin-accounts');
    expect(reader.asked()).toEqual([['/li_account/GetAll', { offset: 0, limit: 100 }]]);
    const [sender] = data.linkedInAccounts as object[];
    expect(sender).toMatchObject({ id: 170001, authIsValid: false, connectionRequestCooldown: true });
    expect(sender).not.toHaveProperty('accountLimits');
    expect(sender).not.toHaveProperty('inMailCooldown');
    expect(data).not.toHaveProperty('untrustedFields');
  });

  test('lists come unchanged', async () => {
    reader.answerWith({ '/list/GetAll': pageOf([exampleList()]) });
    const { data } = await reader.read('heyreach://lists');
    expect(data).toEqual({ totalCount: 1, returned: 1, lists: [exampleList()] });
  });

  test('a list comes with its first leads', async () => {
    reader.answerWith({
      '/list/GetById': { body: exampleList({ totalItemsCount: 3 }) },
      '/list/GetLeadsFromList': pageOf([exampleLead(), exampleLead({ firstName: 'Bob' })], 3),
    });
    const { data } = await reader.read('heyreach://lists/930001');
    expect(reader.asked()).toEqual([
      ['/list/GetById', 'listId=930001'],
      ['/list/GetLeadsFromList', { listId: 930001, offset: 0, limit: 300 }],
    ]);
    expect(data).toMatchObject({
      ...exampleList({ totalItemsCount: 3 }),
      returned: 2,
      members: [compactLead, { name: 'Bob Example' }],
      leftOut: 1,
      rest: { tool: 'list_leads_in_list', arguments: { listId: 930001, offset: 2, limit: 100 } },
    });
  });

  test('a list of companies comes with its companies', async () => {
    reader.answerWith({
      '/list/GetById': { body: exampleList({ listType: 'COMPANY_LIST' }) },
      '/list/GetCompaniesFromList': pageOf([{ name: 'Example Ltd', website: 'https://example.com' }], 2),
    });
    const { data } = await reader.read('heyreach://lists/930001');
    expect(data).toMatchObject({
      members: [{ name: 'Example Ltd', website: 'https://example.com' }],
      rest: { tool: 'list_companies_in_list' },
      untrustedFields: ['members[].name', 'members[].website'],
    });
  });

  test('a lead comes with tags, campaigns and lists, read in parallel', async () => {
    const profileUrl = 'https://www.linkedin.com/in/jos%C3%A9-example';
    let open = 0;
    let most = 0;
    const slowly = (body: object) => async () => {
      open += 1;
      most = Math.max(most, open);
      await expect.poll(() => most).toBe(4);
      return { body };
    };
    reader.answerWith({
      '/lead/GetLead': slowly(exampleLead({ experiences: '[{"title":"Analyst"}]', education: 'no JSON' })),
      '/lead/GetTags': slowly({ tags: ['hot'] }),
      '/campaign/GetCampaignsForLead': slowly({
        totalCount: 101,
        items: [{ campaignId: 600001, leadStatus: 'InSequence' }],
      }),
      '/list/GetListsForLead': slowly({ totalCount: 1, items: [{ listId: 930001, listName: 'Q3' }] }),
    });
    const { data } = await reader.read('heyreach://leads/jos%C3%A9-example');
    const page = { profileUrl, offset: 0, limit: 100 };
    expect(reader.asked().sort()).toEqual([
      ['/campaign/GetCampaignsForLead', page],
      ['/lead/GetLead', { profileUrl }],
      ['/lead/GetTags', { profileUrl }],
      ['/list/GetListsForLead', page],
    ]);
    expect(data).toMatchObject({
      profile: { firstName: 'Ada', profileUrl: 'https://www.linkedin.com/in/ada-example' },
      tags: ['hot'],
      campaigns: {
        totalCount: 101,
        items: [{ campaignId: 600001, leadStatus: 'InSequence' }],
        leftOut: 100,
        rest: { tool: 'list_campaigns_for_lead', arguments: { profileUrl, offset: 1, limit: 100 } },
      },
      lists: { totalCount: 1, items: [{ listId: 930001, listName: 'Q3' }] },
      experiences: [{ title: 'Analyst' }],
      education: ['no JSON'],
    });
    expect(data).not.toHaveProperty('notReadable');
    expect(data.lists).not.toHaveProperty('leftOut');
  });
});
