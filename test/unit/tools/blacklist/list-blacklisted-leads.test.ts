import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_blacklisted_leads', () => {
  const wire = useToolHarness();
  const path = '/api/public/blacklist/GetLeads';
  const entry = {
    id: 41,
    fullName: null,
    email: '',
    profileUrl: 'https://www.linkedin.com/in/ada-example',
    matchingStatus: 'Matched',
    resolutionStage: 'Resolved',
    somethingNew: 1,
  };

  test('sends search, status and page', async () => {
    wire.answerWith({ '/blacklist/GetLeads': { body: { totalCount: 0, items: [] } } });
    const args = { search: 'ada', matchingStatus: 'BroadMatch', offset: 20, limit: 100 };
    await wire.call('list_blacklisted_leads', args);
    expect(wire.sent()).toEqual([post(path, args)]);
  });

  test('sends only the given filters, and omits empty fields of an entry', async () => {
    wire.answerWith({ '/blacklist/GetLeads': { body: { totalCount: 30, items: [entry] } } });
    const result = await wire.call('list_blacklisted_leads');
    expect(wire.sent()).toEqual([post(path, { offset: 0, limit: 20 })]);
    const { fullName: _, email: __, ...shown } = entry;
    expect(result.structuredContent).toEqual({ totalCount: 30, returned: 1, items: [shown], nextOffset: 1 });
  });

  test('full entries are unchanged', async () => {
    wire.answerWith({ '/blacklist/GetLeads': { body: { totalCount: 1, items: [entry] } } });
    const result = await wire.call('list_blacklisted_leads', { detail: 'full' });
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items: [entry] });
  });
});
