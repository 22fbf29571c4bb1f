import type { AccountLimits, Campaign, Enrolment, NodeType, SequenceNode } from '../model/index.ts';
import { roll } from '../random.ts';
import type { World } from '../state.ts';
import { DAY, dayOf, HOUR, MINUTE } from '../time.ts';
import * as actions from './actions.ts';
import { finishIfDone } from './campaign-lifecycle.ts';
import { delayOf, isBlacklisted, isOver, nodeAt, planStep } from './enrolments.ts';
import { nextDayOpening, nextOpening } from './schedule.ts';

/** Ends a lead's sequence. */
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

/** Takes one action from the sender's daily allowance, which its campaigns share. @returns false when it is used up. */
function takeAllowance(context: actions.StepContext, node: SequenceNode): boolean {
  const limit = ALLOWANCES[node.nodeType];
  if (limit === undefined) return true;
  const { account, world, at } = context;
  if (!account.isActive || !account.authIsValid) return false;
  if (node.nodeType === 'CONNECTION_REQUEST' && account.connectionRequestCooldown) return false;
  if (node.nodeType === 'INMAIL' && (account.inMailCooldown || !account.isValidNavigator)) return false;
  const key = `${account.id}:${dayOf(at)}:${node.nodeType}`;
  const used = world.workspace.usage.get(key) ?? 0;
  if (used >= account.accountLimits[limit]) return false;
  world.workspace.usage.set(key, used + 1);
  return true;
}

/** The context of a lead's next step. undefined when the sender or the person is gone. */
export function stepContextOf(
  world: World,
  campaign: Campaign,
  enrolment: Enrolment,
  at: number,
): actions.StepContext | undefined {
  const person = world.workspace.people.get(enrolment.personId);
  const account = world.workspace.accounts.get(enrolment.senderId);
  return person && account ? { world, campaign, enrolment, person, account, at } : undefined;
}

const FAILURES = [
  ['PROFILE_NOT_FOUND', 'The LinkedIn profile could not be found.'],
  ['PROFILE_UNREACHABLE', 'The profile cannot be reached by this sender.'],
  ['CANNOT_RESEND_YET', 'LinkedIn does not allow another invitation to this person yet.'],
] as const;

function failLead(context: actions.StepContext, code: string, message: string): void {
  const { world, campaign, enrolment, at } = context;
  enrolment.failedTime = at;
  enrolment.errorCode = code;
  enrolment.statusMessage = message;
  endLead(world, campaign, enrolment, 'Failed', at);
}

/** Runs the node at the lead's position and plans the next step. */
export function runStep(world: World, campaign: Campaign, enrolment: Enrolment, at: number): void {
  if (isOver(enrolment) || campaign.status !== 'IN_PROGRESS') return;
  const node = nodeAt(campaign.sequence, enrolment.path);
  const context = stepContextOf(world, campaign, enrolment, at);
  if (!node || !context || node.nodeType === 'END') {
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
      failLead(context, code, message);
      return;
    }
    if (!takeAllowance(context, node)) {
      planStep(world, campaign, enrolment, nextDayOpening(campaign.schedule, at) + spread);
      return;
    }
  }
  runNode(context, node);
}

function moveOn(context: actions.StepContext, branch: 'c' | 'u'): void {
  const { world, campaign, enrolment, at } = context;
  enrolment.path += branch;
  const next = nodeAt(campaign.sequence, enrolment.path);
  if (enrolment.status === 'Pending') enrolment.status = 'InSequence';
  const pause = Math.floor(roll(world.seed, 'pause', campaign.id, enrolment.personId, enrolment.path) * 20 * MINUTE);
  planStep(world, campaign, enrolment, at + (next ? delayOf(next) + pause : 0));
}

function runNode(context: actions.StepContext, node: SequenceNode): void {
  switch (node.nodeType) {
    case 'VIEW_PROFILE':
      actions.viewProfile(context);
      moveOn(context, 'u');
      return;
    case 'FOLLOW':
      actions.follow(context);
      moveOn(context, 'u');
      return;
    case 'LIKE_POST':
      actions.likePost(context);
      moveOn(context, 'u');
      return;
    case 'CONNECTION_REQUEST':
      requestConnection(context, node);
      return;
    case 'CHECK_IS_CONNECTION':
      moveOn(context, actions.isConnected(context) ? 'c' : 'u');
      return;
    case 'CHECK_IS_OPEN_PROFILE':
      moveOn(context, context.person.openProfile ? 'c' : 'u');
      return;
    case 'FIND_EMAIL':
      moveOn(context, findEmail(context) ? 'c' : 'u');
      return;
    case 'MESSAGE':
      if (!actions.isConnected(context)) {
        failLead(context, 'NOT_CONNECTED', 'The lead is not a connection of this sender.');
        return;
      }
      sendMessage(context, node, false);
      return;
    case 'INMAIL':
      sendMessage(context, node, true);
      return;
    default:
      moveOn(context, 'u');
      return;
  }
}

function findEmail(context: actions.StepContext): boolean {
  const { person, world } = context;
  if (person.emailAddress !== null || person.enrichedEmailAddress !== null) return true;
  if (roll(world.seed, 'email', person.linkedinId) > 0.6) return false;
  person.enrichedEmailAddress = `${person.linkedinId}@example.com`;
  person.emailEnrichments.push(person.enrichedEmailAddress);
  return true;
}

function chooseTemplate(context: actions.StepContext, templates: string[], fallback: string): string {
  const { world, campaign, enrolment, person, account } = context;
  const chosen =
    templates[
      Math.floor(roll(world.seed, 'variant', campaign.id, enrolment.personId, enrolment.path) * templates.length)
    ];
  return actions.renderTemplate(chosen ?? '', person, account) ?? fallback;
}

function requestConnection(context: actions.StepContext, node: SequenceNode): void {
  if (actions.isConnected(context)) {
    moveOn(context, 'c');
    return;
  }
  const { world, campaign, enrolment, at } = context;
  const payload = node.payload as { messages?: string[]; fallbackMessage?: string | null } | undefined;
  actions.invite(context, chooseTemplate(context, payload?.messages ?? [], payload?.fallbackMessage ?? ''));
  // Without an acceptance the lead continues after the delay of the other branch.
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

/** An invitation is accepted. A lead that still waits for it continues on the accepted branch. */
export function acceptInvitation(
  world: World,
  campaign: Campaign,
  enrolment: Enrolment,
  path: string,
  at: number,
): void {
  const context = stepContextOf(world, campaign, enrolment, at);
  if (!context || enrolment.connection !== 'ConnectionSent') return;
  const wasOver = isOver(enrolment);
  const { status } = enrolment;
  actions.acceptInvitation(context);
  if (wasOver) enrolment.status = status;
  if (wasOver || enrolment.path !== path) return;
  enrolment.path = enrolment.path.slice(0, -1);
  moveOn(context, 'c');
}

interface Inmail {
  subject?: string;
  message?: string;
}

function sendMessage(context: actions.StepContext, node: SequenceNode, isInMail: boolean): void {
  const { world, campaign, enrolment, at } = context;
  const messages = (node.payload?.messages ?? []) as (string | Inmail)[];
  const fallback = node.payload?.fallbackMessage as string | Inmail | null | undefined;
  const wordsOf = (item: string | Inmail | null | undefined): string =>
    typeof item === 'string' ? item : (item?.message ?? '');
  const first = messages[0];
  const subject = isInMail && typeof first === 'object' ? (first.subject ?? '') : null;
  actions.sendText(context, chooseTemplate(context, messages.map(wordsOf), wordsOf(fallback)), subject, isInMail);
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
  moveOn(context, 'u');
}

/** The lead replies, which ends its sequence. */
export function receiveReply(
  world: World,
  campaign: Campaign,
  enrolment: Enrolment,
  inMail: boolean,
  at: number,
): void {
  const context = stepContextOf(world, campaign, enrolment, at);
  if (!context) return;
  actions.receiveReply(context, inMail);
  if (!isOver(enrolment)) endLead(world, campaign, enrolment, 'Finished', at);
}
