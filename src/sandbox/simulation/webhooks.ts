import type { Campaign, Conversation, Enrolment, Person } from '../model.ts';
import { Random } from '../random.ts';
import { iso } from '../time.ts';
import type { World } from '../world.ts';

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

/** What an event is about. */
export interface Occasion {
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

function extras(eventType: string, occasion: Occasion): Record<string, unknown> {
  if (eventType.startsWith('CONNECTION_')) return { connection_message: occasion.enrolment?.note ?? '' };
  if (eventType === 'MESSAGE_SENT' || eventType === 'INMAIL_SENT') return { message_body: occasion.text ?? '' };
  if (eventType === 'LEAD_TAG_UPDATED') return { tags: occasion.person?.tags ?? [] };
  if (!eventType.endsWith('REPLY_RECEIVED')) return {};
  return {
    is_inmail: occasion.isInMail ?? false,
    conversation_id: occasion.conversation?.id ?? null,
    recent_messages: (occasion.conversation?.messages ?? []).slice(-5).map((message) => ({
      creation_time: iso(message.createdAt),
      message: message.body,
      is_reply: message.sender === 'CORRESPONDENT',
    })),
  };
}

/** Queues what every matching webhook would be sent. Nothing leaves the machine. */
export function fire(world: World, eventType: string, at: number, occasion: Occasion): void {
  if (!world.live) return;
  const { workspace } = world;
  for (const webhook of workspace.webhooks.values()) {
    if (!webhook.isActive || webhook.eventType !== eventType) continue;
    const { campaign, person, accountId } = occasion;
    if (webhook.campaignIds.length > 0 && !webhook.campaignIds.includes(campaign?.id ?? -1)) continue;
    const random = new Random(world.seed, 'delivery', webhook.id, at, workspace.webhookDeliveries.length);
    workspace.webhookDeliveries.push({
      at,
      webhookId: webhook.id,
      url: webhook.webhookUrl,
      headers: { 'content-type': 'application/json', ...webhook.customHeaders },
      body: {
        event_type: eventType.toLowerCase(),
        timestamp: iso(at),
        correlation_id: random.uuid(),
        webhook_id: webhook.id,
        webhook_name: webhook.webhookName,
        ...extras(eventType, occasion),
        ...(person ? { lead: leadBody(world, person) } : {}),
        ...(accountId === undefined ? {} : { sender: senderBody(world, accountId) }),
        campaign: campaign ? { id: campaign.id, name: campaign.name, status: campaign.status } : null,
      },
    });
  }
}
