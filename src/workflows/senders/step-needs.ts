import type { LinkedInAccount } from '../../client/operations/linkedin-accounts.ts';
import type { NodeType, SequenceNode } from '../../client/operations/sequence.ts';
import { isBlank } from '../../lib/blank-text.ts';

/** What a step uses up of a sender. */
export interface SenderAction {
  nodeType: NodeType;
  /** In the plural, such as `invitations`. */
  name: string;
  /** The allowance a day. */
  limit:
    | 'connectioRequestLimit'
    | 'inMailLimit'
    | 'messageLimit'
    | 'profileViewLimit'
    | 'followLimit'
    | 'postLikeLimit';
  cooldown?: 'connectionRequestCooldown' | 'inMailCooldown';
}

export const INVITATIONS: SenderAction = {
  nodeType: 'CONNECTION_REQUEST',
  name: 'invitations',
  limit: 'connectioRequestLimit',
  cooldown: 'connectionRequestCooldown',
};

/** In the order in which they limit a campaign: the scarcest first. */
const ACTIONS: readonly SenderAction[] = [
  INVITATIONS,
  { nodeType: 'INMAIL', name: 'InMails', limit: 'inMailLimit', cooldown: 'inMailCooldown' },
  { nodeType: 'MESSAGE', name: 'messages', limit: 'messageLimit' },
  { nodeType: 'VIEW_PROFILE', name: 'profile views', limit: 'profileViewLimit' },
  { nodeType: 'FOLLOW', name: 'follows', limit: 'followLimit' },
  { nodeType: 'LIKE_POST', name: 'likes', limit: 'postLikeLimit' },
];

/** Steps that only a sender with Sales Navigator can do. */
const NAVIGATOR_STEPS: readonly NodeType[] = ['INMAIL', 'CHECK_IS_OPEN_PROFILE'];

/** What the steps of a sequence need of its senders. */
export interface StepNeeds {
  actions: readonly SenderAction[];
  /** The steps that need Sales Navigator. */
  navigatorSteps: readonly NodeType[];
  /** An invitation has a note. */
  hasNote: boolean;
  steps: number;
}

/** @param root undefined where the sequence is not known or not there. */
export function needsOf(root: SequenceNode | null | undefined): StepNeeds {
  const types = new Set<NodeType>();
  let hasNote = false;
  let steps = 0;
  const walk = (node: SequenceNode | null | undefined) => {
    if (node == null) return;
    const { nodeType, payload, conditionalNode, unconditionalNode } = node;
    types.add(nodeType);
    if (nodeType !== 'END') steps += 1;
    const messages = nodeType === 'CONNECTION_REQUEST' ? payload?.messages : undefined;
    hasNote ||= Array.isArray(messages) && messages.some((text) => typeof text === 'string' && !isBlank(text));
    walk(conditionalNode);
    walk(unconditionalNode);
  };
  walk(root);
  return {
    actions: ACTIONS.filter(({ nodeType }) => types.has(nodeType)),
    navigatorSteps: NAVIGATOR_STEPS.filter((nodeType) => types.has(nodeType)),
    hasNote,
    steps,
  };
}

/** Why a sender sends nothing at all. Undefined where it works. */
export function whySenderCannotSend(account: LinkedInAccount): string | undefined {
  if (account.authIsValid === false) return 'login invalid';
  return account.isActive === false ? 'switched off' : undefined;
}

/** How often a sender can do an action a day. 0 where it cannot now, null where its allowance is unknown. */
export function allowanceOf(account: LinkedInAccount, { limit, cooldown }: SenderAction): number | null {
  const isHeld = cooldown !== undefined && account[cooldown] === true;
  return whySenderCannotSend(account) !== undefined || isHeld ? 0 : (account.accountLimits?.[limit] ?? null);
}
