import type { ContactCheck } from '../people-index/index-starts.ts';

/** How a check is made: from an index of the whole workspace, or with a request for each person. */
export type CheckStrategy = 'index' | 'each_person';

/** The strategy of each check that is made. */
export type CheckStrategies = { [Name in ContactCheck]?: CheckStrategy | undefined };

/** The requests of an index. Infinity for lists that do not fit into it. */
export interface IndexCosts {
  /** Pages of the lists that feed campaigns. */
  fedLists: number;
  /** Pages of all lists. */
  allLists: number;
  conversations: number;
  blacklist: number;
}

/** The requests that fetch the parts of each person, without people whose answer is known. */
export type FetchCosts = Record<ContactCheck, number>;

interface Choice {
  checks: readonly ContactCheck[];
  /** Fetch the campaigns of each person. */
  isExact: boolean;
}

/**
 * The strategies with the fewest requests. The lists of an index serve both campaigns and lists. For how many people of
 * an index the campaigns must be fetched is not known before. It takes at most as many requests as to fetch those of all.
 * @param index undefined where the parts of each person are fetched.
 */
export function planStrategies(
  index: IndexCosts | undefined,
  fetchCosts: FetchCosts,
  { checks, isExact }: Choice,
): CheckStrategies {
  if (index === undefined) return Object.fromEntries(checks.map((check) => [check, 'each_person' as const]));
  const strategiesFor = (check: ContactCheck): (CheckStrategy | undefined)[] => {
    if (!checks.includes(check)) return [undefined];
    return check === 'campaigns' && isExact ? ['each_person'] : ['index', 'each_person'];
  };
  const costOf = ({ campaigns, lists }: CheckStrategies): number => {
    const pages = lists === 'index' ? index.allLists : campaigns === 'index' ? index.fedLists : 0;
    const ofCampaigns = campaigns === 'each_person' ? fetchCosts.campaigns : 0;
    return pages + ofCampaigns + (lists === 'each_person' ? fetchCosts.lists : 0);
  };
  const ofLists: CheckStrategies[] = strategiesFor('campaigns').flatMap((campaigns) =>
    strategiesFor('lists').map((lists) => ({ campaigns, lists })),
  );
  const cheaper = (check: 'conversations' | 'blacklist'): CheckStrategies => {
    if (!checks.includes(check)) return {};
    return { [check]: index[check] <= fetchCosts[check] ? 'index' : 'each_person' };
  };
  return {
    ...ofLists.reduce((best, strategies) => (costOf(strategies) < costOf(best) ? strategies : best)),
    ...cheaper('conversations'),
    ...cheaper('blacklist'),
  };
}

/** The name of a plan as a whole. */
export function overallStrategy(strategies: CheckStrategies): CheckStrategy | 'mixed' {
  const all = new Set(Object.values(strategies).filter((strategy) => strategy !== undefined));
  const [only] = all;
  return all.size === 1 && only !== undefined ? only : 'mixed';
}
