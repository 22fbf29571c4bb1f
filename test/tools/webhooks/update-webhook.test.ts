import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { get, post } from '../../kit/requests.ts';
import { exampleHeaders, exampleWebhook, maskedHeaders, webhookNotFound } from '../../kit/webhook-examples.ts';
import { useWire } from '../../kit/wire.ts';

describe('update_webhook', () => {
  const wire = useWire();
  const patch = (body: object) => ({
    ...post('/api/public/webhooks/UpdateWebhook?webhookId=29001', body),
    method: 'PATCH',
  });
  const read = '/api/public/webhooks/GetWebhookById?webhookId=29001';

  test('sends the id in the query and the changes in the body, and reads back with headers masked', async () => {
    const changes = {
      webhookName: 'All replies',
      webhookUrl: 'https://example.com/other',
      eventType: 'INMAIL_REPLY_RECEIVED',
      campaignIds: [600002],
      isActive: false,
      customHeaders: exampleHeaders,
    };
    wire.answerWith({ '/webhooks/GetWebhookById': { body: { id: 29001, ...changes } } });
    const result = await wire.call('update_webhook', { webhookId: 29001, ...changes });
    expect(wire.sent()).toEqual([patch(changes), get(read)]);
    expect(result.structuredContent).toEqual({
      webhookId: 29001,
      after: { id: 29001, ...changes, customHeaders: maskedHeaders },
    });
    expect(JSON.stringify(result)).not.toContain('made-up-secret');
  });

  test.each([{ isActive: false }, { campaignIds: [] }, { customHeaders: {} }, { webhookName: 'New' }])(
    'what is left out is not sent, so that it stays: %j',
    async (changes) => {
      wire.answerWith({ '/webhooks/GetWebhookById': { body: exampleWebhook() } });
      await wire.call('update_webhook', { webhookId: 29001, ...changes });
      expect(wire.sent()).toEqual([patch(changes), get(read)]);
    },
  );

  test('a change that cannot be read back is still a change', async () => {
    wire.answerWith({ '/webhooks/GetWebhookById': { status: 400, body: { errorMessage: 'Busy.' } } });
    const result = await wire.call('update_webhook', { webhookId: 29001, isActive: true });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({ webhookId: 29001, after: null });
  });

  test('an unknown webhook is an error that says where to look', async () => {
    wire.answerWith({ '/webhooks/UpdateWebhook': { status: 404, body: { errorMessage: webhookNotFound.message } } });
    expectError(await wire.call('update_webhook', { webhookId: 29009, isActive: false }), webhookNotFound);
    expect(wire.sent()).toHaveLength(1);
  });

  test.each([
    [{ isActive: false, customHeaders: exampleHeaders }, 'success'],
    [{ isActive: true, customHeaders: exampleHeaders }, 'an error'],
  ])('a 400 after a 500, with %j found, is %s', async (found, ending) => {
    let calls = 0;
    wire.answerWith({
      '/webhooks/UpdateWebhook': () => {
        calls += 1;
        return calls === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'Nothing to change.' } };
      },
      '/webhooks/GetWebhookById': { body: exampleWebhook(found) },
    });
    const changes = { isActive: false, customHeaders: exampleHeaders };
    const result = await wire.call('update_webhook', { webhookId: 29001, ...changes });
    expect(wire.sent()).toEqual([patch(changes), patch(changes), get(`${read}&includeCustomHeaders=true`)]);
    expect(result.isError ?? false).toBe(ending === 'an error');
    expect(JSON.stringify(result)).not.toContain('made-up-secret');
    if (ending === 'success') {
      const after = exampleWebhook({ isActive: false, customHeaders: maskedHeaders });
      expect(result.structuredContent).toEqual({ webhookId: 29001, after });
    } else expect(result.structuredContent?.error).toMatchObject({ message: 'Nothing to change.' });
  });

  test.each([
    [{}, 'nothing to change: give at least one of the other parameters'],
    [{ isActive: null, webhookName: '' }, 'nothing to change'],
    [
      { customHeaders: { Authorization: '********' } },
      'customHeaders.Authorization holds a masked value; give the real',
    ],
    [{ customHeaders: { Authorization: 'Bearer ********' } }, 'customHeaders.Authorization holds a masked value'],
    [{ webhookName: 'x'.repeat(26) }, 'webhookName must have at most 25 characters'],
    [{ eventType: 'LEAD_TAG_UPDATED', campaignIds: [1] }, 'campaignIds must be empty for LEAD_TAG_UPDATED'],
  ])('refuses %j', async (changes, said) => {
    expectInvalid(await wire.call('update_webhook', { webhookId: 29001, ...changes }), said);
    expect(wire.sent()).toEqual([]);
  });
});
