import type { Webhook, WebhookEvent } from '../../client/operations/webhooks.ts';
import { inline } from '../preview.ts';

const LONGEST_URL = 2_000;

/** When a webhook is called, to follow "each time". */
const EVENTS: Record<WebhookEvent, string> = {
  CONNECTION_REQUEST_SENT: 'a campaign sent a connection request',
  CONNECTION_REQUEST_ACCEPTED: 'somebody accepted a connection request',
  MESSAGE_SENT: 'a campaign sent a message',
  MESSAGE_REPLY_RECEIVED: "somebody answered a campaign's message for the first time",
  INMAIL_SENT: 'a campaign sent an InMail',
  INMAIL_REPLY_RECEIVED: "somebody answered a campaign's InMail for the first time",
  EVERY_MESSAGE_REPLY_RECEIVED: 'anybody answered in any conversation of the workspace',
  FOLLOW_SENT: 'a campaign followed somebody',
  LIKED_POST: "a campaign liked somebody's post",
  VIEWED_PROFILE: "a campaign viewed somebody's profile",
  CAMPAIGN_COMPLETED: 'a campaign was completed',
  LEAD_TAG_UPDATED: "anybody's tags changed in the workspace",
  LEAD_AUTO_TAGGED_INTERESTED: 'HeyReach tagged a lead as interested',
  LEAD_AUTO_TAGGED_NOT_INTERESTED: 'HeyReach tagged a lead as not interested',
  LEAD_AUTO_TAGGED_GENERIC: 'HeyReach tagged a lead by itself in another way',
};

/** `a campaign sent a message (MESSAGE_SENT)`. */
export function showEvent(eventType: string | null | undefined): string {
  const name = inline(eventType);
  if (name === '') return 'something that HeyReach does not say';
  return Object.hasOwn(EVENTS, name) ? `${EVENTS[name as WebhookEvent]} (${name})` : name;
}

/** What every call of a webhook carries out of the workspace. */
export function contentsOf(eventType: string | null | undefined): string {
  if (eventType === 'CAMPAIGN_COMPLETED') return 'name and state of the campaign';
  const people = 'names, profiles, e-mail addresses, tags and custom fields of leads';
  if (/MESSAGE|INMAIL/.test(eventType ?? '')) return `${people}, and their messages`;
  return eventType?.startsWith('CONNECTION_') ? `${people}, and the text of the request` : people;
}

/** An address as it is called: equal for all its spellings. */
export function plainAddress(address: string | null | undefined): string {
  return address != null && URL.canParse(address) ? new URL(address).href : (address ?? '');
}

export function showAddress(address: string | null | undefined): string {
  return inline(plainAddress(address), LONGEST_URL) || 'an address that HeyReach does not say';
}

/** The host of an address: whoever runs it gets the data, and the rest of an address is often a password. */
export function hostOf(address: string | null | undefined): string {
  return (address != null && URL.canParse(address) && inline(new URL(address).host, LONGEST_URL)) || 'an unknown host';
}

/** What is easily overlooked in an address. */
export function addressWarnings(address: string): string[] {
  const { protocol, username, password, host } = new URL(address);
  return [
    ...(protocol === 'http:' ? ['The address is not encrypted (http): what goes there can be read on the way.'] : []),
    ...(username + password === ''
      ? []
      : [`What stands before the @ of the address is no host: the data goes to ${host}.`]),
  ];
}

export function switchedLine(isActive: boolean | null | undefined): string {
  if (isActive == null) return 'HeyReach does not say whether it is on';
  return isActive ? 'switched on' : 'switched off';
}

/** How previews name a webhook. */
export function showWebhook(webhook: Webhook, webhookId: number) {
  const name = inline(webhook.webhookName);
  const title = name === '' ? `webhook ${webhookId}` : `"${name}"`;
  return {
    title,
    /** `"Replies" (webhook 29001), switched on`. */
    line: `${name === '' ? title : `${title} (webhook ${webhookId})`}, ${switchedLine(webhook.isActive)}`,
    facts: { webhookId, webhookName: name, host: hostOf(webhook.webhookUrl) },
  };
}

/** Names of custom headers; their values may be secrets. undefined where they were not read. */
export function headerNames({ customHeaders }: Webhook): string[] | undefined {
  return customHeaders === undefined ? undefined : Object.keys(customHeaders ?? {}).map((name) => inline(name));
}

/** What a webhook has to be still when it is changed. */
export function bindsOf(webhook: Webhook): unknown {
  const { webhookName, webhookUrl, eventType, campaignIds, isActive } = webhook;
  const campaigns = campaignIds?.toSorted((a, b) => a - b);
  return { webhookName, webhookUrl, eventType, campaigns, isActive, headers: headerNames(webhook)?.toSorted() };
}
