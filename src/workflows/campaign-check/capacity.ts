import type { NodeType, SequenceNode } from '../../client/operations/sequence.ts';
import { countNoun } from '../../lib/text-format.ts';
import { capacityWarnings } from '../senders/capacity-warnings.ts';
import { allowanceOf, INVITATIONS, needsOf, type SenderAction } from '../senders/step-needs.ts';
import { sumOf } from '../shared/rates.ts';
import { type CampaignCheck, checked, finding } from './outcome.ts';
import type { CampaignSenders } from './senders.ts';

const FIX = 'See get_sender_capacity, or add senders with add_campaign_accounts.';

/** The work of a campaign. What is not known is null. */
export interface Capacity {
  leads: number | null;
  /** How many `actions` its senders can do a day. */
  perDay: number | null;
  actions: string | null;
  days: number | null;
}

/**
 * How many days the leads of a campaign take, as if its senders worked for no other campaign.
 * @param leads who would begin. Null where it is unknown.
 * @param senders undefined where they could not be read.
 * @param root undefined where the campaign has no sequence yet. Most sequences begin with an invitation.
 */
export function checkCapacity(
  leads: number | null,
  senders: CampaignSenders | undefined,
  root: SequenceNode | undefined,
): CampaignCheck<Capacity> {
  const actions = root === undefined ? [INVITATIONS] : needsOf(root).actions;
  const [action] = actions;
  if (action === undefined) return checked([], { leads, perDay: null, actions: null, days: null });
  const known = (senders?.ids ?? []).flatMap((id) => {
    const account = senders?.accounts.get(id);
    return account === undefined ? [] : [{ ...account, id }];
  });
  const sumFor = (senderAction: SenderAction) => sumOf(known.map((sender) => allowanceOf(sender, senderAction)));
  const perDay = senders === undefined ? null : sumFor(action);
  const days = leads === 0 ? 0 : leads === null || perDay === null || perDay === 0 ? null : Math.ceil(leads / perDay);
  const facts = { leads, perDay, actions: action.name, days };
  if (perDay === 0) {
    const held = new Set(actions.filter((senderAction) => sumFor(senderAction) === 0).map(({ nodeType }) => nodeType));
    const isStop = root === undefined || !pathsOf(root, held).has('goes on');
    const all = leads === null ? 'its leads wait' : `${countNoun(leads, 'lead')} would wait`;
    const problem = `No sender can send ${action.name} now, so ${isStop ? all : 'leads on that branch would wait'}`;
    return checked(leads === 0 ? [] : [finding(isStop ? 'stop' : 'warn', 'capacity', problem, FIX)], facts);
  }
  const rows = known.map((sender) => ({ sender, perDay: allowanceOf(sender, action), queue: null }));
  const warnings =
    action.nodeType === 'CONNECTION_REQUEST' && leads !== null && perDay !== null
      ? capacityWarnings(rows, leads, undefined)
      : [];
  return checked(
    warnings.map((problem) => finding('warn', 'capacity', problem.replace(/\.$/, ''), FIX)),
    facts,
    { isUnread: leads === null || perDay === null },
  );
}

type Outcome = 'goes on' | 'waits' | 'does nothing';

/** How the paths of a sequence end where no sender can do the steps of some types. */
function pathsOf(node: SequenceNode | null | undefined, held: ReadonlySet<NodeType>): ReadonlySet<Outcome> {
  if (node == null) return new Set(['does nothing']);
  const { nodeType, conditionalNode, unconditionalNode } = node;
  if (held.has(nodeType)) return new Set(['waits']);
  const branches = [conditionalNode, unconditionalNode].filter((branch) => branch != null);
  const after =
    branches.length === 0 ? (['does nothing'] as const) : branches.flatMap((branch) => [...pathsOf(branch, held)]);
  const { actions } = needsOf({ nodeType });
  return new Set(after.map((end) => (actions.length > 0 && end === 'does nothing' ? 'goes on' : end)));
}
