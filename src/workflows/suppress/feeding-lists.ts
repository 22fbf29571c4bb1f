import type { CallOptions, HeyReachClient } from '../../client/index.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import { type Settled, settle, settleRowsOfPerson } from '../shared/settle.ts';

const MAX_PAGES = 5;
/** A campaign in one of these states contacts the members of its list later. */
const NOT_STARTED = ['DRAFT', 'SCHEDULED'] as const;

/** A list with the person that feeds campaigns which have not started. */
export interface FeedingList {
  listId: number;
  name: string | null;
  campaignIds: number[];
}

/** The lists of a person that feed such campaigns. `isAll` is false where HeyReach may have more. */
export interface FeedingLists {
  lists: FeedingList[];
  /** The person is in a list, whatever it feeds. */
  isMember: boolean;
  isAll: boolean;
}

interface FedLists {
  /** By the id of a list, the campaigns that have not started and take people from it. */
  campaigns: Map<number, number[]>;
  isAll: boolean;
}

/** Reads the lists of people that feed campaigns which have not started. These campaigns are read once for all people. */
export function feedingLists(client: HeyReachClient, call: CallOptions) {
  let reading: Promise<Settled<FedLists>> | undefined;
  return async (profileUrl: string): Promise<Settled<FeedingLists>> => {
    const lists = await settleRowsOfPerson(
      readAllPages((page) => client.lists.getForLead({ profileUrl, ...page }, call), { maxPages: MAX_PAGES }),
      { rows: [], isAll: true },
    );
    if (!lists.ok) return lists;
    const { rows, isAll } = lists.value;
    if (rows.length === 0) return { ok: true, value: { lists: [], isMember: false, isAll } };
    reading ??= settle(readFed(client, call));
    const fed = await reading;
    if (!fed.ok) return fed;
    const feeding = rows.flatMap(({ listId, listName }) => {
      const campaignIds = listId == null ? undefined : fed.value.campaigns.get(listId);
      return campaignIds === undefined ? [] : [{ listId: listId!, name: listName ?? null, campaignIds }];
    });
    return { ok: true, value: { lists: feeding, isMember: true, isAll: isAll && fed.value.isAll } };
  };
}

async function readFed(client: HeyReachClient, call: CallOptions): Promise<FedLists> {
  const { rows, isAll } = await readAllPages(
    (page) => client.campaigns.getAll({ statuses: [...NOT_STARTED], ...page }, call),
    { maxPages: MAX_PAGES },
  );
  const campaigns: FedLists['campaigns'] = new Map();
  for (const { id, linkedInUserListId: listId } of rows) {
    if (id != null && listId != null) campaigns.set(listId, [...(campaigns.get(listId) ?? []), id]);
  }
  return { campaigns, isAll };
}
