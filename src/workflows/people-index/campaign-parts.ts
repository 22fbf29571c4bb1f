import type { HeyReachError } from '../../client/index.ts';
import type { Campaign } from '../../client/operations/campaigns.ts';
import { identityOf } from '../../lib/linkedin-url.ts';
import { quoteName } from '../../lib/outside-text.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { settle, settleRowsOfPerson } from '../shared/settle.ts';
import type { PartRead } from './part-cache.ts';
import { memberKey } from './person-keys.ts';
import { PAGE_ROWS } from './plan.ts';
import { readPagedRows } from './read-paged-rows.ts';
import { gapOf, type PartSource } from './source.ts';

const MAX_PAGES = 4;
/** Of 100 campaigns each. */
const MAX_PERSON_PAGES = 3;

/** A campaign that a person is in. */
export interface Membership {
  campaignId: number;
  name: string;
  status: string;
  leadStatus: string;
}

/** The leads that a campaign shows. */
export interface CampaignLeads {
  /** False where the campaign has leads that it does not show. */
  showsAll: boolean;
  /** All leads that it shows were read. */
  isWhole: boolean;
  /** By comparison key and by member key. */
  statusByKey: Map<string, string>;
  incomplete: MissingPart[];
}

/** Reads the leads that a campaign shows, 100 a request. It hides leads that are not inserted yet. */
export async function readCampaignLeads(
  { id: campaignId = 0, name, progressStats }: Campaign,
  { client, call, time, progress }: PartSource,
): Promise<PartRead<CampaignLeads>> {
  const read = async (page: { offset: number; limit: number }) => {
    const { items, totalCount } = await client.campaigns.getLeads({ campaignId: campaignId ?? 0, ...page }, call);
    await progress.add((items ?? []).length);
    const leads = items?.map((lead) => {
      const { profileUrl, linkedin_id: memberId } = lead.linkedInUserProfile ?? {};
      return { keys: [identityOf(profileUrl), memberKey(memberId)], status: lead.leadCampaignStatus ?? '' };
    });
    return { totalCount, items: leads };
  };
  const part = `leads of campaign ${campaignId}${name ? ` ${quoteName(name)}` : ''}`;
  const statusByKey = new Map<string, string>();
  const leads = await settle(readPagedRows(read, { limit: PAGE_ROWS, most: MAX_PAGES }));
  if (!leads.ok) {
    const incomplete = [missing(part, leads.error, time)];
    return { value: { showsAll: true, isWhole: false, statusByKey, incomplete }, rows: 1, isWhole: false };
  }
  const { rows, gap } = leads.value;
  for (const { keys, status } of rows) for (const key of keys) if (key !== undefined) statusByKey.set(key, status);
  const isWhole = gap === undefined;
  const showsAll = !isWhole || rows.length === progressStats?.totalUsers;
  return {
    value: { showsAll, isWhole, statusByKey, incomplete: gapOf(part, gap, time) },
    rows: rows.length,
    isWhole,
  };
}

/** The campaigns of one person, as GetCampaignsForLead lists them. */
export interface FetchedCampaigns {
  memberships: Membership[];
  /** Why they could not be read. */
  error?: HeyReachError;
  /** HeyReach has more campaigns of the person than it returned here. */
  isPartial?: boolean;
}

/** Fetches the campaigns of one person. */
export async function fetchCampaignsOfPerson(
  profileUrl: string,
  { client, call }: PartSource,
): Promise<PartRead<FetchedCampaigns>> {
  const read = await settleRowsOfPerson(
    readAllPages((page) => client.campaigns.getForLead({ profileUrl, ...page }, call), { maxPages: MAX_PERSON_PAGES }),
    { rows: [], isAll: true },
  );
  if (!read.ok) return { value: { memberships: [], error: read.error }, rows: 1, isWhole: false };
  const memberships = read.value.rows.map(({ campaignId, campaignName, campaignStatus, leadStatus }) => ({
    campaignId: campaignId ?? 0,
    name: campaignName ?? '',
    status: campaignStatus ?? '',
    leadStatus: leadStatus ?? '',
  }));
  const { isAll } = read.value;
  return { value: { memberships, isPartial: !isAll }, rows: 1, isWhole: isAll };
}
