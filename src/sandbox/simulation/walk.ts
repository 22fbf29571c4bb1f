import type { AccountLimits, Campaign, Enrolment, NodeType, SequenceNode } from '../model.ts';
import { roll } from '../random.ts';
import { DAY, dayOf, HOUR, MINUTE } from '../time.ts';
import type { World } from '../world.ts';
import * as actions from './actions.ts';
import { delayOf, isBlacklisted, isOver, nodeAt, planStep } from './enrolments.ts';
import { finishIfDone } from './lifecycle.ts';
import { nextDayOpening, nextOpening } from './schedule.ts';

/** Ends a lead's way. */
export function endLead(
  world: World,
  campaign: Campaign,
  enrolment: Enrolment,
  status: 'Finished' | 'Failed' | 'Excluded' | 'Stopped',
  at: number,
): void {
  enrolment.status = status;
  enrolment.token++;
  enrolment.dueAt = null;
  finishIfDone(world, campaign, at);
}

const ALLOWANCES: Partial<Record<NodeType, keyof AccountLimits>> = {
  CONNECTION_REQUEST: 'connectioRequestLimit',
  MESSAGE: 'messageLimit',
  INMAIL: 'inMailLimit',
  VIEW_PROFILE: 'profileViewLimit',
  FOLLOW: 'followLimit',
  LIKE_POST: 'postLikeLimit',
};

/** Takes one action from the seat's daily allowance, which all of its campaigns share. False when it is used up. */
function allow(scene: actions.Scene, node: SequenceNode): boolean {
  const limit = ALLOWANCES[node.nodeType];
  if (limit === undefined) return true;
  const { account, world, at } = scene;
  if (!account.isActive || !account.authIsValid) return false;
  if (node.nodeType === 'CONNECTION_REQUEST' && account.connectionRequestCooldown) return false;
  if (node.nodeType === 'INMAIL' && (account.inMailCooldown || !account.isValidNavigator)) return false;
  const key = `${account.id}:${dayOf(at)}:${node.nodeType}`;
  const used = world.workspace.usage.get(key) ?? 0;
  if (used >= account.accountLimits[limit]) return false;
  world.workspace.usage.set(key, used + 1);
  return true;
}

/** The scene of a lead's next action, or undefined when the seat or the person is gone. */
export function sceneOf(world: World, campaign: Campaign, enrolment: Enrolment, at: number): actions.Scene | undefined {
  const person = world.workspace.people.get(enrolment.personId);
  const account = world.workspace.accounts.get(enrolment.senderId);
  return person && account ? { world, campaign, enrolment, person, account, at } : undefined;
}

const FAILURES = [
  ['PROFILE_NOT_FOUND', 'The LinkedIn profile could not be found.'],
  ['PROFILE_UNREACHABLE', 'The profile cannot be reached by this sender.'],
  ['CANNOT_RESEND_YET', 'LinkedIn does not allow another invitation to this person yet.'],
] as const;

function fail(scene: actions.Scene, code: string, message: string): void {
  const { world, campaign, enrolment, at } = scene;
  enrolment.failedTime = at;
  enrolment.errorCode = code;
  enrolment.statusMessage = message;
  endLead(world, campaign, enrolment, 'Failed', at);
}

/** Does what stands at the lead's position and plans what comes after. */
export function step(world: World, campaign: Campaign, enrolment: Enrolment, at: number): void {
  if (isOver(enrolment) || campaign.status !== 'IN_PROGRESS') return;
  const node = nodeAt(campaign.sequence, enrolment.path);
  const scene = sceneOf(world, campaign, enrolment, at);
  if (!node || !scene || node.nodeType === 'END') {
    endLead(world, campaign, enrolment, 'Finished', at);
    return;
  }
  if (isBlacklisted(world, enrolment.personId)) {
    endLead(world, campaign, enrolment, 'Excluded', at);
    return;
  }
  if (ALLOWANCES[node.nodeType] !== undefined) {
    const spread = roll(world.seed, 'spread', campaign.id, enrolment.personId, at) * 6 * HOUR;
    const opening = nextOpening(campaign.schedule, at);
    if (opening > at) {
      planStep(world, campaign, enrolment, opening + spread);
      return;
    }
    if (!enrolment.contacted && roll(world.seed, 'fail', campaign.id, enrolment.personId) < 0.035) {
      const [code, message] = FAILURES[Math.floor(roll(world.seed, 'why', enrolment.personId) * FAILURES.length)]!;
      fail(scene, code, message);
      return;
    }
    if (!allow(scene, node)) {
      planStep(world, campaign, enrolment, nextDayOpening(campaign.schedule, at) + spread);
      return;
    }
  }
  perform(scene, node);
}

function go(scene: actions.Scene, turn: 'c' | 'u'): void {
  const { world, campaign, enrolment, at } = scene;
  enrolment.path += turn;
  const next = nodeAt(campaign.sequence, enrolment.path);
  if (enrolment.status === 'Pending') enrolment.status = 'InSequence';
  const pause = Math.floor(roll(world.seed, 'pause', campaign.id, enrolment.personId, enrolment.path) * 20 * MINUTE);
  planStep(world, campaign, enrolment, at + (next ? delayOf(next) + pause : 0));
}

function perform(scene: actions.Scene, node: SequenceNode): void {
  switch (node.nodeType) {
    case 'VIEW_PROFILE':
      actions.viewProfile(scene);
      go(scene, 'u');
      return;
    case 'FOLLOW':
      actions.follow(scene);
      go(scene, 'u');
      return;
    case 'LIKE_POST':
      actions.likePost(scene);
      go(scene, 'u');
      return;
    case 'CONNECTION_REQUEST':
      requestConnection(scene, node);
      return;
    case 'CHECK_IS_CONNECTION':
      go(scene, actions.isConnected(scene) ? 'c' : 'u');
      return;
    case 'CHECK_IS_OPEN_PROFILE':
      go(scene, scene.person.openProfile ? 'c' : 'u');
      return;
    case 'FIND_EMAIL':
      go(scene, findEmail(scene) ? 'c' : 'u');
      return;
    case 'MESSAGE':
      if (!actions.isConnected(scene)) {
        fail(scene, 'NOT_CONNECTED', 'The lead is not a connection of this sender.');
        return;
      }
      sendMessage(scene, node, false);
      return;
    case 'INMAIL':
      sendMessage(scene, node, true);
      return;
    default:
      go(scene, 'u');
      return;
  }
}

function findEmail(scene: actions.Scene): boolean {
  const { person, world } = scene;
  if (person.emailAddress !== null || person.enrichedEmailAddress !== null) return true;
  if (roll(world.seed, 'email', person.linkedinId) > 0.6) return false;
  person.enrichedEmailAddress = `${person.linkedinId}@example.com`;
  person.emailEnrichments.push(person.enrichedEmailAddress);
  return true;
}

function chooseTemplate(scene: actions.Scene, templates: string[], fallback: string): string {
  const { world, campaign, enrolment, person, account } = scene;
  const chosen =
    templates[
      Math.floor(roll(world.seed, 'variant', campaign.id, enrolment.personId, enrolment.path) * templates.length)
    ];
  return actions.render(chosen ?? '', person, account) ?? fallback;
}

function requestConnection(scene: actions.Scene, node: SequenceNode): void {
  if (actions.isConnected(scene)) {
    go(scene, 'c');
    return;
  }
  const { world, campaign, enrolment, at } = scene;
  const payload = node.payload as { messages?: string[]; fallbackMessage?: string | null } | undefined;
  actions.invite(scene, chooseTemplate(scene, payload?.messages ?? [], payload?.fallbackMessage ?? ''));
  // Without an acceptance the lead goes on by itself after the delay of the other branch.
  const otherwise = nodeAt(campaign.sequence, `${enrolment.path}u`);
  const patience = otherwise ? delayOf(otherwise) : 14 * DAY;
  enrolment.path += 'u';
  planStep(world, campaign, enrolment, at + patience);
  if (roll(world.seed, 'accepts', campaign.id, enrolment.personId) > 0.34) return;
  const after = HOUR + roll(world.seed, 'acceptsAfter', campaign.id, enrolment.personId) ** 2 * 6 * DAY;
  const { personId } = enrolment;
  world.tasks.push({
    kind: 'accept',
    at: Math.floor(at + after),
    campaignId: campaign.id,
    personId,
    path: enrolment.path,
  });
}

/** An invitation is accepted: if the lead is still waiting for it, it goes on along the accepted branch. */
export function accept(world: World, campaign: Campaign, enrolment: Enrolment, path: string, at: number): void {
  const scene = sceneOf(world, campaign, enrolment, at);
  if (!scene || enrolment.connection !== 'ConnectionSent') return;
  const over = isOver(enrolment);
  const { status } = enrolment;
  actions.acceptInvitation(scene);
  if (over) enrolment.status = status;
  if (over || enrolment.path !== path) return;
  enrolment.path = enrolment.path.slice(0, -1);
  go(scene, 'c');
}

interface Inmail {
  subject?: string;
  message?: string;
}

function sendMessage(scene: actions.Scene, node: SequenceNode, isInMail: boolean): void {
  const { world, campaign, enrolment, at } = scene;
  const messages = (node.payload?.messages ?? []) as (string | Inmail)[];
  const fallback = node.payload?.fallbackMessage as string | Inmail | null | undefined;
  const wordsOf = (item: string | Inmail | null | undefined): string =>
    typeof item === 'string' ? item : (item?.message ?? '');
  const first = messages[0];
  const subject = isInMail && typeof first === 'object' ? (first.subject ?? '') : null;
  actions.write(scene, chooseTemplate(scene, messages.map(wordsOf), wordsOf(fallback)), subject, isInMail);
  const { personId } = enrolment;
  if (roll(world.seed, 'replies', campaign.id, personId, enrolment.path) < 0.24) {
    const after = 20 * MINUTE + roll(world.seed, 'repliesAfter', campaign.id, personId) ** 2 * 3 * DAY;
    world.tasks.push({
      kind: 'reply',
      at: Math.floor(at + after),
      campaignId: campaign.id,
      personId,
      inMail: isInMail,
    });
  }
  go(scene, 'u');
}

/** The lead answers, which ends its sequence. */
export function reply(world: World, campaign: Campaign, enrolment: Enrolment, inMail: boolean, at: number): void {
  const scene = sceneOf(world, campaign, enrolment, at);
  if (!scene) return;
  actions.answer(scene, inMail);
  if (!isOver(enrolment)) endLead(world, campaign, enrolment, 'Finished', at);
}
