import type { Account, ActivityKind, Campaign, Enrolment, Person } from '../model/index.ts';
import { roll } from '../random.ts';
import { replyText } from '../seed/texts.ts';
import type { World } from '../state.ts';
import { append, threadOf } from './conversations.ts';
import { queueDeliveries } from './webhooks.ts';

/** The lead, campaign and sender of a step. */
export interface StepContext {
  world: World;
  campaign: Campaign;
  enrolment: Enrolment;
  person: Person;
  account: Account;
  at: number;
}

function countActivity(context: StepContext, kind: ActivityKind): void {
  const { world, campaign, enrolment, at } = context;
  const { senderId: accountId, personId } = enrolment;
  world.workspace.activity.push({ at, kind, accountId, campaignId: campaign.id, personId });
}

function markActive(context: StepContext): void {
  context.enrolment.lastActionTime = context.at;
  context.enrolment.status = 'InSequence';
}

function markContacted(context: StepContext): void {
  if (context.enrolment.contacted) return;
  context.enrolment.contacted = true;
  countActivity(context, 'uniqueLeadsContacted');
}

function eventContextOf(context: StepContext) {
  return {
    campaign: context.campaign,
    person: context.person,
    accountId: context.account.id,
    enrolment: context.enrolment,
  };
}

/** Records an item that would have reached a person. */
export function recordReached(
  world: World,
  kind: 'messages' | 'invitations' | 'inmails',
  item: { at: number; accountId: number; campaignId: number | null; profileUrl: string; text: string },
): void {
  if (world.isLive) world.reached[kind].push(item);
}

function recordReachedLead(context: StepContext, kind: 'messages' | 'invitations' | 'inmails', text: string): void {
  const { world, at, account, campaign, person } = context;
  recordReached(world, kind, {
    at,
    accountId: account.id,
    campaignId: campaign.id,
    profileUrl: person.profileUrl,
    text,
  });
}

const VARIABLE = /\{\{?\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}?\}/g;

/** Fills a template with a lead's values. undefined when a value is missing: then the fallback is sent. */
export function renderTemplate(template: string, person: Person, account: Account): string | undefined {
  const values = new Map<string, string | null>([
    ['firstname', person.firstName],
    ['lastname', person.lastName],
    ['company', person.companyName],
    ['companyname', person.companyName],
    ['position', person.position],
    ['industry', person.industry],
    ['location', person.location],
    ['myfirstname', account.firstName],
    ['mylastname', account.lastName],
    ...person.customFields.map(({ name, value }): [string, string] => [name.toLowerCase().replaceAll('_', ''), value]),
  ]);
  let missing = false;
  const text = template.replace(VARIABLE, (_all, name: string) => {
    const value = values.get(name.toLowerCase().replaceAll('_', ''));
    if (!value) missing = true;
    return value ?? '';
  });
  return missing ? undefined : text;
}

/** Whether the person is a first-degree connection of the sender. */
export function isConnected(context: StepContext): boolean {
  return context.world.workspace.network.get(context.account.id)?.has(context.person.linkedinId) ?? false;
}

function connect(world: World, accountId: number, personId: string, at: number): void {
  const network = world.workspace.network.get(accountId) ?? new Map<string, number>();
  network.set(personId, at);
  world.workspace.network.set(accountId, network);
}

export function viewProfile(context: StepContext): void {
  markActive(context);
  countActivity(context, 'profileViews');
  queueDeliveries(context.world, 'VIEWED_PROFILE', context.at, eventContextOf(context));
}

export function follow(context: StepContext): void {
  markActive(context);
  countActivity(context, 'follows');
  queueDeliveries(context.world, 'FOLLOW_SENT', context.at, eventContextOf(context));
}

export function likePost(context: StepContext): void {
  markActive(context);
  countActivity(context, 'postLikes');
  queueDeliveries(context.world, 'LIKED_POST', context.at, eventContextOf(context));
}

export function invite(context: StepContext, note: string): void {
  markActive(context);
  markContacted(context);
  context.enrolment.connection = 'ConnectionSent';
  context.enrolment.note = note;
  countActivity(context, 'connectionsSent');
  recordReachedLead(context, 'invitations', note);
  queueDeliveries(context.world, 'CONNECTION_REQUEST_SENT', context.at, eventContextOf(context));
}

export function acceptInvitation(context: StepContext): void {
  markActive(context);
  context.enrolment.connection = 'ConnectionAccepted';
  connect(context.world, context.account.id, context.person.linkedinId, context.at);
  countActivity(context, 'connectionsAccepted');
  queueDeliveries(context.world, 'CONNECTION_REQUEST_ACCEPTED', context.at, eventContextOf(context));
}

/** Sends a campaign message or InMail. The conversation has it at once. */
export function sendText(context: StepContext, body: string, subject: string | null, isInMail: boolean): void {
  const { world, campaign, enrolment, at } = context;
  markActive(context);
  markContacted(context);
  if (enrolment.message === 'None') {
    enrolment.message = 'MessageSent';
    countActivity(context, isInMail ? 'totalInmailStarted' : 'totalMessageStarted');
  }
  countActivity(context, isInMail ? 'inmailMessagesSent' : 'messagesSent');
  const thread = threadOf(world, enrolment.senderId, enrolment.personId);
  if (!thread.campaignIds.includes(campaign.id)) thread.campaignIds.push(campaign.id);
  append(thread, { createdAt: at, body, subject, postLink: null, isInMail, sender: 'ME' });
  thread.read = true;
  recordReachedLead(context, isInMail ? 'inmails' : 'messages', body);
  queueDeliveries(world, isInMail ? 'INMAIL_SENT' : 'MESSAGE_SENT', at, { ...eventContextOf(context), text: body });
}

/** The lead replies: the thread becomes unread and the reply is classified. */
export function receiveReply(context: StepContext, isInMail: boolean, text?: string): void {
  const { world, campaign, enrolment, person, at } = context;
  const mood = roll(world.seed, 'mood', campaign.id, person.linkedinId);
  const tag = text !== undefined || mood < 0.4 ? 'Interested' : mood < 0.7 ? 'Not Interested' : 'Generic';
  const body = text ?? replyText(tag, roll(world.seed, 'words', campaign.id, person.linkedinId));
  const thread = threadOf(world, enrolment.senderId, enrolment.personId);
  append(thread, { createdAt: at, body, subject: null, postLink: null, isInMail, sender: 'CORRESPONDENT' });
  const about = { ...eventContextOf(context), conversation: thread, isInMail };
  if (enrolment.message === 'MessageSent') {
    enrolment.message = 'MessageReply';
    countActivity(context, isInMail ? 'totalInmailReplies' : 'totalMessageReplies');
    queueDeliveries(world, isInMail ? 'INMAIL_REPLY_RECEIVED' : 'MESSAGE_REPLY_RECEIVED', at, about);
  }
  queueDeliveries(world, 'EVERY_MESSAGE_REPLY_RECEIVED', at, about);
  if (person.autoTags.some((autoTag) => autoTag.campaignId === campaign.id)) return;
  person.autoTags.push({ name: tag, campaignId: campaign.id });
  countActivity(context, 'totalAutoTagged');
  if (tag === 'Interested') countActivity(context, 'autoTaggedInterested');
  queueDeliveries(world, `LEAD_AUTO_TAGGED_${tag.toUpperCase().replace(' ', '_')}`, at, about);
}
