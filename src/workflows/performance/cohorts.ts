import type { CampaignLead } from '../../client/operations/campaigns.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import { throttleProgress } from '../shared/throttled-progress.ts';
import type { WorkTime } from '../shared/work-time.ts';

const MAX_PAGES = 200;
/** Campaigns that are read at the same time. */
const MAX_CAMPAIGNS = 20;

/** Of the leads that began in a campaign long enough ago: how many were invited, and how many of these accepted. */
export interface Cohort {
  invited: number;
  accepted: number;
}

/** Which leads are in a cohort. */
interface CohortRule {
  /** They began by this moment. HeyReach keeps no time of an invitation. */
  before: number;
  /** They belong to one of these senders. All senders where it is empty or undefined. */
  senders?: readonly number[] | undefined;
}

/** The cohort among the leads of a campaign. */
function cohortOf(leads: readonly CampaignLead[], { before, senders = [] }: CohortRule): Cohort {
  const old = leads.filter(
    ({ creationTime, linkedInSenderId }) =>
      creationTime != null &&
      Date.parse(creationTime) <= before &&
      (senders.length === 0 || senders.includes(linkedInSenderId ?? 0)),
  );
  const accepted = old.filter(({ leadConnectionStatus }) => leadConnectionStatus === 'ConnectionAccepted').length;
  const open = old.filter(({ leadConnectionStatus }) => leadConnectionStatus === 'ConnectionSent').length;
  return { invited: accepted + open, accepted };
}

/** Reads the leads of campaigns, 100 a request. A campaign that cannot be read whole has no cohort. */
export async function readCohorts(
  campaignIds: readonly number[],
  rule: CohortRule,
  context: ToolContext,
  time: WorkTime,
): Promise<{ cohorts: Map<number, Cohort>; incomplete: MissingPart[] }> {
  const progress = throttleProgress(context, 'campaigns read');
  progress.expect(campaignIds.length);
  const reads = await sideBySide(campaignIds, MAX_CAMPAIGNS, async (campaignId) => {
    const readPage = (page: { offset: number; limit: number }) =>
      context.client.campaigns.getLeads({ campaignId, ...page }, time.call);
    const read = await settle(readAllPages(readPage, { maxPages: MAX_PAGES }));
    await progress.add(1);
    return { campaignId, read };
  });
  const cohorts = new Map<number, Cohort>();
  const incomplete: MissingPart[] = [];
  for (const { campaignId, read } of reads) {
    const part = `cohort of campaign ${campaignId}`;
    if (!read.ok) incomplete.push(missing(part, read.error, time));
    else if (!read.value.isAll)
      incomplete.push({ part, reason: `HeyReach returned only ${read.value.rows.length} of its leads` });
    else cohorts.set(campaignId, cohortOf(read.value.rows, rule));
  }
  return { cohorts, incomplete };
}
