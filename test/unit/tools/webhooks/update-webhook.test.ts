import { describe, expect, test } from 'vitest';
import { exampleHeaders, exampleWebhook, maskedHeaders } from '../../../support/fixtures/webhook.ts';
import { get, post } from '../../../support/heyreach/requests.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

describe('update_webhook', () => {
  const wire = useToolHarness();
  const patch = (body: object) => ({
    ...post('/api/public/webhooks/UpdateWebhook?webhookId=29001', body),
    method: 'PATCH',
  });
  const read = '/api/public/webhooks/GetWebhookById?webhookId=29001';

  test('sends the id in the query and the changes in the body, and reads back with masked headers', async () => {
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
    'omitted parameters are not sent: %j',
    async (changes) => {
      wire.answerWith({ '/webhooks/GetWebhookById': { body: exampleWebhook() } });
      await wire.call('update_webhook', { webhookId: 29001, ...changes });
      expect(wire.sent()).toEqual([patch(changes), get(read)]);
    },
  );

  test('the result says when the webhook stays active', async () => {
    wire.answerWith({ '/webhooks/GetWebhookById': { body: exampleWebhook({ isActive: true }) } });
    const going = await wire.call('update_webhook', { webhookId: 29001, isActive: false });
    expect(going.structuredContent?.note).toMatch(/still reads as active/);
    wire.answerWith({ '/webhooks/GetWebhookById': { body: exampleWebhook({ isActive: false }) } });
    const stopped = await wire.call('update_webhook', { webhookId: 29001, isActive: false });
    expect(stopped.structuredContent).not.toHaveProperty('note');
  });

  test('succeeds even if the change cannot be read back', async () => {
    wire.answerWith({ '/webhooks/GetWebhookById': { status: 400, body: { errorMessage: 'Busy.' } } });
    const result = await wire.call('update_webhook', { webhookId: 29001, isActive: true });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({ webhookId: 29001, after: null });
  });

  test.each([
    [{ isActive: false, customHeaders: exampleHeaders }, 'success'],
    [{ isActive: true, customHeaders: exampleHeaders }, 'an error'],
  ])('a 400 after a 500, with %j found, is %s', async (stored, ending) => {
    let calls = 0;
    wire.answerWith({
      '/webhooks/UpdateWebhook': () => {
        calls += 1;
        return calls === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'Nothing to change.' } };
      },
      '/webhooks/GetWebhookById': { body: exampleWebhook(stored) },
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
    [{ eventType: 'LEAD_TAG_UPDATED', campaignIds: [1] }, 'campaignIds must be empty for LEAD_TAG_UPDATED'],
  ])('rejects %j', async (changes, message) => {
    expectInvalid(await wire.call('update_webhook', { webhookId: 29001, ...changes }), message);
    expect(wire.sent()).toEqual([]);
  });
});
