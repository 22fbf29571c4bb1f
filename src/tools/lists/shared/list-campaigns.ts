import type { Campaign } from '../../../client/operations/campaigns.ts';
import { linesIf } from '../../../lib/text-format.ts';
import { titled } from '../../../mcp/confirmation/preview.ts';
import { showCampaign } from '../../../views/campaign.ts';
import { isRunning } from '../../campaigns/shared/campaign-status.ts';

const MAX_SHOWN = 3;

/** What a campaign on a list does with people who are added to the list, by its status. */
const EFFECTS = new Map<string | null | undefined, string>(
  Object.entries({
    IN_PROGRESS: 'contacts them now',
    STARTING: 'contacts them now',
    SCHEDULED: 'contacts them from its start on',
    PAUSED: 'contacts them once it is resumed',
    DRAFT: 'contacts them once it is started',
    FAILED: 'contacts them once it is resumed',
    FINISHED: 'is over and does not restart',
    CANCELED: 'is over and cannot restart',
  }),
);

/** In the order in which they matter to people who are added. */
const ORDER = [...EFFECTS.keys()];

/** Campaigns that contact the people of a list now or on their start date, with what each does. */
export function runningLines(running: readonly Campaign[], unread = 0): string[] {
  return running.length + unread === 0 ? [] : titled('Campaigns that will contact them', rowsOf(running, unread));
}

/** The other campaigns on a list: those that contact its people only after a start or a resume, or never. */
export function otherCampaignLines(campaigns: readonly Campaign[]): string[] {
  const others = campaigns.filter((campaign) => campaign.status != null && !isRunning(campaign));
  return others.length === 0 ? [] : titled('Campaigns on the list that do not run', rowsOf(others, 0));
}

function rowsOf(campaigns: readonly Campaign[], unread: number): string[] {
  const placeOf = ({ status }: Campaign) => (ORDER.indexOf(status) + ORDER.length + 1) % (ORDER.length + 1);
  const shown = campaigns.toSorted((a, b) => placeOf(a) - placeOf(b)).slice(0, MAX_SHOWN);
  const more = campaigns.length + unread - shown.length;
  return [
    ...shown.map((campaign) => `${showCampaign(campaign).line}: ${EFFECTS.get(campaign.status) ?? 'may contact them'}`),
    ...linesIf(more > 0, `and ${more} more`),
  ];
}
