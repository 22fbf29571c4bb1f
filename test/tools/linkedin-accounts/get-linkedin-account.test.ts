import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { get } from '../../kit/requests.ts';
import { exampleSender } from '../../kit/sender-examples.ts';
import { useWire } from '../../kit/wire.ts';

describe('get_linkedin_account', () => {
  const wire = useWire();

  test('sends the id in the query and answers the sender with allowances and nulls', async () => {
    const sender = exampleSender({ emailAddress: null });
    wire.answerWith({ '/li_account/GetById': { body: sender } });
    const result = await wire.call('get_linkedin_account', { accountId: 170001 });
    expect(wire.sent()).toEqual([get('/api/public/li_account/GetById?accountId=170001')]);
    expect(result.structuredContent).toEqual(sender);
  });

  test('an unknown sender is an error that says where to look', async () => {
    const errorMessage = 'LinkedIn account with id 170009 was not found.';
    wire.answerWith({ '/li_account/GetById': { status: 404, body: { errorMessage } } });
    expectError(await wire.call('get_linkedin_account', { accountId: 170009 }), {
      kind: 'not_found',
      status: 404,
      message: errorMessage,
      nextStep: 'Find the sender with list_linkedin_accounts.',
      outcome: 'refused',
    });
  });

  test('needs the id', async () => {
    expectInvalid(await wire.call('get_linkedin_account'), 'accountId is required');
    expect(wire.sent()).toEqual([]);
  });
});
