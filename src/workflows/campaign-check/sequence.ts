import type { LeadProfile } from '../../client/operations/fields.ts';
import type { SequenceNode } from '../../client/operations/sequence.ts';
import { needsOf } from '../senders/step-needs.ts';
import { lintSequence } from '../sequence/lint.ts';
import { type CampaignCheck, checked } from './outcome.ts';

/** The number of steps, without END. Null where they are not known. */
export interface SequenceFacts {
  steps: number | null;
}

/**
 * Checks the tree, its texts, and the values that leads have for its variables.
 * @param sequence null where the campaign has none, undefined where it could not be read.
 * @param leads the members of its list.
 * @param areAllRead the values of all leads are known. Otherwise the check is not `ok`.
 */
export function checkSequenceTexts(
  sequence: SequenceNode | null | undefined,
  leads: readonly LeadProfile[],
  areAllRead: boolean,
): CampaignCheck<SequenceFacts> {
  if (sequence === undefined) return checked([], { steps: null }, { isUnread: true });
  return checked(lintSequence(sequence, { leads }), { steps: needsOf(sequence).steps }, { isUnread: !areAllRead });
}
