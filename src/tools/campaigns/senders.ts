import type { LinkedInAccount } from '../../client/operations/linkedin-accounts.ts';
import type { ToolContext } from '../define.ts';
import { showSender } from '../preview-lines.ts';
import { ROWS_A_PAGE, readRows } from '../read-rows.ts';

const MOST_PAGES = 5;

/** Senders as a preview shows them. */
export interface Senders {
  /** `Name (LinkedIn account 1)`, in the order asked for. */
  lines: string[];
  /** Whose login or Sales Navigator is invalid, and who could not be found. */
  warnings: string[];
  facts: { linkedInAccountId: number; name?: string; authIsValid?: boolean; isValidNavigator?: boolean }[];
  /** Who they are and whether they can work. */
  binds: unknown;
}

/** Reads senders by their ids, a hundred of the workspace's at a time, which costs less than one by one. */
export async function readSenders(ids: readonly number[], context: ToolContext): Promise<Senders> {
  const found = ids.length === 0 ? new Map<number, LinkedInAccount>() : await readAccounts(ids, context);
  const nameOf = (id: number) => showSender(found.get(id), id);
  const warnings = ids.flatMap((id) => {
    const account = found.get(id);
    if (account === undefined)
      return [`${nameOf(id)} was not found among the first ${MOST_PAGES * ROWS_A_PAGE} senders of the workspace.`];
    return [
      ...(account.authIsValid === false ? [`The login of ${nameOf(id)} is invalid: it delivers nothing.`] : []),
      ...(account.isActive === false ? [`${nameOf(id)} is switched off in HeyReach.`] : []),
      ...(account.isValidNavigator === false ? [`${nameOf(id)} has no valid Sales Navigator.`] : []),
    ];
  });
  return {
    lines: ids.map(nameOf),
    warnings,
    facts: ids.map((id) => {
      const { authIsValid, isValidNavigator } = found.get(id) ?? {};
      return {
        linkedInAccountId: id,
        ...(found.has(id) ? { name: nameOf(id) } : {}),
        ...(authIsValid == null ? {} : { authIsValid }),
        ...(isValidNavigator == null ? {} : { isValidNavigator }),
      };
    }),
    binds: [...ids]
      .sort((a, b) => a - b)
      .map((id) => [id, found.get(id)?.authIsValid, found.get(id)?.isValidNavigator]),
  };
}

async function readAccounts(
  ids: readonly number[],
  { client, call }: ToolContext,
): Promise<Map<number, LinkedInAccount>> {
  const { rows } = await readRows((page) => client.linkedInAccounts.getAll(page, call), {
    mostPages: MOST_PAGES,
    isEnough: (rows) => ids.every((id) => rows.some((account) => account.id === id)),
  });
  return new Map(rows.flatMap((account) => (account.id == null ? [] : [[account.id, account] as const])));
}
