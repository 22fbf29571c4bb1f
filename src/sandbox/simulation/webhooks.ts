import type { Campaign, Conversation, Enrolment, Person, Webhook } from '../model/index.ts';
import { Random } from '../random.ts';
import type { World } from '../state.ts';
import { DAY, HOUR, iso, MINUTE } from '../time.ts';
import type { QueuedDelivery } from './task-queue.ts';

/** The events a webhook can be created for, and whether they belong to campaigns or to the whole workspace. */
export const eventTypes: ReadonlyMap<string, 'campaign' | 'workspace'> = new Map([
  ['CONNECTION_REQUEST_SENT', 'campaign'],
  ['CONNECTION_REQUEST_ACCEPTED', 'campaign'],
  ['MESSAGE_SENT', 'campaign'],
  ['MESSAGE_REPLY_RECEIVED', 'campaign'],
  ['INMAIL_SENT', 'campaign'],
  ['INMAIL_REPLY_RECEIVED', 'campaign'],
  ['EVERY_MESSAGE_REPLY_RECEIVED', 'workspace'],
  ['FOLLOW_SENT', 'campaign'],
  ['LIKED_POST', 'campaign'],
  ['VIEWED_PROFILE', 'campaign'],
  ['CAMPAIGN_COMPLETED', 'campaign'],
  ['LEAD_TAG_UPDATED', 'workspace'],
  ['LEAD_AUTO_TAGGED_INTERESTED', 'campaign'],
  ['LEAD_AUTO_TAGGED_NOT_INTERESTED', 'campaign'],
  ['LEAD_AUTO_TAGGED_GENERIC', 'campaign'],
]);

/** The subject of an event. */
export interface EventContext {
  campaign?: Campaign | undefined;
  person?: Person | undefined;
  accountId?: number | undefined;
  enrolment?: Enrolment | undefined;
  conversation?: Conversation | undefined;
  isInMail?: boolean | undefined;
  text?: string | undefined;
}

function leadBody(world: World, person: Person): Record<string, unknown> {
  const lists = [...world.workspace.lists.values()].filter((list) => list.members.has(person.linkedinId));
  const fields = Object.fromEntries(person.customFields.map(({ name, value }) => [name, value]));
  return {
    id: person.linkedinId,
    profile_url: person.profileUrl,
    first_name: person.firstName,
    last_name: person.lastName,
    full_name: `${person.firstName} ${person.lastName}`,
    location: person.location,
    summary: person.summary,
    company_name: person.companyName,
    company_url: person.companyUrl,
    position: person.position,
    about: person.about,
    email_address: person.emailAddress,
    enriched_email: person.enrichedEmailAddress,
    custom_email: person.customEmailAddress,
    tags: person.tags,
    lists: lists.map(({ name, id }) => ({ name, id, custom_fields: fields })),
  };
}

function senderBody(world: World, accountId: number): Record<string, unknown> | null {
  const account = world.workspace.accounts.get(accountId);
  if (!account) return null;
  return {
    id: account.id,
    first_name: account.firstName,
    last_name: account.lastName,
    full_name: `${account.firstName} ${account.lastName}`,
    email_address: account.emailAddress,
    profile_url: account.profileUrl,
  };
}

function eventFields(eventType: string, context: EventContext): Record<string, unknown> {
  if (eventType.startsWith('CONNECTION_')) return { connection_message: context.enrolment?.note ?? '' };
  if (eventType === 'MESSAGE_SENT' || eventType === 'INMAIL_SENT') return { message_body: context.text ?? '' };
  if (eventType === 'LEAD_TAG_UPDATED') return { tags: context.person?.tags ?? [] };
  if (!eventType.endsWith('REPLY_RECEIVED')) return {};
  return {
    is_inmail: context.isInMail ?? false,
    conversation_id: context.conversation?.id ?? null,
    recent_messages: (context.conversation?.messages ?? []).slice(-5).map((message) => ({
      creation_time: iso(message.createdAt),
      message: message.body,
      is_reply: message.sender === 'CORRESPONDENT',
    })),
  };
}

/** The body of most events. */
function nestedBody(world: World, webhook: Webhook, eventType: string, at: number, context: EventContext) {
  const { campaign, person, accountId } = context;
  const random = new Random(world.seed, 'delivery', webhook.id, at, world.workspace.webhookDeliveries.length);
  return {
    event_type: eventType.toLowerCase(),
    timestamp: iso(at),
    correlation_id: random.uuid(),
    webhook_id: webhook.id,
    webhook_name: webhook.webhookName,
    ...eventFields(eventType, context),
    ...(person ? { lead: leadBody(world, person) } : {}),
    ...(accountId === undefined ? {} : { sender: senderBody(world, accountId) }),
    campaign: campaign ? { id: campaign.id, name: campaign.name, status: campaign.status } : null,
  };
}

/** The body of an automatic tag. A receiver reported it: flat, with names in camelCase, and without an id of the event. */
function flatBody(eventType: string, { campaign, person, accountId }: EventContext) {
  return {
    eventType,
    campaignId: campaign?.id ?? null,
    campaignName: campaign?.name ?? null,
    linkedInAccountId: accountId ?? null,
    leadProfileUrl: person?.profileUrl ?? null,
    leadEmailAddress: person?.emailAddress ?? null,
    leadFirstName: person?.firstName ?? null,
    leadLastName: person?.lastName ?? null,
    leadCompanyName: person?.companyName ?? null,
  };
}

/** Records the deliveries to all matching webhooks. Nothing leaves the machine. */
export function queueDeliveries(world: World, eventType: string, at: number, context: EventContext): void {
  if (!world.isLive) return;
  for (const webhook of world.workspace.webhooks.values()) {
    if (!webhook.isActive || webhook.eventType !== eventType) continue;
    if (webhook.campaignIds.length > 0 && !webhook.campaignIds.includes(context.campaign?.id ?? -1)) continue;
    const body = eventType.startsWith('LEAD_AUTO_TAGGED_')
      ? flatBody(eventType, context)
      : nestedBody(world, webhook, eventType, at, context);
    deliver(world, { webhookId: webhook.id, body, attempt: 1, firstAt: at }, at);
  }
}

/** The retries, after the first attempt. The vendor says five within a day, and not when. */
const RETRY_AFTER = [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY];

/** Records one attempt, and queues the next one where the receiver did not answer 200. */
export function deliver(world: World, delivery: QueuedDelivery, at: number): void {
  const { webhookId, body, attempt, firstAt } = delivery;
  const webhook = world.workspace.webhooks.get(webhookId);
  if (webhook?.isActive !== true) return;
  const status = attempt <= world.quirks.webhookFailures ? 500 : 200;
  world.workspace.webhookDeliveries.push({
    at,
    webhookId,
    url: webhook.webhookUrl,
    headers: { 'content-type': 'application/json', ...webhook.customHeaders },
    body,
    attempt,
    status,
  });
  const wait = RETRY_AFTER[attempt - 1];
  if (status === 200 || wait === undefined) return;
  world.tasks.push({ kind: 'webhook', at: firstAt + wait, delivery: { ...delivery, attempt: attempt + 1 } });
}
