import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_companies_in_list', () => {
  const wire = useToolHarness();
  const path = '/api/public/list/GetCompaniesFromList';
  const company = {
    name: 'Example Ltd',
    description: 'd'.repeat(300),
    industry: '',
    imageUrl: 'https://media.example.com/logo.png',
    companySize: '11-50',
    employeesOnLinkedIn: 0,
    location: null,
    specialities: ['data', 'models'],
    website: 'https://example.com',
  };

  test('sends list, keyword and page', async () => {
    wire.answerWith({ '/list/GetCompaniesFromList': { body: { totalCount: 1, items: [] } } });
    const args = { listId: 930002, keyword: 'data', offset: 1000, limit: 1000 };
    await wire.call('list_companies_in_list', args);
    expect(wire.sent()).toEqual([post(path, args)]);
  });

  test('reads the type of a list without rows, and names the tool for people', async () => {
    wire.answerWith({
      '/list/GetCompaniesFromList': { body: { totalCount: 0, items: [] } },
      '/list/GetById': { body: { id: 930001, listType: 'USER_LIST' } },
    });
    const result = await wire.call('list_companies_in_list', { listId: 930001 });
    expect(result.structuredContent?.error).toMatchObject({
      message: 'List 930001 is of type USER_LIST: it has people, not companies.',
      nextStep: 'Read it with list_leads_in_list, or find a COMPANY_LIST with list_lists.',
    });
  });

  test('compact rows omit logos and empty fields, and clip descriptions', async () => {
    wire.answerWith({ '/list/GetCompaniesFromList': { body: { totalCount: 1, items: [company] } } });
    const result = await wire.call('list_companies_in_list', { listId: 930002 });
    expect(wire.sent()).toEqual([post(path, { listId: 930002, offset: 0, limit: 20 })]);
    const row = {
      name: 'Example Ltd',
      description: `${'d'.repeat(200)}… [300 characters]`,
      companySize: '11-50',
      employeesOnLinkedIn: 0,
      specialities: ['data', 'models'],
      website: 'https://example.com',
    };
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items: [row] });
  });

  test('full rows are unchanged', async () => {
    wire.answerWith({ '/list/GetCompaniesFromList': { body: { totalCount: 1, items: [company] } } });
    const result = await wire.call('list_companies_in_list', { listId: 930002, detail: 'full' });
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items: [company] });
  });
});
