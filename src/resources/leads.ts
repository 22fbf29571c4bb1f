import * as z from 'zod';
import { campaignOfLead } from '../client/operations/campaigns.ts';
import { outsideString } from '../client/operations/fields.ts';
import { lead } from '../client/operations/leads.ts';
import { listOfLead } from '../client/operations/lists.ts';
import { lazy } from '../lib/lazy.ts';
import { ROWS_PER_PAGE } from '../lib/read-pages.ts';
import { parseHistory } from '../views/people.ts';
import { settle } from '../workflows/shared/settle.ts';
import { failuresOf } from './shared/failures.ts';
import { readById } from './shared/read-by-id.ts';
import { type Resource, type ResourceContext, restFields, restOf } from './shared/types.ts';

const history = z.array(z.unknown()).nullish();
const membership = (row: z.ZodType) => z.looseObject({ totalCount: z.number(), items: z.array(row), ...restFields() });

export const leadResource: Resource = {
  uri: 'heyreach://leads/{slug}',
  tool: 'get_lead',
  name: 'lead',
  title: 'A lead',
  description: 'One person in HeyReach: profile, tags, campaigns and lists.',
  output: lazy(() =>
    z.looseObject({
      profile: lead().omit({ experiences: true, education: true }),
      tags: z.array(z.string()).optional(),
      campaigns: membership(campaignOfLead()).optional(),
      lists: membership(listOfLead()).optional(),
      notReadable: z.record(z.string(), outsideString).optional(),
      education: history,
      experiences: history,
      ...restFields(),
    }),
  ),
  async read({ slug }, context) {
    const { client, call } = context;
    const profileUrl = `https://www.linkedin.com/in/${encodeURIComponent(slug!)}`;
    const page = { profileUrl, offset: 0, limit: ROWS_PER_PAGE };
    const [lead, [tags, ofCampaigns, ofLists]] = await readById(
      client.leads.getLead({ profileUrl }, call),
      Promise.all([
        settle(client.leads.getTags({ profileUrl }, call)),
        settle(client.campaigns.getForLead(page, call)),
        settle(client.lists.getForLead(page, call)),
      ]),
    );
    const { experiences, education, ...profile } = lead;
    const jobs = parseHistory(experiences);
    const args = { profileUrl, detail: 'full' };
    const failures = failuresOf({ tags, campaigns: ofCampaigns, lists: ofLists });
    return {
      data: {
        profile,
        ...(!tags.ok ? {} : { tags: tags.value.tags ?? [] }),
        ...(!ofCampaigns.ok
          ? {}
          : { campaigns: membershipOf(context, ofCampaigns.value, 'list_campaigns_for_lead', profileUrl) }),
        ...(!ofLists.ok ? {} : { lists: membershipOf(context, ofLists.value, 'list_lists_for_lead', profileUrl) }),
        ...(Object.keys(failures).length === 0 ? {} : { notReadable: failures }),
        education: parseHistory(education),
        experiences: jobs,
      },
      fullArguments: args,
      rows: {
        key: 'experiences',
        continuation: (returned) => restOf(context, Math.max(0, (jobs?.length ?? 0) - returned), 'get_lead', args),
      },
    };
  },
};

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
    limit: ROWS_PER_PAGE,
  });
  return { totalCount, items, ...rest };
}
