import { describe, expect, test } from 'vitest';
import { get } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('get_linkedin_account_status', () => {
  const wire = useToolHarness();
  const status = {
    accountId: 170001,
    status: 'Disconnected',
    failureReason: 'The session has expired.',
    profile: { name: 'Grace Example', email: 'sender@example.com', url: 'https://www.linkedin.com/in/grace-example' },
    salesNavigator: null,
    recruiter: { authenticated: false, more: null },
  };

  test('sends the id as a path segment and returns every field, nulls included', async () => {
    wire.answerWith({ '/li_account/GetAccountStatus/170001': { body: status } });
    const result = await wire.call('get_linkedin_account_status', { accountId: 170001 });
    expect(wire.sent()).toEqual([get('/api/public/li_account/GetAccountStatus/170001')]);
    expect(result.structuredContent).toEqual(status);
  });

  test.each(['Connected', 'Disconnected', 'Connecting', 'AwaitingPin', 'Unknown', 'Another'])(
    'returns the status %s',
    async (statusText) => {
      const body = { ...status, status: statusText, failureReason: '' };
      wire.answerWith({ '/li_account/GetAccountStatus/170001': { body } });
      const result = await wire.call('get_linkedin_account_status', { accountId: 170001 });
      expect(result.structuredContent).toMatchObject({ status: statusText });
    },
  );

  test('a response with unexpected types is not an error', async () => {
    wire.answerWith({ '/li_account/GetAccountStatus/170001': { body: { ...status, status: 3, profile: [] } } });
    const result = await wire.call('get_linkedin_account_status', { accountId: 170001 });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ accountId: 170001, status: '3' });
  });

  test('rejects an id that would change the path', async () => {
    const result = await wire.call('get_linkedin_account_status', { accountId: '../GetById' });
    expectInvalid(result, 'accountId must be a number, got the text "../GetById"');
    expect(wire.sent()).toEqual([]);
  });
});
