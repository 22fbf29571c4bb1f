import { isRecord } from '../../lib/json.ts';
import { readSteps, type Step } from '../sequence/steps.ts';
import type { StageLead } from './stages.ts';

/**
 * Whether a lead that accepted an invitation gets its first message:
 * - `comes`: the campaign runs, and a message step follows the acceptance, or an acceptance in time
 * - `held`: the campaign or the lead is paused, or the campaign has not started
 * - `never`: the lead or the campaign has ended, or no message step follows
 * - `unknown`: the sequence does not tell
 */
export type AcceptedOutcome = 'never' | 'held' | 'comes' | 'unknown';

/** What a sequence sends after an acceptance. Undefined where the sequence could not be read. */
export type AfterAcceptance =
  | 'message'
  | 'message where accepted in time'
  | 'message where accepted late'
  | 'no message'
  | undefined;

const ENDED_LEADS = new Set(['Finished', 'Failed', 'Excluded']);
const ENDED_CAMPAIGNS = new Set(['FINISHED', 'FAILED', 'CANCELED']);

/** @param after is needed for leads that a running campaign still works on. */
export function acceptedOutcome(
  { status, campaign, errorCode }: StageLead,
  after: AfterAcceptance,
): { outcome: AcceptedOutcome; reason: string } {
  const campaignStatus = campaign.status ?? '';
  if (ENDED_LEADS.has(status)) {
    return {
      outcome: 'never',
      reason: `lead ${status.toLowerCase()}${errorCode === undefined ? '' : `: ${errorCode}`}`,
    };
  }
  if (ENDED_CAMPAIGNS.has(campaignStatus)) {
    return { outcome: 'never', reason: `campaign ${campaignStatus.toLowerCase()}` };
  }
  if (campaignStatus !== 'IN_PROGRESS') return { outcome: 'held', reason: `campaign ${campaignStatus.toLowerCase()}` };
  if (status === 'Paused') return { outcome: 'held', reason: 'lead paused' };
  switch (after) {
    case 'message':
      return { outcome: 'comes', reason: 'message step follows' };
    case 'message where accepted in time':
      return { outcome: 'comes', reason: 'message step follows an acceptance in time' };
    case 'no message':
      return { outcome: 'never', reason: 'no message step follows' };
    case 'message where accepted late':
      return { outcome: 'unknown', reason: 'message step only after a late acceptance' };
    case undefined:
      return { outcome: 'unknown', reason: 'sequence not read' };
  }
}

/** Whether the outcome of a lead depends on the sequence of its campaign. */
export function needsSequence({ status, campaign }: StageLead): boolean {
  return campaign.status === 'IN_PROGRESS' && !ENDED_LEADS.has(status) && status !== 'Paused';
}

/**
 * What a sequence sends to a person who accepts. HeyReach does not say where a lead is in the tree. A person who accepts in
 * time goes on after the yes branch of the invitation.
 */
export function afterAcceptance(sequence: unknown): AfterAcceptance {
  const steps = readSteps(sequence);
  const messages = steps.filter(({ type }) => type === 'MESSAGE');
  if (messages.length === 0) return 'no message';
  const invitations = steps.filter(({ type }) => type === 'CONNECTION_REQUEST');
  if (invitations.length === 0) return 'message';
  if (!messages.some(isAfterYes)) return 'message where accepted late';
  // A lead that accepts after the no branch has begun stays on it. At its END the lead is finished.
  return invitations.some(hasNoBranch) ? 'message where accepted in time' : 'message';
}

function hasNoBranch({ node }: Step): boolean {
  const next = node?.unconditionalNode;
  return isRecord(next) && next.nodeType !== 'END';
}

/** Whether a step is on the yes branch of an invitation. */
function isAfterYes(step: Step): boolean {
  for (let at: Step = step; at.parent !== undefined; at = at.parent) {
    const { type, node } = at.parent;
    if (type === 'CONNECTION_REQUEST' && isRecord(node?.conditionalNode) && node.conditionalNode === at.node)
      return true;
  }
  return false;
}

/** The longest wait between two steps of a sequence, in ms. */
export function longestWait(sequence: unknown): number {
  const HOUR_MS = 3_600_000;
  const waits = readSteps(sequence).map(({ hours, parent }) => hours - (parent?.hours ?? 0));
  return Math.max(0, ...waits) * HOUR_MS;
}
