import { describe, expect, test } from 'vitest';
import { exampleHeaders } from '../../../support/fixtures/webhook.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { expectError, expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('create_webhook', () => {
  const wire = useToolHarness();
  const path = '/api/public/webhooks/CreateWebhook';
  const required = {
    webhookName: 'Replies',
    webhookUrl: 'https://example.com/hook?team=a&b=',
    eventType: 'MESSAGE_REPLY_RECEIVED',
  };

  test('sends all parameters and returns the id', async () => {
    wire.answerWith({ '/webhooks/CreateWebhook': { body: { webhookId: 29001 } } });
    const args = { ...required, campaignIds: [600001, 600002], customHeaders: exampleHeaders };
    const result = await wire.call('create_webhook', args);
    expect(wire.sent()).toEqual([post(path, args)]);
    expect(result.structuredContent).toEqual({ webhookId: 29001 });
    expect(JSON.stringify(result)).not.toContain('made-up-secret');
  });

  test('sends only the given parameters', async () => {
    wire.answerWith({ '/webhooks/CreateWebhook': { body: { webhookId: 29001 } } });
    await wire.call('create_webhook', required);
    expect(wire.sent()).toEqual([post(path, required)]);
  });

  test.each([
    ['the whole webhook', { body: { id: 29002, webhookName: 'Replies' } }, 29002],
    ['an object without an id', { body: {} }, null],
    ['an empty 200', {}, null],
  ])('a response that is %s is a success', async (_, answer, webhookId) => {
    wire.answerWith({ '/webhooks/CreateWebhook': answer });
    const result = await wire.call('create_webhook', required);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ webhookId });
  });

  test('is not retried after a 500, because equal webhooks both fire', async () => {
    wire.answerWith({ '/webhooks/CreateWebhook': { status: 500 } });
    expectError(await wire.call('create_webhook', required), {
      kind: 'server_error',
      status: 500,
      message: 'HTTP 500 from HeyReach',
      nextStep: 'Look for it with list_webhooks before creating it again: two equal webhooks both fire.',
      outcome: 'unknown',
    });
    expect(wire.sent()).toHaveLength(1);
  });

  test.each([
    [{ webhookUrl: '/hook' }, 'webhookUrl must be an absolute http(s) URL'],
    [{ webhookUrl: 'ftp://example.com' }, 'webhookUrl must be an absolute http(s) URL'],
    [{ eventType: 'LEAD_TAG_UPDATED', campaignIds: [1] }, 'campaignIds must be empty for LEAD_TAG_UPDATED'],
    [{ eventType: 'EVERY_MESSAGE_REPLY_RECEIVED', campaignIds: [1] }, 'campaignIds must be empty for EVERY_MESSAGE'],
    [{ customHeaders: { 'X Team': 'a' } }, 'customHeaders[0].name must be a header name'],
    [{ customHeaders: { 'X-Team': '********' } }, 'customHeaders.X-Team holds a masked value'],
  ])('rejects %j', async (changes, message) => {
    expectInvalid(await wire.call('create_webhook', { ...required, ...changes }), message);
    expect(wire.sent()).toEqual([]);
  });

  test('a workspace-wide event accepts an empty list of campaigns', async () => {
    wire.answerWith({ '/webhooks/CreateWebhook': { body: { webhookId: 29001 } } });
    const args = { ...required, eventType: 'LEAD_TAG_UPDATED', campaignIds: [] };
    await wire.call('create_webhook', args);
    expect(wire.sent()).toEqual([post(path, args)]);
  });
});
