import type { HeyReachClient } from '../../client/index.ts';
import { type CallOptions, HeyReachError, saysNotFound } from '../../client/index.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import { type CampaignOfLead, canStillReach } from '../leads/campaign-reach.ts';

/** No person is in so many campaigns that they fill more pages. */
const MAX_PAGES = 10;

/** States in which an accepted stop has had no effect. HeyReach does not document the state after a stop. */
const RUNNING = new Set(['Pending', 'InSequence', 'PendingOrExcludedToBeCalculated']);

interface CampaignsOfPerson {
  rows: CampaignOfLead[];
  isAll: boolean;
  /** HeyReach says that it has no person with the URL, or names neither a campaign nor the person. */
  isUnknown?: boolean;
}

/** The stops of one person, before they are read back. */
export interface StopAttempts {
  before: CampaignsOfPerson;
  attempts: { campaignId: number; error: HeyReachError | undefined }[];
}

/** Where a person stands in campaigns after the stops. */
export interface StopReport {
  stopped: number[];
  /** Campaigns that had no step left for the person before the call. */
  through: number[];
  /** Campaigns that may still contact the person. `error` is absent where HeyReach accepted the stop. */
  open: { campaignId: number | undefined; reason: string; error?: HeyReachError }[];
  campaigns: CampaignOfLead[];
  isUnknown: boolean;
}

/**
 * Stops a person in every campaign that may still contact them. A failed stop does not end the others.
 * @param calls options of the read before, and of the stops.
 * @throws HeyReachError where the campaigns cannot be read. Then nothing was stopped.
 */
export async function stopInCampaigns(
  profileUrl: string,
  client: HeyReachClient,
  calls: { read: CallOptions; write: CallOptions },
): Promise<StopAttempts> {
  const before = await readCampaigns(profileUrl, client, calls.read);
  const attempts: StopAttempts['attempts'] = [];
  for (const campaignId of idsOf(before.rows.filter(canStillReach))) {
    attempts.push({ campaignId, error: await stop(campaignId, profileUrl, client, calls.write) });
  }
  return { before, attempts };
}

/** Reads the campaigns back where something was stopped. The state read decides, whatever HeyReach answered to a stop. */
export async function confirmStops(
  profileUrl: string,
  { before, attempts }: StopAttempts,
  client: HeyReachClient,
  call: CallOptions,
): Promise<StopReport> {
  const read = attempts.length === 0 ? { after: before } : await readAgain(profileUrl, client, call);
  const { after } = read;
  const isUnknown = before.isUnknown === true;
  const report: StopReport = { stopped: [], through: [], open: [], campaigns: [...before.rows], isUnknown };
  const tried = new Set(attempts.map(({ campaignId }) => campaignId));
  report.through = idsOf(before.rows).filter((id) => !tried.has(id));
  for (const { campaignId, error } of attempts) {
    const ofCampaign = (row: CampaignOfLead) => row.campaignId === campaignId;
    const earlier = new Set(before.rows.filter(ofCampaign).map(stateOf));
    const open = after?.rows
      .filter(ofCampaign)
      .find((row) => canStillReach(row) && (error !== undefined || !showsStop(stateOf(row), earlier)));
    const isStopped = after?.isAll === true && open === undefined;
    if (isStopped) report.stopped.push(campaignId);
    else if (error !== undefined) report.open.push({ campaignId, reason: error.message, error });
    else {
      const doubt = open === undefined ? `the person could not be read back (${read.reason})` : doubtOf(open);
      report.open.push({ campaignId, reason: `HeyReach accepted the stop, but ${doubt}` });
    }
  }
  const known = new Set(idsOf(before.rows));
  for (const row of (after?.rows ?? []).filter(canStillReach)) {
    const isNew = row.campaignId == null || !known.has(row.campaignId);
    if (!isNew) continue;
    const reason = row.campaignId == null ? 'HeyReach gives no id of this campaign' : 'the person was added meanwhile';
    report.open.push({ campaignId: row.campaignId ?? undefined, reason });
    report.campaigns.push(row);
  }
  if (!before.isAll) {
    report.open.push({ campaignId: undefined, reason: `only ${before.rows.length} campaigns of the person were read` });
  }
  return report;
}

function stateOf({ leadStatus }: CampaignOfLead): string {
  return leadStatus ?? '';
}

/** Whether the state after an accepted stop can come from it. An unchanged one cannot: a paused lead goes on at a resume. */
function showsStop(state: string, earlier: ReadonlySet<string>): boolean {
  return state !== '' && !RUNNING.has(state) && !earlier.has(state);
}

function doubtOf(open: CampaignOfLead): string {
  const state = stateOf(open);
  if (RUNNING.has(state)) return `the person is still ${state}`;
  return `its state (${state || 'none'}) does not show the stop`;
}

function idsOf(rows: readonly CampaignOfLead[]): number[] {
  return [...new Set(rows.flatMap(({ campaignId }) => campaignId ?? []))];
}

async function stop(
  campaignId: number,
  leadUrl: string,
  client: HeyReachClient,
  call: CallOptions,
): Promise<HeyReachError | undefined> {
  try {
    await client.campaigns.stopLead({ campaignId, leadUrl }, call);
    return undefined;
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    // A rejection after a lost response does not prove that the first attempt was rejected too.
    return error.outcome === 'refused' && error.afterUnclearAttempt ? error.asUnknown() : error;
  }
}

/** The campaigns of a person. None where HeyReach does not know the person. */
async function readCampaigns(
  profileUrl: string,
  client: HeyReachClient,
  call: CallOptions,
): Promise<CampaignsOfPerson> {
  try {
    let isNamed = false;
    const read = async (page: { offset: number; limit: number }) => {
      const answer = await client.campaigns.getForLead({ profileUrl, ...page }, call);
      isNamed ||= Boolean(answer?.leadFullName);
      return answer;
    };
    const all = await readAllPages(read, { maxPages: MAX_PAGES });
    return { ...all, isUnknown: all.rows.length === 0 && !isNamed };
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    if (saysNotFound(error)) return { rows: [], isAll: true, isUnknown: true };
    throw error.asNotSent();
  }
}

async function readAgain(
  profileUrl: string,
  client: HeyReachClient,
  call: CallOptions,
): Promise<{ after?: CampaignsOfPerson; reason?: string }> {
  try {
    const after = await readCampaigns(profileUrl, client, call);
    return { after, reason: 'the list of campaigns ended early' };
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    return { reason: error.message };
  }
}
