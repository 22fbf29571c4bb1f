import { describe, expect, test } from 'vitest';
import { exampleWebhook, webhookNotFound } from '../../../support/fixtures/webhook.ts';
import { get } from '../../../support/heyreach/requests.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { expectError } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

describe('delete_webhook', () => {
  const wire = useToolHarness();
  const removal = { ...get('/api/public/webhooks/DeleteWebhook?webhookId=29001'), method: 'DELETE' };
  const read = get('/api/public/webhooks/GetWebhookById?webhookId=29001');
  const missing = { status: 404, body: { errorMessage: webhookNotFound.message } };

  test('sends a DELETE with only the id in the query', async () => {
    const result = await wire.call('delete_webhook', { webhookId: 29001 });
    expect(wire.sent()).toEqual([removal]);
    expect(result.structuredContent).toEqual({ webhookId: 29001, deleted: true });
  });

  test('an unknown webhook is an error that names list_webhooks', async () => {
    wire.answerWith({ '/webhooks/DeleteWebhook': missing });
    expectError(await wire.call('delete_webhook', { webhookId: 29001 }), webhookNotFound);
    expect(wire.sent()).toEqual([removal]);
  });

  test.each([
    ['gone', missing, 'deleted'],
    ['still there', { body: exampleWebhook() }, 'refused'],
    ['unreadable', { status: 401, body: 'Invalid API key' }, 'unknown'],
  ])('a 404 after a 500, with the webhook %s', async (_, answer, outcome) => {
    let calls = 0;
    wire.answerWith({
      '/webhooks/DeleteWebhook': () => {
        calls += 1;
        return calls === 1 ? { status: 500 } : missing;
      },
      '/webhooks/GetWebhookById': answer,
    });
    const result = await wire.call('delete_webhook', { webhookId: 29001 });
    expect(wire.sent()).toEqual([removal, removal, read]);
    if (outcome === 'deleted') expect(result.structuredContent).toEqual({ webhookId: 29001, deleted: true });
    else expect(result.structuredContent?.error).toMatchObject({ message: webhookNotFound.message, outcome });
  });
});
