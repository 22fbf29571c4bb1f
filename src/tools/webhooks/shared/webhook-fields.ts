import * as z from 'zod';
import { WEBHOOK_EVENTS, type Webhook, type WebhookEvent } from '../../../client/operations/webhooks.ts';
import { lazy } from '../../../lib/lazy.ts';
import { acceptOlderForm, content, copied, ids, list, notBlank } from '../../../mcp/arguments/fields.ts';

/** Replaces the value of a custom header, which may be a secret. */
const MASK = '********';
const WORKSPACE_WIDE: readonly string[] = ['EVERY_MESSAGE_REPLY_RECEIVED', 'LEAD_TAG_UPDATED'] satisfies WebhookEvent[];

export const nameField = lazy(() => content('Name, 3 to 25 characters', 25, 3));
export const urlField = lazy(() =>
  copied(
    z
      .string()
      .max(2_000)
      .refine(
        (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
        'must be an absolute http(s) URL',
      )
      .describe('URL that HeyReach calls'),
  ),
);
export const eventField = lazy(() => z.enum(WEBHOOK_EVENTS).describe('Event that triggers it'));
export const campaignsField = lazy(() => ids('Only these campaigns; empty: all'));

const header = lazy(() =>
  z.strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/, 'must be a header name: letters, digits and -')
      .describe('Letters, digits, -'),
    value: z.string().check(notBlank, z.maxLength(4_000)).describe('Value'),
  }),
);

/** Custom headers: a list for the model, an object for HeyReach. Model APIs drop the content of an object without fields. */
export const headersField = lazy(() =>
  acceptOlderForm(
    list(header(), 'Headers to send, e.g. a secret that identifies HeyReach', { max: 50 })
      .superRefine(rejectRepeatedNames)
      .transform(
        (headers): Record<string, string> => Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      ),
    (headers) => Object.entries(headers).map(([name, value]) => ({ name, value })),
  ),
);

function rejectRepeatedNames(headers: z.output<ReturnType<typeof header>>[], refinement: z.RefinementCtx): void {
  const names = new Set<string>();
  for (const [index, { name }] of headers.entries()) {
    if (names.has(name.toLowerCase())) {
      refinement.addIssue({ code: 'custom', path: [index, 'name'], message: 'repeats the name of another header' });
    }
    names.add(name.toLowerCase());
  }
}

/** True for events of the whole workspace, which take no campaigns. */
export function isWorkspaceWide(eventType: string | null | undefined): boolean {
  return eventType != null && WORKSPACE_WIDE.includes(eventType);
}

/** Rejects campaigns with a workspace-wide event, and masked header values, which must not be written back. */
export function checkWebhook(input: {
  eventType?: string | undefined;
  campaignIds?: number[] | undefined;
  customHeaders?: Record<string, string> | undefined;
}): string | undefined {
  const { eventType, campaignIds = [], customHeaders = {} } = input;
  if (isWorkspaceWide(eventType) && campaignIds.length > 0) {
    return `campaignIds must be empty for ${eventType}, which covers the whole workspace`;
  }
  const masked = Object.entries(customHeaders).find(([, value]) => value.includes(MASK));
  if (masked === undefined) return undefined;
  return `customHeaders.${masked[0]} holds a masked value; give the real value, which get_webhook returns with includeSecrets, or omit customHeaders to keep the current headers`;
}

/** A copy of the webhook with masked header values. */
export function maskWebhook(webhook: Webhook): Webhook {
  if (webhook.customHeaders == null) return webhook;
  const masked = Object.fromEntries(Object.keys(webhook.customHeaders).map((name) => [name, MASK]));
  return { ...webhook, customHeaders: masked };
}
