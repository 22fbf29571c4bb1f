import type { CampaignLead } from '../../client/operations/campaigns.ts';
import type { LeadProfile } from '../../client/operations/fields.ts';
import { countNoun } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { LIST_PAGE_ROWS, PAGE_ROWS } from '../people-index/plan.ts';
import { type RowsRead, readPagedRows } from '../people-index/read-paged-rows.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import { assertListType } from '../shared/list-type.ts';
import { throttleProgress } from '../shared/throttled-progress.ts';
import { startWork } from '../shared/work-time.ts';
import type { TextTable } from './parse-table.ts';
import { sourceError } from './source-error.ts';

/** A campaign without leads of its own yet. Its list has the people that it will contact. */
const NOT_STARTED: ReadonlySet<string> = new Set(['DRAFT', 'SCHEDULED', 'STARTING']);
/** Pages that are read side by side. */
const MOST_PAGES = 3;

/** People of HeyReach as a table, and which of them could not be read. */
export interface PeopleTable extends TextTable {
  incomplete: MissingPart[];
  /** Columns that are custom fields of HeyReach. */
  customColumns: string[];
}

/** The members of a list. @throws HeyReachError */
export async function readListSource(listId: number, context: ToolContext): Promise<PeopleTable> {
  const { client } = context;
  const work = startWork(context.call);
  const progress = throttleProgress(context, 'people read');
  const read = await readPagedRows(
    async (page) => {
      const answer = await client.lists.getLeads({ listId, ...page }, work.call);
      await progress.add(answer.items?.length ?? 0);
      return answer;
    },
    { limit: LIST_PAGE_ROWS, most: MOST_PAGES },
  );
  if (read.rows.length === 0 && read.gap === undefined) await assertListType(listId, 'USER_LIST', context);
  return tableOf(`list ${listId}`, read.rows, read);
}

/**
 * The leads of a campaign that HeyReach shows: those that it has inserted. Before its start, the people of its list.
 * @throws HeyReachError
 */
export async function readCampaignSource(campaignId: number, context: ToolContext): Promise<PeopleTable> {
  const { client } = context;
  const work = startWork(context.call);
  const progress = throttleProgress(context, 'people read');
  const [{ status, progressStats, linkedInUserListId: listId }, read] = await Promise.all([
    client.campaigns.getById({ campaignId }, work.call),
    readPagedRows<CampaignLead>(
      async (page) => {
        const answer = await client.campaigns.getLeads({ campaignId, ...page }, work.call);
        await progress.add(answer.items?.length ?? 0);
        return answer;
      },
      { limit: PAGE_ROWS, most: MOST_PAGES },
    ),
  ]);
  const profiles = read.rows.flatMap(({ linkedInUserProfile: profile }): LeadProfile[] =>
    profile == null ? [] : [profile],
  );
  if (profiles.length === 0 && read.gap === undefined && listId != null) {
    if (NOT_STARTED.has(status ?? '')) return readListSource(listId, context);
    const step = `Use fromListId ${listId}: the list of the campaign can have people that HeyReach has not inserted yet.`;
    throw sourceError(`campaign ${campaignId}`, 'shows no people', step, 'not_found');
  }
  const table = tableOf(`campaign ${campaignId}`, profiles, read);
  const waiting = (progressStats?.totalUsers ?? 0) - profiles.length;
  if (waiting <= 0 || read.gap !== undefined) return table;
  const list = listId == null ? '' : ` fromListId ${listId} has them.`;
  const part = `${countNoun(waiting, 'lead')} of campaign ${campaignId}`;
  const reason = `HeyReach does not show leads that it has not inserted yet.${list}`;
  return { ...table, incomplete: [{ part, reason }] };
}

const COLUMNS: Record<string, (person: LeadProfile) => string | null | undefined> = {
  profileUrl: ({ profileUrl }) => profileUrl,
  firstName: ({ firstName }) => firstName,
  lastName: ({ lastName }) => lastName,
  companyName: ({ companyName }) => companyName,
  position: ({ position }) => position,
  location: ({ location }) => location,
  emailAddress: (person) => person.emailAddress ?? person.customEmailAddress ?? person.enrichedEmailAddress,
  about: ({ about }) => about,
  headline: ({ headline }) => headline,
};

function tableOf(part: string, people: readonly LeadProfile[], { gap }: RowsRead<unknown>): PeopleTable {
  if (people.length === 0 && gap === undefined) {
    throw sourceError(part, 'has no people', 'Use another list or campaign.', 'not_found');
  }
  const incomplete = gap === undefined ? [] : [{ part: `people of ${part}`, reason: reasonOf(gap) }];
  return { ...tableOfProfiles(people), incomplete };
}

/** Custom fields follow the fields of a profile, under their own names. */
export function tableOfProfiles(people: readonly LeadProfile[]): Omit<PeopleTable, 'incomplete'> {
  const own = Object.entries(COLUMNS);
  const custom = [...new Set(people.flatMap(({ customFields }) => customFields?.map(({ name }) => name ?? '') ?? []))];
  const further = custom.filter((name) => name !== '' && !(name in COLUMNS));
  return {
    columns: [...own.map(([name]) => name), ...further],
    rows: people.map((person) => [
      ...own.map(([, read]) => read(person) ?? ''),
      ...further.map((name) => person.customFields?.find((field) => field.name === name)?.value ?? ''),
    ]),
    tooLong: 0,
    customColumns: further,
  };
}

function reasonOf(gap: NonNullable<RowsRead<unknown>['gap']>): string {
  if (gap === 'changed') return 'it changed while it was read';
  return gap === 'no rows' ? 'HeyReach answered without rows' : gap.message;
}
