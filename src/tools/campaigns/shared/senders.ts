import type { LinkedInAccount } from '../../../client/operations/linkedin-accounts.ts';
import { ROWS_PER_PAGE, readAllPages } from '../../../lib/read-pages.ts';
import { linesIf } from '../../../lib/text-format.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { accountName, showSender } from '../../../views/people.ts';

const MAX_PAGES = 5;

/** Senders as previews show them. */
export interface Senders {
  /** `Name (LinkedIn account 1)`, in the order of the requested ids. */
  lines: string[];
  /** Senders that cannot work or were not found. */
  warnings: string[];
  facts: { linkedInAccountId: number; name?: string; authIsValid?: boolean; isValidNavigator?: boolean }[];
  /** The senders that were found, by id. */
  accounts: ReadonlyMap<number, LinkedInAccount>;
  /** Ids of senders whose LinkedIn login is invalid. */
  loggedOut: number[];
  /** Ids that the workspace does not have. Empty where not all senders were read. */
  missing: number[];
  /** The ids and whether each sender can work. */
  boundState: unknown;
}

/** Reads senders from pages of the workspace's senders, which takes fewer requests than one read per sender. */
export async function describeSenders(ids: readonly number[], context: ToolContext): Promise<Senders> {
  const { accounts, isAll } = ids.length === 0 ? NONE : await readAccounts(ids, context);
  const nameOf = (id: number) => showSender(accounts.get(id), id);
  return {
    lines: ids.map(nameOf),
    warnings: ids.flatMap((id) => warningsOf(accounts.get(id), nameOf(id))),
    facts: ids.map((id) => {
      const { authIsValid, isValidNavigator } = accounts.get(id) ?? {};
      return {
        linkedInAccountId: id,
        ...(accounts.has(id) ? { name: accountName(accounts.get(id)) } : {}),
        ...(authIsValid == null ? {} : { authIsValid }),
        ...(isValidNavigator == null ? {} : { isValidNavigator }),
      };
    }),
    accounts,
    loggedOut: ids.filter((id) => accounts.get(id)?.authIsValid === false),
    missing: isAll ? ids.filter((id) => !accounts.has(id)) : [],
    boundState: ids
      .toSorted((a, b) => a - b)
      .map((id) => [id, accounts.get(id)?.authIsValid, accounts.get(id)?.isValidNavigator]),
  };
}

function warningsOf(account: LinkedInAccount | undefined, name: string): string[] {
  if (account === undefined) {
    return [`${name} was not found among the first ${MAX_PAGES * ROWS_PER_PAGE} senders of the workspace.`];
  }
  return [
    ...linesIf(account.authIsValid === false, `The login of ${name} is invalid: it delivers nothing.`),
    ...linesIf(account.isActive === false, `${name} is switched off in HeyReach.`),
    ...linesIf(account.isValidNavigator === false, `${name} has no valid Sales Navigator.`),
  ];
}

const NONE = { accounts: new Map<number, LinkedInAccount>(), isAll: true };

async function readAccounts(ids: readonly number[], { client, call }: ToolContext) {
  const { rows, isAll } = await readAllPages((page) => client.linkedInAccounts.getAll(page, call), {
    maxPages: MAX_PAGES,
    isEnough: (rows) => ids.every((id) => rows.some((account) => account.id === id)),
  });
  const known = rows.flatMap((account) => (account.id == null ? [] : [[account.id, account] as const]));
  return { accounts: new Map(known), isAll };
}
