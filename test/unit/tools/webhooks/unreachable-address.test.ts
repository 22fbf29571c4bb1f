import { describe, expect, test } from 'vitest';
import { exampleWebhook } from '../../../support/fixtures/webhook.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const ADDRESSES = ['http://localhost:5678/hook', 'https://10.0.0.7/hook', 'http://n8n/hook', 'https://${HOST}/hook'];
const create = (webhookUrl: string) => ({ webhookName: 'Replies', webhookUrl, eventType: 'MESSAGE_REPLY_RECEIVED' });
const update = (webhookUrl: string) => ({ webhookId: 29001, webhookUrl });
const CALLS = [
  ['create_webhook', create],
  ['update_webhook', update],
] as const;

describe('an address that HeyReach cannot reach', () => {
  describe('without confirmations', () => {
    const wire = useToolHarness();

    test('a markdown link is read as its address', async () => {
      const link = '[https://example.com/hook](https://example.com/hook)\u200b';
      await wire.call('create_webhook', create(link));
      expect(wire.sent().map(({ body }) => body)).toEqual([create('https://example.com/hook')]);
    });

    test.each(ADDRESSES)('%s is rejected', async (webhookUrl) => {
      for (const [tool, argsOf] of CALLS) {
        const result = await wire.call(tool, argsOf(webhookUrl));
        expect(result.structuredContent?.error).toMatchObject({
          kind: 'invalid_input',
          outcome: 'not_sent',
          message: expect.stringMatching(/^webhookUrl: .*HeyReach cannot reach/),
          nextStep: 'Give an address of the public internet.',
        });
      }
      expect(wire.sent()).toEqual([]);
    });
  });

  describe('with confirmations', () => {
    const wire = useToolHarness(['--confirm', 'ask']);

    test.each(ADDRESSES)('%s has its own warning', async (webhookUrl) => {
      wire.answerWith({
        '/webhooks/GetAllWebhooks': { body: { totalCount: 0, items: [] } },
        '/webhooks/GetWebhookById': { body: exampleWebhook() },
      });
      for (const [tool, argsOf] of CALLS) {
        const result = await wire.call(tool, argsOf(webhookUrl));
        expect(result.content[0]?.text).toContain('HeyReach cannot reach');
        expect(result.content[0]?.text).toContain('The webhook would deliver nothing.');
      }
    });
  });
});
