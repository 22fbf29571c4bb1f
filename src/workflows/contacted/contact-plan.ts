import type { Check } from '../people-index/index-starts.ts';

/** How a check is made: from an index of the whole workspace, or with a request for each person. */
export type Way = 'index' | 'each_person';

/** The way of each check that is made. */
export type Ways = { [Name in Check]?: Way | undefined };

/** The requests of an index. Infinity for lists that do not fit into it. */
export interface IndexCosts {
  /** Pages of the lists that feed campaigns. */
  fedLists: number;
  /** Pages of all lists. */
  allLists: number;
  conversations: number;
  blacklist: number;
}

/** The requests that ask about each person, without people whose answer is known. */
export type AskCosts = Record<Check, number>;

interface Choice {
  checks: readonly Check[];
  /** Ask for the campaigns of each person. */
  isExact: boolean;
}

/**
 * The ways with the fewest requests. The lists of an index serve both campaigns and lists. How many people of an index must be
 * asked for their campaigns is not known before. It takes at most as many requests as to ask about all of them.
 * @param index undefined where each person is asked about.
 */
export function planWays(index: IndexCosts | undefined, asks: AskCosts, { checks, isExact }: Choice): Ways {
  if (index === undefined) return Object.fromEntries(checks.map((check) => [check, 'each_person' as const]));
  const waysOf = (check: Check): (Way | undefined)[] => {
    if (!checks.includes(check)) return [undefined];
    return check === 'campaigns' && isExact ? ['each_person'] : ['index', 'each_person'];
  };
  const costOf = ({ campaigns, lists }: Ways): number => {
    const pages = lists === 'index' ? index.allLists : campaigns === 'index' ? index.fedLists : 0;
    const ofCampaigns = campaigns === 'each_person' ? asks.campaigns : 0;
    return pages + ofCampaigns + (lists === 'each_person' ? asks.lists : 0);
  };
  const ofLists: Ways[] = waysOf('campaigns').flatMap((campaigns) =>
    waysOf('lists').map((lists) => ({ campaigns, lists })),
  );
  const cheaper = (check: 'conversations' | 'blacklist'): Ways => {
    if (!checks.includes(check)) return {};
    return { [check]: index[check] <= asks[check] ? 'index' : 'each_person' };
  };
  return {
    ...ofLists.reduce((best, ways) => (costOf(ways) < costOf(best) ? ways : best)),
    ...cheaper('conversations'),
    ...cheaper('blacklist'),
  };
}

/** The name of a plan as a whole. */
export function wayOf(ways: Ways): Way | 'mixed' {
  const all = new Set(Object.values(ways).filter((way) => way !== undefined));
  const [only] = all;
  return all.size === 1 && only !== undefined ? only : 'mixed';
}
