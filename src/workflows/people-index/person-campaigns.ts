import type { HeyReachError } from '../../client/index.ts';
import type { Campaign } from '../../client/operations/campaigns.ts';
import { countNoun } from '../../lib/text-format.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import { type CampaignLeads, fetchCampaignsOfPerson, type Membership, readCampaignLeads } from './campaign-parts.ts';
import { fetchPerPerson, type IndexedPerson, isFetched } from './fetch-per-person.ts';
import { feeds } from './needed-lists.ts';
import { type FedCampaign, hasLeads, planCampaigns } from './plan.ts';
import type { PeopleIndex } from './read-people-index.ts';
import { type IndexSource, partOf } from './source.ts';

const MAX_SIDE_BY_SIDE = 8;
/** The name under which the campaigns of a person are kept. */
export const CAMPAIGNS_CACHE_NAME = 'person';

export interface PersonCampaigns {
  /** The campaigns of each checked person who is in one. Undefined where they were not read. */
  byPerson: Map<string, Membership[]> | undefined;
  /** People who can be in further campaigns, because a read failed. */
  unread: Set<string>;
  incomplete: MissingPart[];
}

interface CampaignScope {
  /** The campaign whose people are checked. It is left out. */
  exceptCampaignId?: number | undefined;
  /** The requests that the index and this may make together. */
  maxRequests: number;
}

/**
 * The campaigns of people, found through the lists that they are members of: a campaign keeps its leads in its list. A person
 * who was removed from that list is missed.
 * @param people by comparison key.
 */
export async function readPersonCampaigns(
  people: ReadonlyMap<string, IndexedPerson>,
  index: PeopleIndex,
  source: IndexSource,
  { exceptCampaignId, maxRequests }: CampaignScope,
): Promise<PersonCampaigns> {
  if (index.campaigns === undefined) return { byPerson: undefined, unread: new Set(people.keys()), incomplete: [] };
  const campaigns = new Map(
    index.campaigns.flatMap((campaign) =>
      campaign.id == null || campaign.id === exceptCampaignId ? [] : [[campaign.id, campaign] as const],
    ),
  );
  const lists = fedLists(people, index, [...campaigns.values()].filter(hasLeads));
  const { cache, client } = source;
  const leads = new Map<number, CampaignLeads>();
  for (const id of campaigns.keys()) {
    const known = cache.get<CampaignLeads>(client.fingerprint, `leads ${id}`);
    if (known !== undefined) leads.set(id, known.value);
  }
  const notShown = (id: number, some: readonly string[]) =>
    some.filter((person) => people.get(person)!.keys.every((key) => leads.get(id)?.statusByKey.has(key) !== true));
  const toPlan = ({ people: own, campaigns: fed }: FedList) => ({
    people: own,
    campaigns: fed.map((id): FedCampaign => {
      const { showsAll } = leads.get(id) ?? {};
      const hidden = showsAll === undefined ? undefined : showsAll ? [] : notShown(id, own);
      return { id, leads: campaigns.get(id)?.progressStats?.totalUsers ?? 0, hidden };
    }),
  });
  let toFetch: string[];
  for (;;) {
    const plan = planCampaigns(lists.map(toPlan), (person) => isFetched(source, CAMPAIGNS_CACHE_NAME, person));
    source.expect(plan.requests);
    if (source.requests() + plan.requests > maxRequests) {
      const reason = `needs about ${countNoun(plan.requests, 'more request')}`;
      return {
        byPerson: undefined,
        unread: new Set(people.keys()),
        incomplete: [{ part: campaignsOf(plan.fetch.length), reason }],
      };
    }
    toFetch = plan.fetch;
    const unread = plan.read.filter((id) => !leads.has(id));
    if (unread.length === 0) break;
    await sideBySide(unread, MAX_SIDE_BY_SIDE, async (id) => {
      const part = await settle(partOf(source, `leads ${id}`, (own) => readCampaignLeads(campaigns.get(id)!, own)));
      leads.set(id, part.ok ? part.value.value : unreadLeads(id, part.error, source));
    });
  }
  source.expect(0);
  const fetched = await fetchCampaigns(new Map(toFetch.map((person) => [person, people.get(person)!])), source);
  const byPerson = new Map<string, Membership[]>();
  for (const [person, { keys }] of people) {
    const memberships = fetched.byPerson.get(person) ?? shownIn(keys, leads, campaigns);
    const others = memberships.filter(({ campaignId }) => campaignId !== exceptCampaignId);
    if (others.length > 0) byPerson.set(person, others);
  }
  const gaps = lists.flatMap(({ people: own, campaigns: fed }) =>
    fed.flatMap((id) => (leads.get(id)?.isWhole === false ? notShown(id, own) : [])),
  );
  return {
    byPerson,
    unread: new Set([...gaps.filter((person) => !fetched.byPerson.has(person)), ...fetched.unread]),
    incomplete: [...[...leads.values()].flatMap(({ incomplete }) => incomplete), ...fetched.incomplete],
  };
}

/** The campaigns of people, fetched person by person. Also finds a person who was removed from the list of a campaign. */
export async function fetchCampaigns(
  people: ReadonlyMap<string, IndexedPerson>,
  source: IndexSource,
): Promise<PersonCampaigns & { byPerson: Map<string, Membership[]> }> {
  const answers = await fetchPerPerson(people, source, CAMPAIGNS_CACHE_NAME, fetchCampaignsOfPerson);
  const all = [...answers.byPerson];
  const failed = all.flatMap(([person, { error }]) => (error === undefined ? [] : [{ person, error }]));
  const partial = all.flatMap(([person, { isPartial }]) => (isPartial === true ? [person] : []));
  const withoutUrl = answers.unread.filter((person) => people.get(person)!.url === '');
  const error = answers.error ?? failed[0]?.error;
  const failures = answers.unread.length - withoutUrl.length + failed.length;
  return {
    byPerson: new Map(
      all.flatMap(([person, answer]) => (answer.error === undefined ? [[person, answer.memberships]] : [])),
    ),
    unread: new Set([...answers.unread, ...failed.map(({ person }) => person), ...partial]),
    incomplete: [
      ...(error === undefined ? [] : [missing(campaignsOf(failures), error, source.time)]),
      ...missingIf(partial.length, 'HeyReach did not return all of them'),
      ...missingIf(withoutUrl.length, 'they have no profile URL to ask for'),
    ],
  };
}

function campaignsOf(people: number): string {
  return `campaigns of ${countNoun(people, 'person', 'people')}`;
}

function missingIf(people: number, reason: string): MissingPart[] {
  return people === 0 ? [] : [{ part: campaignsOf(people), reason }];
}

/** The campaigns among whose leads a person is shown. */
function shownIn(
  keys: readonly string[],
  leads: ReadonlyMap<number, CampaignLeads>,
  campaigns: ReadonlyMap<number, Campaign>,
): Membership[] {
  return [...leads].flatMap(([campaignId, { statusByKey }]) => {
    const leadStatus = keys.map((key) => statusByKey.get(key)).find((status) => status !== undefined);
    if (leadStatus === undefined) return [];
    const { name, status } = campaigns.get(campaignId) ?? {};
    return [{ campaignId, name: name ?? '', status: status ?? '', leadStatus }];
  });
}

/** The checked people of a list, and the campaigns that it feeds. */
interface FedList {
  people: string[];
  campaigns: number[];
}

/**
 * The lists with checked people, and the campaigns that they feed. A campaign whose list HeyReach does not show can have
 * any of the people.
 */
function fedLists(
  people: ReadonlyMap<string, IndexedPerson>,
  { allLists, lists }: PeopleIndex,
  campaigns: readonly Campaign[],
): FedList[] {
  const ofLists = lists.flatMap(({ list, idByKey }) => {
    const members = [...people].flatMap(([person, { keys }]) => (keys.some((key) => idByKey.has(key)) ? [person] : []));
    const fed = campaigns.filter((campaign) => feeds(list, campaign)).map(({ id }) => id ?? 0);
    return members.length === 0 || fed.length === 0 ? [] : [{ people: members, campaigns: fed }];
  });
  const withoutList = campaigns.filter(
    (campaign) => campaign.progressStats?.totalUsers !== 0 && !allLists.some((list) => feeds(list, campaign)),
  );
  return [...ofLists, ...withoutList.map(({ id }) => ({ people: [...people.keys()], campaigns: [id ?? 0] }))];
}

/** The campaigns of leads that could not be read are not fetched one by one, because that would most likely fail too. */
function unreadLeads(id: number, error: HeyReachError, { time }: IndexSource): CampaignLeads {
  const incomplete = [missing(`leads of campaign ${id}`, error, time)];
  return { showsAll: true, isWhole: false, statusByKey: new Map(), incomplete };
}
