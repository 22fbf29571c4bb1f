import { describe, expect, test } from 'vitest';
import { exampleHeaders, exampleWebhook, maskedHeaders } from '../../../support/fixtures/webhook.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_webhooks', () => {
  const wire = useToolHarness();
  const path = '/api/public/webhooks/GetAllWebhooks';

  test('sends a POST with the page, and requests no headers by default', async () => {
    const items = [exampleWebhook(), exampleWebhook({ id: 29002, campaignIds: [], customHeaders: null })];
    wire.answerWith({ '/webhooks/GetAllWebhooks': { body: { totalCount: 2, items } } });
    const result = await wire.call('list_webhooks');
    expect(wire.sent()).toEqual([post(path, { offset: 0, limit: 20, includeCustomHeaders: false })]);
    expect(result.structuredContent).toEqual({ totalCount: 2, returned: 2, items });
  });

  test.each([true, false])('masks header values, requested or not (%s)', async (asked) => {
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
});
