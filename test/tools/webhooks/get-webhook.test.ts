import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { get } from '../../kit/requests.ts';
import { exampleHeaders, exampleWebhook, maskedHeaders, webhookNotFound } from '../../kit/webhook-examples.ts';
import { useWire } from '../../kit/wire.ts';

describe('get_webhook', () => {
  const wire = useWire();
  const path = '/api/public/webhooks/GetWebhookById?webhookId=29001';
  const withHeaders = exampleWebhook({ customHeaders: exampleHeaders });

  test('sends the id in the query, and does not ask for headers', async () => {
    wire.answerWith({ '/webhooks/GetWebhookById': { body: exampleWebhook({ campaignIds: null }) } });
    const result = await wire.call('get_webhook', { webhookId: 29001 });
    expect(wire.sent()).toEqual([get(path)]);
    expect(result.structuredContent).toEqual(exampleWebhook({ campaignIds: null }));
  });

  test('includeSecrets asks for the headers and shows their values', async () => {
    wire.answerWith({ '/webhooks/GetWebhookById': { body: withHeaders } });
    const result = await wire.call('get_webhook', { webhookId: 29001, includeSecrets: true });
    expect(wire.sent()).toEqual([get(`${path}&includeCustomHeaders=true`)]);
    expect(result.structuredContent).toEqual(withHeaders);
  });

  test('headers that come unasked are masked', async () => {
    wire.answerWith({ '/webhooks/GetWebhookById': { body: withHeaders } });
    const result = await wire.call('get_webhook', { webhookId: 29001, includeSecrets: false });
    expect(wire.sent()).toEqual([get(path)]);
    expect(result.structuredContent).toEqual(exampleWebhook({ customHeaders: maskedHeaders }));
    expect(JSON.stringify(result)).not.toContain('made-up-secret');
  });

  test('an unknown webhook is an error that says where to look', async () => {
    wire.answerWith({ '/webhooks/GetWebhookById': { status: 404, body: { errorMessage: webhookNotFound.message } } });
    expectError(await wire.call('get_webhook', { webhookId: 29009 }), webhookNotFound);
  });

  test('the name the API has for includeSecrets is refused', async () => {
    const result = await wire.call('get_webhook', { webhookId: 29001, includeCustomHeaders: true });
    expectInvalid(result, 'unknown parameter includeCustomHeaders (');
    expect(wire.sent()).toEqual([]);
  });
});
