import * as z from 'zod';
import { HeyReachError } from '../../client/index.ts';
import { countNoun } from '../../lib/text-format.ts';
import { id } from '../../mcp/arguments/fields.ts';
import type { Preview } from '../../mcp/confirmation/preview.ts';
import { defineTool, type ToolContext } from '../../mcp/tool.ts';
import { boundStateOf, showEvent, showHost, showWebhook } from './shared/webhook-lines.ts';

export const deleteWebhook = defineTool({
  name: 'delete_webhook',
  title: 'Delete a webhook',
  description: 'Deletes a webhook permanently. To pause deliveries use update_webhook with isActive false.',
  toolset: 'webhooks',
  risk: 'destructive',
  retry: 'idempotent',
  confirmation: 'always',
  input: () => ({ webhookId: id('Webhook id') }),
  preview: previewDelete,
  output: () => z.looseObject({ webhookId: z.number(), deleted: z.boolean() }),
  async verifyAfterRetry({ webhookId }, { client, call }) {
    try {
      await client.webhooks.getById({ webhookId }, call);
      return undefined;
    } catch (error) {
      if (error instanceof HeyReachError && error.kind === 'not_found') return { data: { webhookId, deleted: true } };
      throw error;
    }
  },
  async run({ webhookId }, { client, call }) {
    await client.webhooks.delete({ webhookId }, call);
    return { data: { webhookId, deleted: true } };
  },
});

async function previewDelete({ webhookId }: { webhookId: number }, { client, call }: ToolContext): Promise<Preview> {
  const webhook = await client.webhooks.getById({ webhookId }, call);
  const { title, line, facts } = showWebhook(webhook, webhookId);
  const campaigns = webhook.campaignIds ?? [];
  return {
    question: `Delete the webhook ${title} permanently?`,
    lines: [
      `Webhook: ${line}`,
      `Host that no longer gets data: ${showHost(webhook.webhookUrl)}`,
      `Called so far each time ${showEvent(webhook.eventType)}`,
      `Campaigns: ${campaigns.length === 0 ? 'all' : countNoun(campaigns.length, 'campaign')}`,
      'To pause it, use update_webhook with isActive false.',
    ],
    warnings: [
      'This API cannot restore it. A new webhook gets another id, and the values of its custom headers are lost.',
    ],
    facts: { webhook: { ...facts, eventType: webhook.eventType ?? null, isActive: webhook.isActive ?? null } },
    boundState: boundStateOf(webhook),
  };
}
