import { shortProfileUrl } from '../../lib/linkedin-url.ts';
import { fullName, inline } from '../../lib/text-format.ts';
import type { OptOuts } from '../opt-outs/opt-outs.ts';
import { senderName } from '../senders/workspace-senders.ts';
import { type Cell, toTable } from '../shared/table.ts';
import { clipTo, roomOf, shareRoom } from '../shared/text-room.ts';
import type { Unanswered } from './find-unanswered.ts';
import type { RowCampaigns } from './row-campaigns.ts';

const MAX_SAID = 200;
/** The shortest text of a row, even if a call requests more rows than the default. */
const MIN_SAID = 45;
const MAX_WE_SAID = 60;
/** Characters of English in a result of 2,600 tokens, without its counts and its cursor. */
const ROOM = 9_400;
/** What the other cells of a row take: a conversation id alone has 42 tokens. */
const ROOM_OF_ROW = 330;
const TWO_DAYS_MS = 2 * 86_400_000;

/** The table of the people who wait, with the names of their senders and campaigns. */
export function unansweredTables(
  shown: readonly Unanswered[],
  { campaigns, optOuts }: { campaigns: RowCampaigns; optOuts: OptOuts },
  now: number,
) {
  const optedOut = ({ conversation }: Unanswered) =>
    optOuts
      .of(conversation.correspondentProfile ?? {})
      .map(({ where }) => where)
      .join(', ') || null;
  const accounts = new Map(
    shown.map(({ conversation }) => [conversation.linkedInAccountId, conversation.linkedInAccount ?? {}]),
  );
  const senders = toTable([...accounts], {
    linkedInAccountId: ([id]) => id,
    name: ([, sender]) => senderName(sender),
  });
  const names = JSON.stringify([senders.rows, campaigns.table.rows]);
  const { said, weSaid } = textsOf(shown, ROOM - roomOf(names) - shown.length * ROOM_OF_ROW);
  return {
    ...toTable(shown, {
      conversationId: ({ conversation }) => conversation.id,
      linkedInAccountId: ({ conversation }) => conversation.linkedInAccountId,
      name: ({ conversation: { correspondentProfile: person } }) => inline(fullName(person)),
      company: ({ conversation }) => inline(conversation.correspondentProfile?.companyName) || null,
      said,
      ...(weSaid === undefined ? {} : { weSaid }),
      waitingSince: (row) => sinceOf(row, now),
      inbound: ({ inbound }) => inbound,
      campaigns: (row) => campaigns.idsOf(row),
      ...columnIf(shown, 'autoTag', ({ conversation }) => conversation.correspondentProfile?.autoTags?.at(-1)?.name),
      ...columnIf(shown, 'optedOut', optedOut),
      read: ({ conversation }) => conversation.read,
      profileUrl: ({ conversation: { correspondentProfile: person } }) => shortProfileUrl(person?.profileUrl),
    }),
    senders,
    campaigns: campaigns.table,
  };
}

/**
 * The cells of texts, which get the room that the other cells leave. With many rows `said` is cut more, and there is no
 * `weSaid`, because get_conversation shows it.
 */
function textsOf(shown: readonly Unanswered[], room: number) {
  const wholeOf = (text: string | null) => inline(text, Number.POSITIVE_INFINITY);
  const needs = shown.map(({ said }) => roomOf(clipTo(wholeOf(said), { characters: MAX_SAID })));
  const share = Math.max(MIN_SAID, shareRoom(needs, room));
  const said = (row: Unanswered) => clipTo(wholeOf(row.said), { characters: MAX_SAID, room: share });
  const weSaid = (row: Unanswered) =>
    row.weSaid === null ? null : clipTo(wholeOf(row.weSaid), { characters: MAX_WE_SAID });
  const needed = [...needs, ...shown.map((row) => roomOf(weSaid(row) ?? ''))].reduce((sum, need) => sum + need, 0);
  return needed <= room ? { said, weSaid } : { said };
}

/** A column that has a value in some row. */
function columnIf(rows: readonly Unanswered[], name: string, cell: (row: Unanswered) => Cell) {
  return rows.some((row) => cell(row) != null) ? { [name]: cell } : {};
}

/** The minute, or the day after two days: an hour more does not matter then. */
function sinceOf({ since, at }: Unanswered, now: number): string | undefined {
  return since?.slice(0, now - at > TWO_DAYS_MS ? 10 : 16);
}
