import { webhook } from '../../client/operations/webhooks.ts';
import { defineTool } from '../define.ts';
import { flag, id } from '../fields.ts';
import { maskWebhook } from './webhook-fields.ts';

export const getWebhook = defineTool({
  name: 'get_webhook',
  title: 'Get a webhook',
  description: 'One webhook. Its custom headers, secrets among them, come only with includeSecrets.',
  toolset: 'webhooks',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    webhookId: id('Webhook id'),
    includeSecrets: flag('Show custom headers with their values').default(false),
  },
  output: webhook,
  async run({ webhookId, includeSecrets }, { client, call }) {
    const includeCustomHeaders = includeSecrets ? true : undefined;
    const found = await client.webhooks.getById({ webhookId, includeCustomHeaders }, call);
    return { data: includeSecrets ? found : maskWebhook(found) };
  },
});
