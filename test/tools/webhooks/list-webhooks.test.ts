import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { exampleHeaders, exampleWebhook, maskedHeaders } from '../../kit/webhook-examples.ts';
import { useWire } from '../../kit/wire.ts';

describe('list_webhooks', () => {
  const wire = useWire();
  const path = '/api/public/webhooks/GetAllWebhooks';

  test('sends a POST with the page, and asks for no headers by default', async () => {
    const items = [exampleWebhook(), exampleWebhook({ id: 29002, campaignIds: [], customHeaders: null })];
    wire.answerWith({ '/webhooks/GetAllWebhooks': { body: { totalCount: 2, items } } });
    const result = await wire.call('list_webhooks');
    expect(wire.sent()).toEqual([post(path, { offset: 0, limit: 20, includeCustomHeaders: false })]);
    expect(result.structuredContent).toEqual({ totalCount: 2, returned: 2, items });
  });

  test.each([true, false])('header values are masked whether or not they were asked for (%s)', async (asked) => {
    const items = [exampleWebhook({ customHeaders: exampleHeaders })];
    wire.answerWith({ '/webhooks/GetAllWebhooks': { body: { totalCount: 101, items } } });
    const result = await wire.call('list_webhooks', { includeCustomHeaders: asked, offset: 100, limit: 1 });
    expect(wire.sent()).toEqual([post(path, { offset: 100, limit: 1, includeCustomHeaders: asked })]);
    expect(result.structuredContent).toEqual({
      totalCount: 101,
      returned: 1,
      items: [exampleWebhook({ customHeaders: maskedHeaders })],
    });
    expect(JSON.stringify(result)).not.toContain('made-up-secret');
  });

  test('a refusal is passed on word for word', async () => {
    wire.answerWith({ '/webhooks/GetAllWebhooks': { status: 403, body: { errorMessage: 'No active subscription.' } } });
    expectError(await wire.call('list_webhooks'), {
      kind: 'forbidden',
      status: 403,
      message: 'No active subscription.',
      nextStep: 'Check the subscription of the workspace that the key belongs to.',
      outcome: 'refused',
    });
  });

  test('a limit above 100 is refused', async () => {
    expectInvalid(await wire.call('list_webhooks', { limit: 101 }), 'limit must be at most 100, got 101');
    expect(wire.sent()).toEqual([]);
  });
});
