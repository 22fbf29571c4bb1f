import { z } from 'zod';
import { webhook } from '../../client/operations/webhooks.ts';
import { defineTool } from '../define.ts';
import { flag, id } from '../fields.ts';
import { previewUpdate } from './update-preview.ts';
import {
  campaignsField,
  checkWebhook,
  eventField,
  headersField,
  maskWebhook,
  nameField,
  urlField,
} from './webhook-fields.ts';

export const updateWebhook = defineTool({
  name: 'update_webhook',
  title: 'Change a webhook',
  description: 'Changes parts of a webhook, or switches it off and on with isActive; what is left out stays.',
  toolset: 'webhooks',
  kind: 'egress',
  repeat: 'same',
  asks: 'sometimes',
  input: {
    webhookId: id('Webhook id'),
    webhookName: nameField.optional(),
    webhookUrl: urlField.optional(),
    eventType: eventField.optional(),
    campaignIds: campaignsField.optional(),
    isActive: flag('false stops deliveries').optional(),
    customHeaders: headersField.optional(),
  },
  check({ webhookId: _, ...changes }) {
    const given = Object.values(changes).some((value) => value !== undefined);
    return given ? checkWebhook(changes) : 'nothing to change: give at least one of the other parameters';
  },
  output: z.looseObject({
    webhookId: z.number(),
    after: webhook.nullable().describe('as read back, header values masked; null if unreadable'),
  }),
  preview: previewUpdate,
  async readBack({ webhookId, ...changes }, { client, call }) {
    const found = await client.webhooks.getById({ webhookId, includeCustomHeaders: true }, call);
    const isDone = Object.entries(changes).every(
      ([name, value]) => value === undefined || JSON.stringify(found[name]) === JSON.stringify(value),
    );
    return isDone ? { data: { webhookId, after: maskWebhook(found) } } : undefined;
  },
  async run({ webhookId, ...changes }, { client, call }) {
    await client.webhooks.update({ webhookId, ...changes }, call);
    const found = await client.webhooks.getById({ webhookId }, call).catch(() => null);
    return { data: { webhookId, after: found === null ? null : maskWebhook(found) } };
  },
});
