import { z } from 'zod';
import { WEBHOOK_EVENTS, type Webhook, type WebhookEvent } from '../../client/operations/webhooks.ts';
import { ids } from '../fields.ts';

/** Stands for the value of a custom header, which may be a secret. */
const MASK = '********';
const WORKSPACE_WIDE: readonly string[] = ['EVERY_MESSAGE_REPLY_RECEIVED', 'LEAD_TAG_UPDATED'] satisfies WebhookEvent[];

export const nameField = z.string().min(3).max(25).describe('Name, 3 to 25 characters');
export const urlField = z
  .string()
  .max(2_000)
  .refine(
    (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    'must be an absolute http(s) URL',
  )
  .describe('Address that HeyReach calls');
export const eventField = z.enum(WEBHOOK_EVENTS).describe('The one event it is called for');
export const campaignsField = ids('Only these campaigns; empty: all');
export const headersField = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
    z.string().max(4_000),
    'must be a header name: letters, digits and -',
  )
  .describe('Headers sent along, e.g. a secret by which the receiver knows HeyReach');

/** An event about the whole workspace, which takes no campaigns. */
export function isWorkspaceWide(eventType: string | null | undefined): boolean {
  return eventType != null && WORKSPACE_WIDE.includes(eventType);
}

/** A workspace-wide event takes no campaigns; a masked value must not be written back. */
export function checkWebhook(input: {
  eventType?: string | undefined;
  campaignIds?: number[] | undefined;
  customHeaders?: Record<string, string> | undefined;
}): string | undefined {
  const { eventType, campaignIds = [], customHeaders = {} } = input;
  if (isWorkspaceWide(eventType) && campaignIds.length > 0) {
    return `campaignIds must be empty for ${eventType}, which is about the whole workspace`;
  }
  const masked = Object.entries(customHeaders).find(([, value]) => value.includes(MASK));
  if (masked === undefined) return undefined;
  return `customHeaders.${masked[0]} holds a masked value; give the real one, read with get_webhook and includeSecrets, or leave customHeaders out to keep them`;
}

/** A webhook whose header values are hidden. */
export function maskWebhook(webhook: Webhook): Webhook {
  if (webhook.customHeaders == null) return webhook;
  const masked = Object.fromEntries(Object.keys(webhook.customHeaders).map((name) => [name, MASK]));
  return { ...webhook, customHeaders: masked };
}
