import type { Campaign } from '../../client/operations/campaigns.ts';

/** The page sizes of GetAll, GetLeadsFromList, GetConversationsV3 and blacklist/GetLeads. */
export const PAGE_ROWS = 100;
export const LIST_PAGE_ROWS = 1_000;
/** The inbox is read with one cursor for each sender above this number of conversations. */
const MAX_FOR_ONE_CURSOR = 500;
/** An index holds this many list members of a key. */
export const MAX_PEOPLE = 200_000;

/** The size of a list, and whether its members have to be read. */
export interface ListSize {
  id: number;
  /** HeyReach's number of members. */
  rows: number;
  isKnown: boolean;
}

/** What is known about a workspace before its people are read. */
export interface WorkspaceSize {
  /** The lists whose members are asked for, the most important first. */
  lists: readonly ListSize[];
  /** HeyReach's number of conversations, and of senders that share them. 0 where they need not be read. */
  conversations: number;
  senders: number;
  /** HeyReach's number of blacklist entries. 0 where they need not be read. */
  blacklist: number;
}

export interface IndexPlan {
  /** Requests beyond the first page of each listing. */
  requests: number;
  /** The same by part. */
  parts: { lists: number; conversations: number; blacklist: number };
  /** The lists that fit into the bound of the index. */
  lists: number[];
  /** The lists that do not fit. */
  left: ListSize[];
}

/** How many requests the people of a workspace need, and which lists fit into the bound of `maxPeople`. */
export function planIndex(
  { lists, conversations, senders, blacklist }: WorkspaceSize,
  maxPeople = MAX_PEOPLE,
): IndexPlan {
  const fitting: ListSize[] = [];
  const left: ListSize[] = [];
  let people = 0;
  for (const list of lists) {
    if (people + list.rows > maxPeople) left.push(list);
    else {
      people += list.rows;
      fitting.push(list);
    }
  }
  const parts = {
    lists: sum(fitting.map(({ rows, isKnown }) => (isKnown ? 0 : pagesOf(rows, LIST_PAGE_ROWS)))),
    conversations: inboxRequests(conversations, senders),
    blacklist: furtherPages(blacklist),
  };
  return {
    requests: sum(Object.values(parts)),
    parts,
    lists: fitting.map(({ id }) => id),
    left,
  };
}

/** A list that is empty takes one request too. */
function pagesOf(rows: number, pageRows: number): number {
  return Math.max(1, Math.ceil(rows / pageRows));
}

function furtherPages(rows: number): number {
  return pagesOf(rows, PAGE_ROWS) - 1;
}

/** Beyond the first page: the other pages, or one page to find the senders and all pages of each sender. */
function inboxRequests(conversations: number, senders: number): number {
  if (conversations <= MAX_FOR_ONE_CURSOR) return furtherPages(conversations);
  return 1 + pagesOf(conversations, PAGE_ROWS) + senders;
}

/** A list with members among the checked people, and the campaigns that it feeds. */
export interface FedCampaigns {
  /** The checked people in the list. */
  people: readonly string[];
  campaigns: readonly FedCampaign[];
}

export interface FedCampaign {
  id: number;
  /** HeyReach's number of leads, those that are not inserted yet included. */
  leads: number;
  /**
   * The checked people of the list who can be among its leads although it does not show them. Empty where it shows all
   * its leads. Undefined before its leads are read.
   */
  hidden: readonly string[] | undefined;
}

export interface CampaignPlan {
  /** Campaigns whose leads are read, 100 a request. */
  read: number[];
  /** People whose campaigns are read one by one. */
  fetch: string[];
  requests: number;
}

/**
 * How the campaigns of people are found with the fewest requests. The leads of a campaign come 100 a request, but without
 * those who are not inserted yet. The campaigns of people whom a campaign can hide are fetched one by one.
 * @param isKnown whether the campaigns of a person need no request any more.
 */
export function planCampaigns(
  lists: readonly FedCampaigns[],
  isKnown: (person: string) => boolean = () => false,
): CampaignPlan {
  const read = new Map<number, number>();
  const fetch = new Set<string>();
  const costOf = ({ leads, hidden }: FedCampaign) => (hidden === undefined ? pagesOf(leads, PAGE_ROWS) : 0);
  for (const { people, campaigns } of lists) {
    const hidden = new Set(campaigns.flatMap((campaign) => campaign.hidden ?? []));
    const cost = (some: Iterable<string>) => [...some].filter((person) => !isKnown(person)).length;
    const pages = sum(campaigns.map(costOf));
    const canRead = pages === 0 || pages + cost(hidden) < cost(people);
    for (const person of canRead ? hidden : people) fetch.add(person);
    if (canRead) for (const campaign of campaigns) read.set(campaign.id, costOf(campaign));
  }
  const unknown = [...fetch].filter((person) => !isKnown(person)).length;
  return { read: [...read.keys()], fetch: [...fetch], requests: unknown + sum([...read.values()]) };
}

/** Whether a campaign has leads. HeyReach enrols the members of a list when the campaign starts. */
export function hasLeads({ status, progressStats }: Campaign): boolean {
  return status !== 'DRAFT' || (progressStats?.totalUsers ?? 0) > 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, count) => total + count, 0);
}
