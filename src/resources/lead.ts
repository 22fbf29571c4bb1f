import { z } from 'zod';
import { HeyReachError } from '../client/index.ts';
import { campaignOfLead } from '../client/operations/campaigns.ts';
import { outsideString } from '../client/operations/fields.ts';
import { lead } from '../client/operations/leads.ts';
import { listOfLead } from '../client/operations/lists.ts';
import { parseHistory } from '../tools/leads/history.ts';
import { ROWS_A_PAGE } from '../tools/read-rows.ts';
import { readById } from './owner.ts';
import { type Resource, type ResourceContext, restFields, restOf } from './resource.ts';

const history = z.array(z.unknown()).nullish();
const membership = (row: z.ZodType) => z.looseObject({ totalCount: z.number(), items: z.array(row), ...restFields });

export const oneLead: Resource = {
  uri: 'heyreach://leads/{slug}',
  tool: 'get_lead',
  name: 'lead',
  title: 'A person',
  description: 'One person whom HeyReach knows: profile, tags, campaigns and lists.',
  output: z.looseObject({
    profile: lead.omit({ experiences: true, education: true }),
    tags: z.array(z.string()).optional(),
    campaigns: membership(campaignOfLead).optional(),
    lists: membership(listOfLead).optional(),
    notReadable: z.record(z.string(), outsideString).optional(),
    education: history,
    experiences: history,
    ...restFields,
  }),
  async read({ slug }, context) {
    const { client, call } = context;
    const profileUrl = `https://www.linkedin.com/in/${encodeURIComponent(slug!)}`;
    const page = { profileUrl, offset: 0, limit: ROWS_A_PAGE };
    const [found, [tags, ofCampaigns, ofLists]] = await readById(
      client.leads.getLead({ profileUrl }, call),
      Promise.all([
        orWhyNot(client.leads.getTags({ profileUrl }, call)),
        orWhyNot(client.campaigns.getForLead(page, call)),
        orWhyNot(client.lists.getForLead(page, call)),
      ]),
    );
    const { experiences, education, ...profile } = found;
    const jobs = parseHistory(experiences);
    const whole = { profileUrl, detail: 'full' };
    const unread = { tags, campaigns: ofCampaigns, lists: ofLists };
    const whyNot = Object.entries(unread).flatMap(([part, read]) => ('whyNot' in read ? [[part, read.whyNot]] : []));
    return {
      data: {
        profile,
        ...('whyNot' in tags ? {} : { tags: tags.answer.tags ?? [] }),
        ...('whyNot' in ofCampaigns
          ? {}
          : { campaigns: membershipOf(context, ofCampaigns.answer, 'list_campaigns_for_lead', profileUrl) }),
        ...('whyNot' in ofLists
          ? {}
          : { lists: membershipOf(context, ofLists.answer, 'list_lists_for_lead', profileUrl) }),
        ...(whyNot.length === 0 ? {} : { notReadable: Object.fromEntries(whyNot) }),
        education: parseHistory(education),
        experiences: jobs,
      },
      wholeBy: whole,
      rows: {
        key: 'experiences',
        goOn: (kept) => restOf(context, Math.max(0, (jobs?.length ?? 0) - kept), 'get_lead', whole),
      },
    };
  },
};

/** The profile says whether there is such a person; of the rest, what cannot be read is named with the reason. */
async function orWhyNot<Answer>(read: Promise<Answer>): Promise<{ answer: Answer } | { whyNot: string }> {
  try {
    return { answer: await read };
  } catch (error) {
    if (!(error instanceof HeyReachError) || error.kind === 'cancelled') throw error;
    return { whyNot: error.status === undefined ? error.message : `HTTP ${error.status}: ${error.message}` };
  }
}

interface Page {
  items?: unknown[] | null | undefined;
  totalCount?: number | null | undefined;
}

function membershipOf(context: ResourceContext, page: Page, tool: string, profileUrl: string) {
  const items = page.items ?? [];
  const totalCount = page.totalCount ?? items.length;
  const rest = restOf(context, Math.max(0, totalCount - items.length), tool, {
    profileUrl,
    offset: items.length,
    limit: ROWS_A_PAGE,
  });
  return { totalCount, items, ...rest };
}
