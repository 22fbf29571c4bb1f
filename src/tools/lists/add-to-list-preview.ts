import { showRows } from '../add-leads-preview.ts';
import { showCampaign } from '../campaigns/campaign-lines.ts';
import { readSenders } from '../campaigns/senders.ts';
import type { ToolContext } from '../define.ts';
import type { LeadRow } from '../lead-input.ts';
import { counted, type Preview } from '../preview.ts';
import { fewWarnings, titled } from '../preview-lines.ts';
import { bindsOf, readFeeds, showList, unreadLines } from './feeds.ts';

/** Who would be added to a list, and which campaigns contact them. There is no need to ask where none of them runs. */
export async function previewAddToList(
  { listId, leads }: { listId: number; leads: LeadRow[] },
  context: ToolContext,
): Promise<Preview | undefined> {
  const rows = showRows(leads);
  const feeds = await readFeeds(listId, context);
  const { list, running, unread } = feeds;
  const count = running.length + unread;
  if (count === 0) return undefined;
  const shown = running.map((campaign) => showCampaign(campaign));
  const accounts = new Set(running.flatMap(({ campaignAccountIds }) => campaignAccountIds ?? []));
  const senders = await readSenders([...accounts], context);
  const { title, line, facts } = showList(list, listId);
  return {
    question: `Add ${rows.people} to the list ${title}, which feeds ${counted(count, 'campaign')} that will contact them?`,
    lines: [
      line,
      ...titled(
        'Campaigns that will contact them',
        shown.map((campaign) => campaign.line),
      ),
      ...unreadLines(feeds),
      ...titled('Their senders', senders.lines),
      ...rows.lines,
    ],
    warnings: [
      'They are contacted without anybody doing more; by a SCHEDULED campaign once it begins.',
      ...rows.warnings,
      ...fewWarnings(senders.warnings),
    ],
    facts: {
      list: facts,
      campaigns: shown.map((campaign) => campaign.facts),
      ...(unread === 0 ? {} : { moreCampaigns: unread }),
      senders: senders.facts,
      ...rows.facts,
    },
    binds: { running: bindsOf(running, unread), senders: senders.binds },
  };
}
