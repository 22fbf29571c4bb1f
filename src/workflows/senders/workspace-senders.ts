import type { CallOptions, HeyReachClient, HeyReachError } from '../../client/index.ts';
import type { LinkedInAccount } from '../../client/operations/linkedin-accounts.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import { fullName, inline } from '../../lib/text-format.ts';
import { compareIds } from '../shared/filter-ids.ts';
import type { MissingPart } from '../shared/incomplete.ts';

const MAX_PAGES = 10;

/** A sender of the workspace with its id. */
export type Sender = LinkedInAccount & { id: number };

/** The senders of a workspace, as far as they were read. */
export interface WorkspaceSenders {
  /** The requested senders, or all. */
  chosen: Sender[];
  /** All that were read. */
  all: Sender[];
  incomplete: MissingPart[];
  /** The error of a call about the requested senders, where the workspace has none of them. */
  none?: HeyReachError | undefined;
}

/** Reads the senders of the workspace, 100 a request. @param ids the requested ones; all where it is empty or undefined. */
export async function readSenders(
  ids: readonly number[] | undefined,
  client: HeyReachClient,
  call: CallOptions,
): Promise<WorkspaceSenders> {
  const { rows, isAll } = await readAllPages((page) => client.linkedInAccounts.getAll(page, call), {
    maxPages: MAX_PAGES,
  });
  const all = rows.flatMap((account) => (account.id == null ? [] : [{ ...account, id: account.id }]));
  if (ids === undefined || ids.length === 0) {
    const cut = { part: 'senders', reason: `only the first ${all.length} were read` };
    return { chosen: all, all, incomplete: isAll ? [] : [cut] };
  }
  const requestedIds = new Set(ids);
  return {
    chosen: all.filter(({ id }) => requestedIds.has(id)),
    all,
    ...compareIds('linkedInAccountIds', ids, { rows, isAll }),
  };
}

/** The name of a sender, empty where it is unknown. */
export function senderName(account: Pick<LinkedInAccount, 'firstName' | 'lastName'>): string {
  return inline(fullName(account));
}
