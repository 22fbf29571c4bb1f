import * as z from 'zod';
import { defineTool } from '../../mcp/tool.ts';
import { previewCreate } from './shared/create-preview.ts';
import {
  campaignsField,
  checkWebhook,
  eventField,
  headersField,
  nameField,
  urlField,
} from './shared/webhook-fields.ts';
import { checkReachable } from './shared/webhook-lines.ts';

export const createWebhook = defineTool({
  name: 'create_webhook',
  title: 'Create a webhook',
  description:
    'Makes HeyReach send every event of one type, with names and messages of leads, to an external URL. Equal webhooks both fire, so check with list_webhooks first.',
  toolset: 'webhooks',
  risk: 'egress',
  retry: 'never',
  confirmation: 'always',
  input: () => ({
    webhookName: nameField(),
    webhookUrl: urlField(),
    eventType: eventField(),
    campaignIds: campaignsField().optional(),
    customHeaders: headersField().optional(),
  }),
  check: checkWebhook,
  preview: previewCreate,
  output: () =>
    z.looseObject({
      webhookId: z.number().nullable().describe('null if HeyReach returned none; list_webhooks shows it'),
    }),
  async run(input, context) {
    checkReachable(input.webhookUrl, context);
    const { client, call } = context;
    const created = await client.webhooks.create(input, call);
    return { data: { webhookId: created?.webhookId ?? created?.id ?? null } };
  },
});
