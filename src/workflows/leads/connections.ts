import type { HeyReachClient } from '../../client/index.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import { countNoun, fullName } from '../../lib/text-format.ts';
import { showSender } from '../../views/people.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { settle } from '../shared/settle.ts';
import { type Table, toTable } from '../shared/table.ts';
import type { WorkTime } from '../shared/work-time.ts';

const MAX_PAGES = 2;

/** Asks each sender of the workspace whether a person is a connection: one request a sender, and one for their names. */
export async function connectionTable(
  profileUrl: string,
  client: HeyReachClient,
  time: WorkTime,
): Promise<{ table?: Table; incomplete: MissingPart[] }> {
  const { call } = time;
  const senders = await settle(
    readAllPages((page) => client.linkedInAccounts.getAll(page, call), { maxPages: MAX_PAGES }),
  );
  if (!senders.ok) return { incomplete: [missing('connections', senders.error, time)] };
  const accounts = senders.value.rows.flatMap((account) =>
    account.id == null ? [] : [{ ...account, id: account.id }],
  );
  const checks = await Promise.all(
    accounts.map(async (account) => ({
      account,
      answer: await settle(
        client.network.isConnection({ senderAccountId: account.id, leadProfileUrl: profileUrl }, call),
      ),
    })),
  );
  return {
    table: toTable(checks, {
      linkedInAccountId: ({ account }) => account.id,
      sender: ({ account }) => fullName(account),
      isConnection: ({ answer }) => (answer.ok ? answer.value.isConnection : null),
    }),
    incomplete: [
      ...(senders.value.isAll
        ? []
        : [{ part: 'connections', reason: `HeyReach listed only ${countNoun(accounts.length, 'sender')}` }]),
      ...checks.flatMap(({ account, answer }) =>
        answer.ok ? [] : [missing(`connection with ${showSender(account, account.id)}`, answer.error, time)],
      ),
    ],
  };
}
