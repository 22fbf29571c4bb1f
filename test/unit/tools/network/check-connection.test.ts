import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('check_connection', () => {
  const wire = useToolHarness();
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

  test('a missing isConnection is null, not false', async () => {
    wire.answerWith({ '/MyNetwork/IsConnection': { body: {} } });
    const result = await wire.call('check_connection', { senderAccountId: 170001, leadLinkedInId: '580000001' });
    expect(result.structuredContent).toEqual({ isConnection: null });
  });

  test.each([
    [{}, 'exactly one of leadProfileUrl and leadLinkedInId is required'],
    [
      { leadProfileUrl: 'https://www.linkedin.com/in/ada-example', leadLinkedInId: '580000001' },
      'exactly one of leadProfileUrl and leadLinkedInId is required',
    ],
    [{ leadProfileUrl: 'https://www.linkedin.com/company/example' }, 'leadProfileUrl is a /company/ URL'],
  ])('rejects %j', async (lead, message) => {
    expectInvalid(await wire.call('check_connection', { senderAccountId: 170001, ...lead }), message);
    expect(wire.sent()).toEqual([]);
  });
});
