import type { NodeType, SequenceNode } from '../../client/operations/sequence.ts';
import { countNoun } from '../../lib/text-format.ts';
import { readTexts } from '../../views/sequence-texts.ts';
import { plain, quote } from './markdown.ts';
import type { Markdown } from './types.ts';

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

/** The names of the two branches of a branching step. */
const SIDES: Partial<Record<NodeType, [yes: string, no: string]>> = {
  CONNECTION_REQUEST: ['accepted', 'not accepted'],
  CHECK_IS_CONNECTION: ['connected', 'not connected'],
  CHECK_IS_OPEN_PROFILE: ['open', 'not open'],
  FIND_EMAIL: ['found', 'not found'],
};

interface NumberedStep {
  node: SequenceNode;
  number: number;
  /** The step before, and its branch. */
  from: { number: number; side: string } | undefined;
}

interface SequenceContext {
  campaignId: number;
  name: string | null | undefined;
  status: string | null | undefined;
  hasTool(name: string): boolean;
}

type Child = SequenceNode | null | undefined;

/** A sequence as text: numbered steps, each with its delay, its texts and its next step. */
export function describeSequence(
  root: SequenceNode | undefined,
  { campaignId, name, status, hasTool }: SequenceContext,
): Markdown {
  const title = `# Sequence of ${plain(name) || 'a campaign'}\n\nCampaign ${campaignId}, ${plain(status) || 'of unknown status'}.`;
  const { steps, numbers } = numberSteps(root);
  const replyNote = steps.some(({ node }) => node.nodeType === 'MESSAGE' || node.nodeType === 'INMAIL')
    ? ' A lead who replies gets no further steps.'
    : '';
  const about = root === undefined ? 'It has no sequence yet.' : `${countNoun(steps.length, 'step')}.${replyNote}`;
  return {
    head: `${title} ${about}`,
    pieces: steps.map((step) => showStep(step, numbers)),
    keep: 'first',
    leftOutNote(count) {
      const hint = hasTool('get_campaign_sequence') ? '; get_campaign_sequence returns the tree, branch by branch' : '';
      return `${countNoun(count, 'more step is', 'more steps are')} left out here${hint}.`;
    },
  };
}

/** All steps except END, in the order a lead meets them, the yes branch first. */
function numberSteps(root: SequenceNode | undefined) {
  const steps: NumberedStep[] = [];
  const numbers = new Map<SequenceNode, number>();
  const open: { node: Child; from: NumberedStep['from'] }[] = [{ node: root, from: undefined }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, from } = next;
    if (node == null || isEnd(node)) continue;
    const number = steps.length + 1;
    steps.push({ node, number, from });
    numbers.set(node, number);
    const [yes, no] = SIDES[node.nodeType] ?? ['replied', ''];
    // A stack: the yes branch, pushed last, is next.
    open.push({ node: node.unconditionalNode, from: { number, side: no } });
    open.push({ node: node.conditionalNode, from: { number, side: yes } });
  }
  return { steps, numbers };
}

function isEnd(node: Child): boolean {
  return node == null || node.nodeType === 'END';
}

function showStep({ node, number, from }: NumberedStep, numbers: ReadonlyMap<SequenceNode, number>): string {
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
  return actionDelay ? countNoun(actionDelay, actionDelayUnit === 'DAY' ? 'day' : 'hour') : '';
}

/** The next step, where the sequence branches or ends. */
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
  const { messages: _, fallbackMessage: __, toBeWithdrawnAfterDays: days, ...others } = payload ?? {};
  const texts = readTexts(payload);
  const variants = texts.variants.map(joinParts);
  const settings = Object.entries(others).filter(([, value]) => value != null && typeof value !== 'object');
  return [
    ...(variants.length > 1 ? ['One of these, chosen at random:'] : []),
    ...variants.flatMap((text, at) => (at === 0 ? [quote(text)] : ['or', quote(text)])),
    ...(texts.fallback === undefined ? [] : ['If a variable has no value:', quote(joinParts(texts.fallback))]),
    ...(typeof days === 'number' ? [`Withdrawn after ${countNoun(days, 'day')} if not accepted.`] : []),
    ...(settings.length === 0
      ? []
      : [settings.map(([name, value]) => `- ${plain(name)}: ${plain(String(value))}`).join('\n')]),
  ];
}

/** The text of a message, or of an InMail with its subject. */
function joinParts(parts: readonly string[]): string {
  const [first = '', second] = parts;
  return second === undefined ? first.trim() : `Subject: ${first}\n\n${second}`;
}
