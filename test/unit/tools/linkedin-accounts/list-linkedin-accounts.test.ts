import { describe, expect, test } from 'vitest';
import { exampleSender } from '../../../support/fixtures/sender.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_linkedin_accounts', () => {
  const wire = useToolHarness();
  const path = '/api/public/li_account/GetAll';

  test('sends keyword, offset and limit to /li_account', async () => {
    wire.answerWith({ '/li_account/GetAll': { body: { totalCount: 0, items: [] } } });
    await wire.call('list_linkedin_accounts', { keyword: 'grace', offset: 100, limit: 50, detail: 'full' });
    expect(wire.sent()).toEqual([post(path, { keyword: 'grace', offset: 100, limit: 50 })]);
  });

  test('sends the default page size, and no keyword', async () => {
    wire.answerWith({ '/li_account/GetAll': { body: { totalCount: 0, items: [] } } });
    const result = await wire.call('list_linkedin_accounts');
    expect(wire.sent()).toEqual([post(path, { offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 0, returned: 0, items: [] });
  });

  test('a compact row has the state of a sender, without limits and inactive cooldowns', async () => {
    const sender = exampleSender({ emailAddress: null });
    wire.answerWith({ '/li_account/GetAll': { body: { totalCount: 3, items: [sender] } } });
    const result = await wire.call('list_linkedin_accounts', { offset: 1, limit: 1 });
    const { emailAddress: _, accountLimits: __, ...all } = sender;
    const row = Object.fromEntries(Object.entries(all).filter(([name, value]) => !/Cooldown$/.test(name) || value));
    expect(result.structuredContent).toEqual({ totalCount: 3, returned: 1, items: [row], nextOffset: 2 });
    expect(result.structuredContent?.items).toMatchObject([{ authIsValid: false, connectionRequestCooldown: true }]);
  });

  test('full rows are unchanged, unknown fields included', async () => {
    const sender = exampleSender({ emailAddress: null, newField: { a: null } });
    wire.answerWith({ '/li_account/GetAll': { body: { totalCount: 1, items: [sender] } } });
    const result = await wire.call('list_linkedin_accounts', { detail: 'full' });
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items: [sender] });
  });
});
