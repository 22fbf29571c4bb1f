import type { Campaign } from '../../client/operations/campaigns.ts';
import type { LeadProfile } from '../../client/operations/fields.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { type OverlapGroup, type OverlapResult, overlapOf } from '../people-index/overlap.ts';
import type { Finding } from '../shared/finding.ts';
import { type CampaignCheck, checked, finding } from './outcome.ts';
import { isDraft } from './status.ts';

/** How many leads of a campaign are in other outreach. Null where it is not known. */
export interface OverlapFacts {
  /** Without those who cannot be compared. */
  checked: number;
  /** Leads whose URL HeyReach shows nowhere. Absent where there are none. */
  uncheckable?: number;
  /** Without those who only wait. */
  inOtherCampaigns: number | null;
  /** Only waiting in other campaigns that are not running. */
  waitingElsewhere: number | null;
  /** Of them in campaigns that run. */
  inRunning: number | null;
  inConversation: number | null;
  /** HeyReach excludes them from every campaign. */
  blacklisted: number | null;
  /** The exclusions of the campaign that are on. */
  exclusions: string[];
}

/** Why a lead cannot be compared. */
export const UNCHECKABLE = 'HeyReach shows no one under this kind of URL';

/** The exclusions of a campaign, under the names that update_campaign_settings takes. */
function exclusionsOf(campaign: Campaign): string[] {
  const on = {
    excludeContactedFromOtherCampaigns: campaign.excludeInOtherCampaigns === true,
    excludeContactedFromSenderInOtherCampaign: campaign.excludeContactedFromSenderInOtherCampaign === true,
    excludeHasOtherAccConversations: campaign.excludeHasOtherAccConversations === true,
    [`excludeListId ${campaign.excludeListId}`]: campaign.excludeListId != null,
  };
  return Object.entries(on).flatMap(([name, isOn]) => (isOn ? [name] : []));
}

type OfCampaign = Pick<Campaign, 'campaignAccountIds'> & { id: number };

/**
 * Reads how far leads overlap with other outreach.
 * @param campaign whose leads they are. It is left out.
 * @returns undefined without leads.
 */
export async function readOverlap(
  { id: exceptCampaignId, campaignAccountIds: linkedInAccountIds }: OfCampaign,
  leads: readonly LeadProfile[],
  context: ToolContext,
): Promise<OverlapResult | undefined> {
  if (leads.length === 0) return undefined;
  const people = leads.map(({ profileUrl, linkedin_id: memberId }) => ({ profileUrl: profileUrl ?? '', memberId }));
  return overlapOf(people, context, { exceptCampaignId, linkedInAccountIds });
}

/**
 * Compares the leads of a campaign with other outreach, and that with the exclusions of the campaign.
 * @param people how many leads there are to compare.
 * @param overlap undefined where the leads could not be read.
 */
export function checkOverlap(
  campaign: Campaign,
  people: number,
  overlap: OverlapResult | undefined,
): CampaignCheck<OverlapFacts> {
  const exclusions = exclusionsOf(campaign);
  if (overlap?.state !== 'checked') {
    const unknown = {
      inOtherCampaigns: null,
      waitingElsewhere: null,
      inRunning: null,
      inConversation: null,
      blacklisted: null,
    };
    return checked([], { checked: 0, ...unknown, exclusions }, { isUnread: true });
  }
  const countOf = (group: OverlapGroup | null) => group?.count ?? null;
  const [all, waiting] = [countOf(overlap.inAnyOtherCampaign), countOf(overlap.onlyWaiting)];
  const { uncheckable } = overlap;
  const facts = {
    checked: people - uncheckable,
    ...(uncheckable === 0 ? {} : { uncheckable }),
    inOtherCampaigns: all === null || waiting === null ? null : all - waiting,
    waitingElsewhere: waiting,
    inRunning: countOf(overlap.inRunningCampaigns),
    inConversation: countOf(overlap.inConversation),
    blacklisted: countOf(overlap.blacklisted),
    exclusions,
  };
  const own = facts.inConversation === 0 ? 0 : countOf(overlap.onlyWithOwnSenders);
  const isUnread =
    overlap.incomplete.length > 0 || uncheckable > 0 || own === null || Object.values(facts).includes(null);
  return checked([...inCampaigns(facts), ...inConversations(campaign, facts, own)], facts, { isUnread });
}

function inCampaigns({ checked: of, inOtherCampaigns: count, exclusions }: OverlapFacts): Finding[] {
  const exclusion = 'excludeContactedFromOtherCampaigns';
  if (count === null || count === 0 || exclusions.includes(exclusion)) return [];
  const isPartly = exclusions.includes('excludeContactedFromSenderInOtherCampaign');
  const excluded = isPartly ? 'only those contacted by its own senders are excluded' : 'nothing excludes them';
  return [warn(`Leads are in other campaigns, and ${excluded}`, { count, of }, `${setTrue(exclusion)}, or accept it.`)];
}

/**
 * @param own the leads who talk with no sender but those of the campaign. HeyReach has no exclusion for them.
 */
function inConversations(
  campaign: Campaign,
  { checked: of, inConversation: count, exclusions }: OverlapFacts,
  own: number | null,
): Finding[] {
  // The leads of a campaign that has run are in the conversations that it began.
  if (!isDraft(campaign) || count === null || count === 0) return [];
  const exclusion = 'excludeHasOtherAccConversations';
  const remove = 'Remove them from its list with remove_leads_from_list, or accept it.';
  if (exclusions.includes(exclusion)) {
    if (own === null || own === 0) return [];
    const problem = `Leads are in conversations with its own senders only, which ${exclusion} does not cover`;
    return [warn(problem, { count: own, of }, remove)];
  }
  const problem = 'Leads are in conversations, and nothing excludes them';
  if (own === count) return [warn(problem, { count, of }, remove)];
  const rest = own === 0 ? '' : ` It does not cover ${own ?? 'those'} who talk with its own senders only.`;
  return [warn(problem, { count, of }, `${setTrue(exclusion)}, or accept it.${rest}`)];
}

function setTrue(exclusion: string): string {
  return `Set ${exclusion} to true with update_campaign_settings`;
}

function warn(problem: string, leads: { count: number; of: number }, fix: string): Finding {
  return { ...finding('warn', 'overlap', problem, fix), leads };
}
