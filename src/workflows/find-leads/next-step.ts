import type { FoundLead } from './found-lead.ts';
import type { Stage } from './stages.ts';

interface Result {
  stage: Stage;
  leads: readonly FoundLead[];
  shown: number;
  output: 'rows' | 'file';
  /** Campaigns whose leads were read. */
  campaigns: number;
}

/** What to do about the leads. Absent where nothing follows. */
export function nextStepOf(result: Result): { nextStep?: string } {
  const steps = [...whyNone(result), ...remediesFor(result), ...moreRows(result)];
  return steps.length === 0 ? {} : { nextStep: steps.join(' ') };
}

function whyNone({ stage, campaigns }: Result): string[] {
  if (campaigns > 0) return [];
  const which = stage === 'stalled' ? 'No campaign is IN_PROGRESS, and only their leads stall' : 'No campaign fits';
  return [`${which}: no leads were read. Change campaignIds or statuses.`];
}

function remediesFor({ stage, leads }: Result): string[] {
  if (leads.length === 0) return [];
  const has = (test: (lead: FoundLead) => boolean) => leads.some(test);
  switch (stage) {
    case 'accepted_not_messaged':
      return [
        ...(has(({ outcome }) => outcome === 'held') ? ['held: messages go out after resume_campaign.'] : []),
        ...(has(({ outcome }) => outcome === 'never')
          ? [
              'never: this API sends no first message; import_leads with resultId adds them to a campaign with a message step.',
            ]
          : []),
        ...(has(({ inboxContact }) => inboxContact?.theyWrote === true)
          ? ['wroteToUs: answer with send_message.']
          : []),
      ];
    case 'invite_pending':
      return ['This API withdraws no invitation; a sequence does with toBeWithdrawnAfterDays.'];
    case 'no_reply':
      return ['import_leads with resultId adds them to a campaign that follows up.'];
    case 'stalled':
      return ['get_sender_capacity says which senders do not work.'];
    default:
      return [];
  }
}

function moreRows({ leads, shown, output }: Result): string[] {
  const more = leads.length - shown;
  return output === 'file' || more === 0 ? [] : [`${more} more rows: in the file, or with limit.`];
}
