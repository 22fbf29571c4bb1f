import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { get } from '../../kit/requests.ts';
import { exampleWebhook, webhookNotFound } from '../../kit/webhook-examples.ts';
import { useWire } from '../../kit/wire.ts';

describe('delete_webhook', () => {
  const wire = useWire();
  const removal = { ...get('/api/public/webhooks/DeleteWebhook?webhookId=29001'), method: 'DELETE' };
  const read = get('/api/public/webhooks/GetWebhookById?webhookId=29001');
  const missing = { status: 404, body: { errorMessage: webhookNotFound.message } };

  test('sends a DELETE with the id in the query and nothing else', async () => {
    const result = await wire.call('delete_webhook', { webhookId: 29001 });
    expect(wire.sent()).toEqual([removal]);
    expect(result.structuredContent).toEqual({ webhookId: 29001, deleted: true });
  });

  test('a webhook that was never there is an error that says where to look', async () => {
    wire.answerWith({ '/webhooks/DeleteWebhook': missing });
    expectError(await wire.call('delete_webhook', { webhookId: 29001 }), webhookNotFound);
    expect(wire.sent()).toEqual([removal]);
  });

  test.each([
    ['gone', missing, 'deleted'],
    ['still there', { body: exampleWebhook() }, 'refused'],
    ['unreadable', { status: 401, body: 'Invalid API key' }, 'unknown'],
  ])('a 404 after a 500, with the webhook %s', async (_, found, outcome) => {
    let calls = 0;
    wire.answerWith({
      '/webhooks/DeleteWebhook': () => {
        calls += 1;
        return calls === 1 ? { status: 500 } : missing;
      },
      '/webhooks/GetWebhookById': found,
    });
    const result = await wire.call('delete_webhook', { webhookId: 29001 });
    expect(wire.sent()).toEqual([removal, removal, read]);
    if (outcome === 'deleted') expect(result.structuredContent).toEqual({ webhookId: 29001, deleted: true });
    else expect(result.structuredContent?.error).toMatchObject({ message: webhookNotFound.message, outcome });
  });

  test('needs the id', async () => {
    expectInvalid(await wire.call('delete_webhook', { id: 29001 }), 'webhookId is required');
    expect(wire.sent()).toEqual([]);
  });
});
