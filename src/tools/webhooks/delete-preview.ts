import type { ToolContext } from '../define.ts';
import { counted, type Preview } from '../preview.ts';
import { bindsOf, hostOf, showEvent, showWebhook } from './webhook-lines.ts';

/** Which webhook would be deleted, and what that ends. */
export async function previewDelete(
  { webhookId }: { webhookId: number },
  { client, call }: ToolContext,
): Promise<Preview> {
  const webhook = await client.webhooks.getById({ webhookId }, call);
  const { title, line, facts } = showWebhook(webhook, webhookId);
  const campaigns = webhook.campaignIds ?? [];
  return {
    question: `Delete the webhook ${title} for good?`,
    lines: [
      `Webhook: ${line}`,
      `Host that gets no more data: ${hostOf(webhook.webhookUrl)}`,
      `Called so far each time ${showEvent(webhook.eventType)}`,
      `Campaigns: ${campaigns.length === 0 ? 'all' : counted(campaigns.length, 'campaign')}`,
      'To stop it for a while update_webhook with isActive false is enough.',
    ],
    warnings: [
      'This API cannot put it back as it was: a new webhook gets another id, and the values of its custom headers are lost with it.',
    ],
    facts: { webhook: { ...facts, eventType: webhook.eventType ?? null, isActive: webhook.isActive ?? null } },
    binds: bindsOf(webhook),
  };
}
