import { webhook } from '../../client/operations/webhooks.ts';
import { id, offFlag } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { maskWebhook } from './shared/webhook-fields.ts';

export const getWebhook = defineTool({
  name: 'get_webhook',
  title: 'Get a webhook',
  description: 'Returns one webhook. Custom headers, which may hold secrets, are returned only with includeSecrets.',
  toolset: 'webhooks',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    webhookId: id('Webhook id'),
    includeSecrets: offFlag('Show custom headers with their values'),
  }),
  output: webhook,
  async run({ webhookId, includeSecrets }, { client, call }) {
    const includeCustomHeaders = includeSecrets ? true : undefined;
    const response = await client.webhooks.getById({ webhookId, includeCustomHeaders }, call);
    return { data: includeSecrets ? response : maskWebhook(response) };
  },
});
