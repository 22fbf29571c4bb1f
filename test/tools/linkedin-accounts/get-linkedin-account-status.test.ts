import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { get } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('get_linkedin_account_status', () => {
  const wire = useWire();
  const status = {
    accountId: 170001,
    status: 'Disconnected',
    failureReason: 'The session has expired.',
    profile: { isValid: false },
    salesNavigator: null,
    recruiter: { isValid: false, failureReason: null },
  };

  test('sends the id as a path segment and answers everything, nulls included', async () => {
    wire.answerWith({ '/li_account/GetAccountStatus/170001': { body: status } });
    const result = await wire.call('get_linkedin_account_status', { accountId: 170001 });
    expect(wire.sent()).toEqual([get('/api/public/li_account/GetAccountStatus/170001')]);
    expect(result.structuredContent).toEqual(status);
  });

  test('an answer with values of unexpected types is still answered', async () => {
    wire.answerWith({ '/li_account/GetAccountStatus/170001': { body: { ...status, status: 3, profile: [] } } });
    const result = await wire.call('get_linkedin_account_status', { accountId: 170001 });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ accountId: 170001, status: '3' });
  });

  test('an unknown sender is an error that says where to look', async () => {
    wire.answerWith({
      '/li_account/GetAccountStatus/170009': { status: 404, body: { detail: 'No such LinkedIn account' } },
    });
    expectError(await wire.call('get_linkedin_account_status', { accountId: 170009 }), {
      kind: 'not_found',
      status: 404,
      message: 'No such LinkedIn account',
      nextStep: 'Find the sender with list_linkedin_accounts.',
      outcome: 'refused',
    });
  });

  test('an id that would be another path is refused', async () => {
    const result = await wire.call('get_linkedin_account_status', { accountId: '../GetById' });
    expectInvalid(result, 'accountId must be a number, got the text "../GetById"');
    expect(wire.sent()).toEqual([]);
  });
});
