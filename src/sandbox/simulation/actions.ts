import type { Account, ActivityKind, Campaign, Enrolment, Person } from '../model.ts';
import { roll } from '../random.ts';
import { replyText } from '../seed/texts.ts';
import type { World } from '../world.ts';
import { append, threadOf } from './conversations.ts';
import { fire } from './webhooks.ts';

/** A lead's action in a campaign, with everybody concerned. */
export interface Scene {
  world: World;
  campaign: Campaign;
  enrolment: Enrolment;
  person: Person;
  account: Account;
  at: number;
}

function count(scene: Scene, kind: ActivityKind): void {
  const { world, campaign, enrolment, at } = scene;
  world.workspace.activity.push({ at, kind, accountId: enrolment.senderId, campaignId: campaign.id });
}

function acted(scene: Scene): void {
  scene.enrolment.lastActionTime = scene.at;
  scene.enrolment.status = 'InSequence';
}

function contacted(scene: Scene): void {
  if (scene.enrolment.contacted) return;
  scene.enrolment.contacted = true;
  count(scene, 'uniqueLeadsContacted');
}

function occasion(scene: Scene) {
  return {
    campaign: scene.campaign,
    person: scene.person,
    accountId: scene.account.id,
    enrolment: scene.enrolment,
  };
}

/** Adds to the tally of what would have arrived at people. */
export function reach(
  world: World,
  kind: 'messages' | 'invitations' | 'inmails',
  item: { at: number; accountId: number; campaignId: number | null; profileUrl: string; text: string },
): void {
  if (world.live) world.reached[kind].push(item);
}

function reachLead(scene: Scene, kind: 'messages' | 'invitations' | 'inmails', text: string): void {
  const { world, at, account, campaign, person } = scene;
  reach(world, kind, { at, accountId: account.id, campaignId: campaign.id, profileUrl: person.profileUrl, text });
}

const VARIABLE = /\{\{?\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}?\}/g;

/** Puts a lead's values into a template; undefined when a variable has none, so that the fallback goes out. */
export function render(template: string, person: Person, account: Account): string | undefined {
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

/** Is this person a first-degree connection of the sender? */
export function isConnected(scene: Scene): boolean {
  return scene.world.workspace.network.get(scene.account.id)?.has(scene.person.linkedinId) ?? false;
}

/** Makes two people connected. */
function connect(world: World, accountId: number, personId: string, at: number): void {
  const network = world.workspace.network.get(accountId) ?? new Map<string, number>();
  network.set(personId, at);
  world.workspace.network.set(accountId, network);
}

export function viewProfile(scene: Scene): void {
  acted(scene);
  count(scene, 'profileViews');
  fire(scene.world, 'VIEWED_PROFILE', scene.at, occasion(scene));
}

export function follow(scene: Scene): void {
  acted(scene);
  count(scene, 'follows');
  fire(scene.world, 'FOLLOW_SENT', scene.at, occasion(scene));
}

export function likePost(scene: Scene): void {
  acted(scene);
  count(scene, 'postLikes');
  fire(scene.world, 'LIKED_POST', scene.at, occasion(scene));
}

export function invite(scene: Scene, note: string): void {
  acted(scene);
  contacted(scene);
  scene.enrolment.connection = 'ConnectionSent';
  scene.enrolment.note = note;
  count(scene, 'connectionsSent');
  reachLead(scene, 'invitations', note);
  fire(scene.world, 'CONNECTION_REQUEST_SENT', scene.at, occasion(scene));
}

export function acceptInvitation(scene: Scene): void {
  acted(scene);
  scene.enrolment.connection = 'ConnectionAccepted';
  connect(scene.world, scene.account.id, scene.person.linkedinId, scene.at);
  count(scene, 'connectionsAccepted');
  fire(scene.world, 'CONNECTION_REQUEST_ACCEPTED', scene.at, occasion(scene));
}

/** Sends a campaign message or InMail: it stands in the conversation at once. */
export function write(scene: Scene, body: string, subject: string | null, isInMail: boolean): void {
  const { world, campaign, enrolment, at } = scene;
  acted(scene);
  contacted(scene);
  if (enrolment.message === 'None') {
    enrolment.message = 'MessageSent';
    count(scene, isInMail ? 'totalInmailStarted' : 'totalMessageStarted');
  }
  count(scene, isInMail ? 'inmailMessagesSent' : 'messagesSent');
  const thread = threadOf(world, enrolment.senderId, enrolment.personId);
  if (!thread.campaignIds.includes(campaign.id)) thread.campaignIds.push(campaign.id);
  append(thread, { createdAt: at, body, subject, postLink: null, isInMail, sender: 'ME' });
  thread.read = true;
  reachLead(scene, isInMail ? 'inmails' : 'messages', body);
  fire(world, isInMail ? 'INMAIL_SENT' : 'MESSAGE_SENT', at, { ...occasion(scene), text: body });
}

/** The lead answers: the thread becomes unread, the lead's sequence ends, the reply is classified. */
export function answer(scene: Scene, isInMail: boolean, text?: string): void {
  const { world, campaign, enrolment, person, at } = scene;
  const mood = roll(world.seed, 'mood', campaign.id, person.linkedinId);
  const tag = text !== undefined || mood < 0.4 ? 'Interested' : mood < 0.7 ? 'Not Interested' : 'Generic';
  const body = text ?? replyText(tag, roll(world.seed, 'words', campaign.id, person.linkedinId));
  const thread = threadOf(world, enrolment.senderId, enrolment.personId);
  append(thread, { createdAt: at, body, subject: null, postLink: null, isInMail, sender: 'CORRESPONDENT' });
  const about = { ...occasion(scene), conversation: thread, isInMail };
  if (enrolment.message === 'MessageSent') {
    enrolment.message = 'MessageReply';
    count(scene, isInMail ? 'totalInmailReplies' : 'totalMessageReplies');
    fire(world, isInMail ? 'INMAIL_REPLY_RECEIVED' : 'MESSAGE_REPLY_RECEIVED', at, about);
  }
  fire(world, 'EVERY_MESSAGE_REPLY_RECEIVED', at, about);
  if (person.autoTags.some((known) => known.campaignId === campaign.id)) return;
  person.autoTags.push({ name: tag, campaignId: campaign.id });
  count(scene, 'totalAutoTagged');
  if (tag === 'Interested') count(scene, 'autoTaggedInterested');
  fire(world, `LEAD_AUTO_TAGGED_${tag.toUpperCase().replace(' ', '_')}`, at, about);
}
