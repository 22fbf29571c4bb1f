import { z } from 'zod';
import { defineTool } from '../define.ts';
import { previewCreate } from './create-preview.ts';
import { campaignsField, checkWebhook, eventField, headersField, nameField, urlField } from './webhook-fields.ts';

export const createWebhook = defineTool({
  name: 'create_webhook',
  title: 'Create a webhook',
  description:
    'Has HeyReach send every event of one type, with names and messages of leads, to an outside address. Equal webhooks both fire: look with list_webhooks first.',
  toolset: 'webhooks',
  kind: 'egress',
  repeat: 'once',
  asks: 'yes',
  input: {
    webhookName: nameField,
    webhookUrl: urlField,
    eventType: eventField,
    campaignIds: campaignsField.optional(),
    customHeaders: headersField.optional(),
  },
  check: checkWebhook,
  preview: previewCreate,
  output: z.looseObject({
    webhookId: z.number().nullable().describe('null if HeyReach did not say; list_webhooks shows it'),
  }),
  async run(input, { client, call }) {
    const made = await client.webhooks.create(input, call);
    return { data: { webhookId: made?.webhookId ?? made?.id ?? null } };
  },
});
