import * as z from 'zod';
import { webhook } from '../../client/operations/webhooks.ts';
import { flag, id } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { previewUpdate } from './shared/update-preview.ts';
import {
  campaignsField,
  checkWebhook,
  eventField,
  headersField,
  maskWebhook,
  nameField,
  urlField,
} from './shared/webhook-fields.ts';
import { checkReachable } from './shared/webhook-lines.ts';

const STILL_ACTIVE =
  'HeyReach accepted the change, and the webhook still reads as active: it may go on sending data. Check it with get_webhook, or delete it.';

export const updateWebhook = defineTool({
  name: 'update_webhook',
  title: 'Update a webhook',
  description:
    'Changes parts of a webhook, or switches it on or off with isActive. Omitted parameters stay unchanged. Asks for confirmation if more data would leave.',
  toolset: 'webhooks',
  risk: 'egress',
  retry: 'idempotent',
  confirmation: 'conditional',
  input: () => ({
    webhookId: id('Webhook id'),
    webhookName: nameField().optional(),
    webhookUrl: urlField().optional(),
    eventType: eventField().optional(),
    campaignIds: campaignsField().optional(),
    isActive: flag('false stops deliveries').optional(),
    customHeaders: headersField().optional(),
  }),
  check({ webhookId: _, ...changes }) {
    const hasChange = Object.values(changes).some((value) => value !== undefined);
    return hasChange ? checkWebhook(changes) : 'nothing to change: give at least one of the other parameters';
  },
  output: () =>
    z.looseObject({
      webhookId: z.number(),
      after: webhook()
        .nullable()
        .describe('the webhook after the change, header values masked; null if it could not be read'),
      note: z.string().optional(),
    }),
  preview: previewUpdate,
  async verifyAfterRetry({ webhookId, ...changes }, { client, call }) {
    const current = await client.webhooks.getById({ webhookId, includeCustomHeaders: true }, call);
    const isDone = Object.entries(changes).every(
      ([name, value]) => value === undefined || JSON.stringify(current[name]) === JSON.stringify(value),
    );
    return isDone ? { data: { webhookId, after: maskWebhook(current) } } : undefined;
  },
  async run({ webhookId, ...changes }, context) {
    checkReachable(changes.webhookUrl, context);
    const { client, call } = context;
    await client.webhooks.update({ webhookId, ...changes }, call);
    const after = await client.webhooks.getById({ webhookId }, call).catch(() => null);
    const isStillActive = changes.isActive === false && after?.isActive === true;
    const shown = after === null ? null : maskWebhook(after);
    return { data: { webhookId, after: shown, ...(isStillActive ? { note: STILL_ACTIVE } : {}) } };
  },
});
