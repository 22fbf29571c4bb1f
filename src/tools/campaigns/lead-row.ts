import type { CampaignLead } from '../../client/operations/campaigns.ts';
import { personRow } from '../person-row.ts';

/** The compact form of a person in a campaign: how far they are, and who they are. */
export function campaignLeadRow(lead: CampaignLead) {
  const { linkedInUserProfile, linkedInUserProfileId: _, ...enrolment } = lead;
  return { ...enrolment, ...personRow(linkedInUserProfile), id: lead.id };
}
