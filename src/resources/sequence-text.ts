import type { NodeType, SequenceNode } from '../client/operations/sequence.ts';
import { counted } from '../tools/preview.ts';
import { plain, quote } from './markdown.ts';
import type { Markdown } from './resource.ts';

const TITLES: Record<NodeType, string> = {
  CONNECTION_REQUEST: 'Connection request',
  CHECK_IS_CONNECTION: 'Check: connected already?',
  CHECK_IS_OPEN_PROFILE: 'Check: an open profile?',
  FIND_EMAIL: 'Find an e-mail address',
  MESSAGE: 'Message',
  INMAIL: 'InMail',
  LIKE_POST: 'Like a post',
  VIEW_PROFILE: 'View the profile',
  FOLLOW: 'Follow',
  SEND_LEAD_TO_INSTANTLY: 'Hand the lead to Instantly',
  SEND_LEAD_TO_SMARTLEAD: 'Hand the lead to SmartLead',
  SEND_LEAD_TO_BISON: 'Hand the lead to Bison',
  END: 'The end',
};

/** What decides between the two sides of a branching step: if so, if not. */
const SIDES: Partial<Record<NodeType, [yes: string, no: string]>> = {
  CONNECTION_REQUEST: ['accepted', 'not accepted'],
  CHECK_IS_CONNECTION: ['connected', 'not connected'],
  CHECK_IS_OPEN_PROFILE: ['open', 'not open'],
  FIND_EMAIL: ['found', 'not found'],
};

interface Step {
  node: SequenceNode;
  number: number;
  /** After which step and on which side of it. */
  from: { number: number; side: string } | undefined;
}

interface Around {
  campaignId: number;
  name: string | null | undefined;
  status: string | null | undefined;
  hasTool(name: string): boolean;
}

type Child = SequenceNode | null | undefined;

/** A sequence for a person to read: its steps by number, each with its delay, its texts, and where it goes on. */
export function describeSequence(
  root: SequenceNode | undefined,
  { campaignId, name, status, hasTool }: Around,
): Markdown {
  const title = `# Sequence of ${plain(name) || 'a campaign'}\n\nCampaign ${campaignId}, ${plain(status) || 'of unknown status'}.`;
  const { steps, numbers } = numberSteps(root);
  const answer = steps.some(({ node }) => node.nodeType === 'MESSAGE' || node.nodeType === 'INMAIL')
    ? ' Whoever replies gets nothing more.'
    : '';
  const about = root === undefined ? 'It has no sequence yet.' : `${counted(steps.length, 'step')}.${answer}`;
  return {
    head: `${title} ${about}`,
    pieces: steps.map((step) => showStep(step, numbers)),
    keep: 'first',
    leftOut(count) {
      const way = hasTool('get_campaign_sequence') ? '; get_campaign_sequence gives the tree, branch by branch' : '';
      return `${counted(count, 'more step is', 'more steps are')} left out here${way}.`;
    },
  };
}

/** All steps but ends, in the order in which a lead meets them, the side of a yes first. */
function numberSteps(root: SequenceNode | undefined) {
  const steps: Step[] = [];
  const numbers = new Map<SequenceNode, number>();
  const open: { node: Child; from: Step['from'] }[] = [{ node: root, from: undefined }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, from } = next;
    if (node == null || isEnd(node)) continue;
    const number = steps.length + 1;
    steps.push({ node, number, from });
    numbers.set(node, number);
    const [yes, no] = SIDES[node.nodeType] ?? ['replied', ''];
    // The last one put there is the next one taken.
    open.push({ node: node.unconditionalNode, from: { number, side: no } });
    open.push({ node: node.conditionalNode, from: { number, side: yes } });
  }
  return { steps, numbers };
}

function isEnd(node: Child): boolean {
  return node == null || node.nodeType === 'END';
}

function showStep({ node, number, from }: Step, numbers: ReadonlyMap<SequenceNode, number>): string {
  const title = TITLES[node.nodeType] ?? (plain(node.nodeType) || 'A step');
  const wait = waitOf(node);
  const place =
    from === undefined
      ? wait === ''
        ? 'At once.'
        : `After ${wait}.`
      : `${wait === '' ? 'Right' : wait} after step ${from.number}${from.side === '' ? '' : `, if ${from.side}`}.`;
  return [`## ${number}. ${title}`, place, ...showPayload(node.payload), ...showNext(node, numbers)].join('\n\n');
}

function waitOf({ actionDelay, actionDelayUnit }: SequenceNode): string {
  return actionDelay ? counted(actionDelay, actionDelayUnit === 'DAY' ? 'day' : 'hour') : '';
}

/** Where it goes on: said where there is a choice, or an end. */
function showNext(node: SequenceNode, numbers: ReadonlyMap<SequenceNode, number>): string[] {
  const sides = SIDES[node.nodeType];
  const to = (child: Child) => {
    const number = child == null ? undefined : numbers.get(child);
    const wait = child == null ? '' : waitOf(child);
    return number === undefined ? `the end${wait === '' ? '' : ` after ${wait}`}` : `step ${number}`;
  };
  if (sides !== undefined) {
    return [`- If ${sides[0]}: ${to(node.conditionalNode)}\n- If ${sides[1]}: ${to(node.unconditionalNode)}`];
  }
  return isEnd(node.unconditionalNode) ? [`Then ${to(node.unconditionalNode)}.`] : [];
}

function showPayload(payload: SequenceNode['payload']): string[] {
  const { messages, fallbackMessage, toBeWithdrawnAfterDays: days, ...others } = payload ?? {};
  const variants = (Array.isArray(messages) ? messages : [messages]).map(textOf).filter((text) => text !== '');
  const fallback = textOf(fallbackMessage);
  const settings = Object.entries(others).filter(([, value]) => value != null && typeof value !== 'object');
  return [
    ...(variants.length > 1 ? ['One of these, picked by chance:'] : []),
    ...variants.flatMap((text, at) => (at === 0 ? [quote(text)] : ['or', quote(text)])),
    ...(fallback === '' ? [] : ['Where a variable has no value:', quote(fallback)]),
    ...(typeof days === 'number' ? [`Withdrawn after ${counted(days, 'day')} without an answer.`] : []),
    ...(settings.length === 0
      ? []
      : [settings.map(([name, value]) => `- ${plain(name)}: ${plain(String(value))}`).join('\n')]),
  ];
}

/** A message, or an InMail with its subject. */
function textOf(message: unknown): string {
  if (typeof message === 'string') return message.trim();
  const { subject, message: body } = (message ?? {}) as Record<string, unknown>;
  const lines = [...(typeof subject === 'string' && subject !== '' ? [`Subject: ${subject}`, ''] : []), body];
  return lines.filter((line) => typeof line === 'string').join('\n');
}
