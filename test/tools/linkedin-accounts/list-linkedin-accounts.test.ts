import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { exampleSender } from '../../kit/sender-examples.ts';
import { useWire } from '../../kit/wire.ts';

describe('list_linkedin_accounts', () => {
  const wire = useWire();
  const path = '/api/public/li_account/GetAll';

  test('sends keyword, offset and limit to /li_account', async () => {
    wire.answerWith({ '/li_account/GetAll': { body: { totalCount: 0, items: [] } } });
    await wire.call('list_linkedin_accounts', { keyword: 'grace', offset: 100, limit: 50, detail: 'full' });
    expect(wire.sent()).toEqual([post(path, { keyword: 'grace', offset: 100, limit: 50 })]);
  });

  test('sends the page size always, and no keyword that was not given', async () => {
    wire.answerWith({ '/li_account/GetAll': { body: { totalCount: 0, items: [] } } });
    const result = await wire.call('list_linkedin_accounts');
    expect(wire.sent()).toEqual([post(path, { offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 0, returned: 0, items: [] });
  });

  test('a compact row has the state of a sender, without its allowances and the cooldowns it is not in', async () => {
    const sender = exampleSender({ emailAddress: null });
    wire.answerWith({ '/li_account/GetAll': { body: { totalCount: 3, items: [sender] } } });
    const result = await wire.call('list_linkedin_accounts', { offset: 1, limit: 1 });
    const { emailAddress: _, accountLimits: __, ...all } = sender;
    const row = Object.fromEntries(Object.entries(all).filter(([name, value]) => !/Cooldown$/.test(name) || value));
    expect(result.structuredContent).toEqual({ totalCount: 3, returned: 1, items: [row], nextOffset: 2 });
    expect(result.structuredContent?.items).toMatchObject([{ authIsValid: false, connectionRequestCooldown: true }]);
  });

  test('full rows are as HeyReach gave them, fields nobody knows included', async () => {
    const sender = exampleSender({ emailAddress: null, newField: { a: null } });
    wire.answerWith({ '/li_account/GetAll': { body: { totalCount: 1, items: [sender] } } });
    const result = await wire.call('list_linkedin_accounts', { detail: 'full' });
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items: [sender] });
  });

  test('a refusal is passed on word for word', async () => {
    const errors = { Limit: ['Limit must be between 1 and 100'] };
    wire.answerWith({ '/li_account/GetAll': { status: 400, body: { title: 'One or more', status: 400, errors } } });
    expectError(await wire.call('list_linkedin_accounts'), {
      kind: 'bad_request',
      status: 400,
      message: 'Limit must be between 1 and 100',
      nextStep: 'Ask for fewer rows with limit.',
      outcome: 'refused',
    });
  });

  test('a page larger than HeyReach allows is refused here', async () => {
    expectInvalid(await wire.call('list_linkedin_accounts', { limit: 101 }), 'limit must be at most 100, got 101');
    expect(wire.sent()).toEqual([]);
  });
});
