import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('check_connection', () => {
  const wire = useWire();
  const path = '/api/public/MyNetwork/IsConnection';

  test.each([
    [{ leadProfileUrl: 'https://www.linkedin.com/in/ada-example' }, true],
    [{ leadLinkedInId: '580000001' }, false],
  ])('sends the sender and %j', async (lead, isConnection) => {
    wire.answerWith({ '/MyNetwork/IsConnection': { body: { isConnection } } });
    const result = await wire.call('check_connection', { senderAccountId: 170001, ...lead });
    expect(wire.sent()).toEqual([post(path, { senderAccountId: 170001, ...lead })]);
    expect(result.structuredContent).toEqual({ isConnection });
  });

  test('what HeyReach does not say is unknown, not false', async () => {
    wire.answerWith({ '/MyNetwork/IsConnection': { body: {} } });
    const result = await wire.call('check_connection', { senderAccountId: 170001, leadLinkedInId: '580000001' });
    expect(result.structuredContent).toEqual({ isConnection: null });
  });

  test('an unknown sender is an error that says where to look', async () => {
    const errorMessage = 'LinkedIn account with id 170009 was not found.';
    wire.answerWith({ '/MyNetwork/IsConnection': { status: 404, body: { errorMessage } } });
    expectError(await wire.call('check_connection', { senderAccountId: 170009, leadLinkedInId: '580000001' }), {
      kind: 'not_found',
      status: 404,
      message: errorMessage,
      nextStep: 'Find the sender with list_linkedin_accounts; check the URL or id of the person.',
      outcome: 'refused',
    });
  });

  test.each([
    [{}, 'exactly one of leadProfileUrl and leadLinkedInId is required'],
    [
      { leadProfileUrl: 'https://www.linkedin.com/in/ada-example', leadLinkedInId: '580000001' },
      'exactly one of leadProfileUrl and leadLinkedInId is required',
    ],
    [{ leadProfileUrl: 'https://www.linkedin.com/company/example' }, 'leadProfileUrl is a /company/ URL'],
  ])('refuses %j', async (lead, said) => {
    expectInvalid(await wire.call('check_connection', { senderAccountId: 170001, ...lead }), said);
    expect(wire.sent()).toEqual([]);
  });
});
