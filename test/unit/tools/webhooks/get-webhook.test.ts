import { describe, expect, test } from 'vitest';
import { exampleHeaders, exampleWebhook, maskedHeaders } from '../../../support/fixtures/webhook.ts';
import { get } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('get_webhook', () => {
  const wire = useToolHarness();
  const path = '/api/public/webhooks/GetWebhookById?webhookId=29001';
  const withHeaders = exampleWebhook({ customHeaders: exampleHeaders });

  test('sends the id in the query, without requesting headers', async () => {
    wire.answerWith({ '/webhooks/GetWebhookById': { body: exampleWebhook({ campaignIds: null }) } });
    const result = await wire.call('get_webhook', { webhookId: 29001 });
    expect(wire.sent()).toEqual([get(path)]);
    expect(result.structuredContent).toEqual(exampleWebhook({ campaignIds: null }));
  });

  test('includeSecrets requests the headers and returns their values', async () => {
    wire.answerWith({ '/webhooks/GetWebhookById': { body: withHeaders } });
    const result = await wire.call('get_webhook', { webhookId: 29001, includeSecrets: true });
    expect(wire.sent()).toEqual([get(`${path}&includeCustomHeaders=true`)]);
    expect(result.structuredContent).toEqual(withHeaders);
  });

  test('masks headers that were not requested', async () => {
    wire.answerWith({ '/webhooks/GetWebhookById': { body: withHeaders } });
    const result = await wire.call('get_webhook', { webhookId: 29001, includeSecrets: false });
    expect(wire.sent()).toEqual([get(path)]);
    expect(result.structuredContent).toEqual(exampleWebhook({ customHeaders: maskedHeaders }));
    expect(JSON.stringify(result)).not.toContain('made-up-secret');
  });
});
