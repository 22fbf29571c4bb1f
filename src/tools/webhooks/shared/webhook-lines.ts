import { HeyReachError } from '../../../client/index.ts';
import type { Webhook, WebhookEvent } from '../../../client/operations/webhooks.ts';
import { escapeMarkdown, escapeName, literal, quoteName, showConstant } from '../../../lib/outside-text.ts';
import { unreachableReason } from '../../../lib/reachable-address.ts';
import { inline } from '../../../lib/text-format.ts';
import type { ToolContext } from '../../../mcp/tool.ts';

const MAX_URL = 2_000;

/** The trigger of a webhook, as a clause after "each time". */
const EVENTS: Record<WebhookEvent, string> = {
  CONNECTION_REQUEST_SENT: 'a campaign sent a connection request',
  CONNECTION_REQUEST_ACCEPTED: 'a person accepted a connection request',
  MESSAGE_SENT: 'a campaign sent a message',
  MESSAGE_REPLY_RECEIVED: "a person answered a campaign's message for the first time",
  INMAIL_SENT: 'a campaign sent an InMail',
  INMAIL_REPLY_RECEIVED: "a person answered a campaign's InMail for the first time",
  EVERY_MESSAGE_REPLY_RECEIVED: 'a person answered in any conversation of the workspace',
  FOLLOW_SENT: 'a campaign followed a person',
  LIKED_POST: "a campaign liked a person's post",
  VIEWED_PROFILE: "a campaign viewed a person's profile",
  CAMPAIGN_COMPLETED: 'a campaign was completed',
  LEAD_TAG_UPDATED: 'the tags of a person changed in the workspace',
  LEAD_AUTO_TAGGED_INTERESTED: 'HeyReach tagged a lead as interested',
  LEAD_AUTO_TAGGED_NOT_INTERESTED: 'HeyReach tagged a lead as not interested',
  LEAD_AUTO_TAGGED_GENERIC: 'HeyReach automatically gave a lead another tag',
};

/** `a campaign sent a message (MESSAGE_SENT)`. */
export function showEvent(eventType: string | null | undefined): string {
  const name = showConstant(eventType);
  if (name === '') return 'an unknown event happened';
  return Object.hasOwn(EVENTS, name) ? `${EVENTS[name as WebhookEvent]} (${name})` : name;
}

/** The data that each call of a webhook sends out of the workspace. */
export function contentsOf(eventType: string | null | undefined): string {
  if (eventType === 'CAMPAIGN_COMPLETED') return 'name and state of the campaign';
  const people = 'names, profiles, e-mail addresses, tags and custom fields of leads';
  if (/MESSAGE|INMAIL/.test(eventType ?? '')) return `${people}, and their messages`;
  return eventType?.startsWith('CONNECTION_') ? `${people}, and the text of the request` : people;
}

/** The normalised address, equal for all spellings of it. */
export function plainAddress(address: string | null | undefined): string {
  return address != null && URL.canParse(address) ? new URL(address).href : (address ?? '');
}

/** An address in a line of a preview. */
export function showAddress(address: string | null | undefined): string {
  return address ? literal(plainAddress(address)) : 'unknown';
}

/** An address among the facts of a preview. */
export function addressFact(address: string | null | undefined): string {
  return inline(plainAddress(address), MAX_URL) || 'unknown';
}

/** The host that gets the data. The rest of an address is not shown, because it often holds a secret. */
export function hostOf(address: string | null | undefined): string {
  return (address != null && URL.canParse(address) && inline(new URL(address).host, MAX_URL)) || 'an unknown host';
}

/** The host in a line of a preview. */
export function showHost(address: string | null | undefined): string {
  return address != null && URL.canParse(address) ? literal(new URL(address).host) : 'an unknown host';
}

/** Warnings about parts of an address that are easy to miss. */
export function addressWarnings(address: string): string[] {
  const { protocol, username, password } = new URL(address);
  const unreachable = unreachableReason(address);
  return [
    ...(unreachable === undefined ? [] : [`${escapeMarkdown(unreachable)} The webhook would deliver nothing.`]),
    ...(protocol === 'http:' ? ['The address is not encrypted (http). Others can read the data in transit.'] : []),
    ...(username + password === ''
      ? []
      : [`The part of the address before the @ is not a host. The data goes to ${showHost(address)}.`]),
  ];
}

/**
 * Rejects an address that HeyReach cannot reach where no person is asked. Elsewhere the preview warns of it.
 * @throws HeyReachError `not_sent`.
 */
export function checkReachable(address: string | undefined, { isConfirmed }: ToolContext): void {
  const reason = address === undefined || isConfirmed ? undefined : unreachableReason(address);
  if (reason === undefined) return;
  throw new HeyReachError({
    kind: 'invalid_input',
    outcome: 'not_sent',
    message: `webhookUrl: ${reason.replace(/\.$/, '')}`,
    meaning: 'The webhook would deliver nothing, so nothing was changed.',
    nextStep: 'Give an address of the public internet.',
  });
}

/** Whether a webhook delivers events, in words. */
export function switchedLine(isActive: boolean | null | undefined): string {
  if (isActive == null) return 'HeyReach does not say whether it is on';
  return isActive ? 'switched on' : 'switched off';
}

/** A webhook as previews show it. */
export function showWebhook(webhook: Webhook, webhookId: number) {
  const name = quoteName(webhook.webhookName);
  const title = name === '' ? `webhook ${webhookId}` : name;
  return {
    title,
    /** `"Replies" (webhook 29001), switched on`. */
    line: `${name === '' ? title : `${title} (webhook ${webhookId})`}, ${switchedLine(webhook.isActive)}`,
    facts: { webhookId, webhookName: inline(webhook.webhookName), host: hostOf(webhook.webhookUrl) },
  };
}

/** Names of custom headers in a line of a preview. */
export function showHeaders(names: readonly string[] | undefined): string {
  return names?.map((name) => escapeName(name)).join(', ') || 'none';
}

/** The names of custom headers, without their values. undefined when they were not read. */
export function headerNames({ customHeaders }: Webhook): string[] | undefined {
  return customHeaders === undefined ? undefined : Object.keys(customHeaders ?? {}).map((name) => inline(name));
}

/** The state that must not change between preview and call. */
export function boundStateOf(webhook: Webhook): unknown {
  const { webhookName, webhookUrl, eventType, campaignIds, isActive } = webhook;
  const campaigns = campaignIds?.toSorted((a, b) => a - b);
  return { webhookName, webhookUrl, eventType, campaigns, isActive, headers: headerNames(webhook)?.toSorted() };
}
