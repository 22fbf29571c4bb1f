import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { operation } from '../operation.ts';
import { flag, id, ids, markOwn, type PageRequest, pageOf, text } from './fields.ts';

/** One event type per webhook. `EVERY_MESSAGE_REPLY_RECEIVED` and `LEAD_TAG_UPDATED` are workspace-wide. */
export const WEBHOOK_EVENTS = [
  'CONNECTION_REQUEST_SENT',
  'CONNECTION_REQUEST_ACCEPTED',
  'MESSAGE_SENT',
  'MESSAGE_REPLY_RECEIVED',
  'INMAIL_SENT',
  'INMAIL_REPLY_RECEIVED',
  'EVERY_MESSAGE_REPLY_RECEIVED',
  'FOLLOW_SENT',
  'LIKED_POST',
  'VIEWED_PROFILE',
  'CAMPAIGN_COMPLETED',
  'LEAD_TAG_UPDATED',
  'LEAD_AUTO_TAGGED_INTERESTED',
  'LEAD_AUTO_TAGGED_NOT_INTERESTED',
  'LEAD_AUTO_TAGGED_GENERIC',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export const webhook = lazy(() =>
  z.looseObject({
    id,
    webhookName: text,
    webhookUrl: text,
    eventType: text,
    campaignIds: ids,
    isActive: flag,
    customHeaders: markOwn(z.record(z.string(), z.unknown())).nullish(),
  }),
);
export type Webhook = z.infer<ReturnType<typeof webhook>>;

interface WebhookFields {
  webhookName: string;
  webhookUrl: string;
  eventType: WebhookEvent;
  /** Empty for all campaigns, which workspace-wide events require. */
  campaignIds: number[];
  /** Sent with each delivery. The only means by which a receiver can recognize HeyReach. */
  customHeaders: Record<string, string>;
}

export const webhooks = {
  /** Not deduplicated: each of two equal webhooks fires. Returns `webhookId`, or `id`. */
  create: operation<
    Pick<WebhookFields, 'webhookName' | 'webhookUrl' | 'eventType'> & {
      campaignIds?: number[] | undefined;
      customHeaders?: Record<string, string> | undefined;
    }
  >().answering('POST /webhooks/CreateWebhook', () => z.looseObject({ webhookId: id, id }).optional(), {
    retry: 'never',
    answers: 'maybe_object',
  }),
  getById: operation<{ webhookId: number; includeCustomHeaders?: boolean | undefined }>().answering(
    'GET /webhooks/GetWebhookById',
    webhook,
    { retry: 'safe', query: ['webhookId', 'includeCustomHeaders'] },
  ),
  getAll: operation<PageRequest & { includeCustomHeaders?: boolean | undefined }>().answering(
    'POST /webhooks/GetAllWebhooks',
    () => pageOf(webhook()),
    { retry: 'safe' },
  ),
  /** An omitted field keeps its value. */
  update: operation<
    { webhookId: number; isActive?: boolean | undefined } & {
      [Field in keyof WebhookFields]?: WebhookFields[Field] | undefined;
    }
  >().silent('PATCH /webhooks/UpdateWebhook', { retry: 'idempotent', query: ['webhookId'] }),
  delete: operation<{ webhookId: number }>().silent('DELETE /webhooks/DeleteWebhook', {
    retry: 'idempotent',
    query: ['webhookId'],
    body: false,
  }),
};
