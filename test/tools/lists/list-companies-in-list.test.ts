import { describe, expect, test } from 'vitest';
import { listNotFound } from '../../kit/list-examples.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('list_companies_in_list', () => {
  const wire = useWire();
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
    wire.answerWith({ '/list/GetCompaniesFromList': { body: { totalCount: 0, items: [] } } });
    const args = { listId: 930002, keyword: 'data', offset: 1000, limit: 1000 };
    await wire.call('list_companies_in_list', args);
    expect(wire.sent()).toEqual([post(path, args)]);
  });

  test('compact rows leave out logos and what is empty, and clip descriptions', async () => {
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

  test('full rows are as HeyReach gave them', async () => {
    wire.answerWith({ '/list/GetCompaniesFromList': { body: { totalCount: 1, items: [company] } } });
    const result = await wire.call('list_companies_in_list', { listId: 930002, detail: 'full' });
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items: [company] });
  });

  test('an unknown list is an error that says where to look', async () => {
    wire.answerWith({ '/list/GetCompaniesFromList': { status: 404, body: { errorMessage: listNotFound.message } } });
    expectError(await wire.call('list_companies_in_list', { listId: 930009 }), listNotFound);
  });

  test('a page of more than 1,000 is refused', async () => {
    const result = await wire.call('list_companies_in_list', { listId: 930002, limit: 1_001 });
    expectInvalid(result, 'limit must be at most 1000, got 1001');
    expect(wire.sent()).toEqual([]);
  });
});
