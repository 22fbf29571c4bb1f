import { z } from 'zod';
import { conversation } from '../../client/operations/inbox.ts';
import { type Position, packCursor, unpackCursor } from '../cursor.ts';
import { defineTool, type InputOf } from '../define.ts';
import { date, detail, endOf, startOf, text, whole } from '../fields.ts';
import { conversationRow, wholeConversation } from './conversation-row.ts';
import { checkFilters, filterFields, tagFilter, toFilters } from './filters.ts';

const input = {
  ...filterFields,
  ...tagFilter,
  latestAutoTagNames: z
    .array(z.string().min(1).max(200))
    .max(20)
    .describe('Newest automatic tag, e.g. Interested')
    .optional(),
  from: date('Last message on or after this day; whole UTC days').optional(),
  to: date('Last message on or before this day; default now').optional(),
  messages: whole('Newest messages to include per row', 0, 20).default(0),
  limit: whole('Rows a page', 1, 100).default(20),
  cursor: text('nextCursor of the last answer, with the same filters', 5_000).optional(),
  ...detail,
};

/** What decides which rows there are: a cursor is good for these only. */
function rowsOf({ cursor: _, messages: __, detail: ___, ...rest }: InputOf<typeof input>) {
  return rest;
}

function positionOf(given: InputOf<typeof input>): Position | string {
  return given.cursor === undefined ? { upstream: null, skip: 0 } : unpackCursor(given.cursor, rowsOf(given));
}

export const scanConversations = defineTool({
  name: 'scan_conversations',
  title: 'Sweep the inbox',
  description:
    'Conversations page by page with a cursor, for sweeps of a long inbox or a span of days; takes the filters of list_conversations and automatic tags. For a quick look use list_conversations.',
  toolset: 'inbox',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input,
  check(given) {
    const { from, to } = given;
    if (from !== undefined && to !== undefined && Date.parse(startOf(from)) > Date.parse(endOf(to))) {
      return 'from must not be later than to';
    }
    const position = positionOf(given);
    return checkFilters(given) ?? (typeof position === 'string' ? position : undefined);
  },
  output: z.looseObject({
    totalCount: z.union([z.number(), z.literal('unknown')]),
    returned: z.number(),
    items: z.array(conversation),
    nextCursor: z.string().optional().describe('cursor to go on with; absent at the end'),
  }),
  async run(given, { client, call, full }) {
    const { from, to, limit, messages, latestAutoTagNames } = given;
    const position = positionOf(given);
    if (typeof position === 'string') throw new TypeError(position);
    const page = await client.inbox.getConversationsV3(
      {
        limit,
        cursor: position.upstream,
        from: from === undefined ? undefined : startOf(from),
        to: to === undefined ? undefined : endOf(to),
        filters: { ...toFilters(given), latestAutoTagNames: latestAutoTagNames ?? [] },
      },
      call,
    );
    const all = page.items ?? [];
    const known = position.last === undefined ? -1 : all.findIndex((item) => item.id === position.last);
    const begin = known === -1 ? position.skip : known + 1;
    const rows = all.slice(begin);
    const row = full ? wholeConversation : conversationRow;
    return {
      data: {
        totalCount: page.totalCount ?? 'unknown',
        returned: rows.length,
        items: rows.map((item) => row(item, messages)),
      },
      rows: {
        key: 'items',
        goOn(kept) {
          const args = rowsOf(given);
          if (kept < rows.length) {
            const last = rows[kept - 1]?.id ?? undefined;
            return { nextCursor: packCursor({ upstream: position.upstream, skip: begin + kept, last }, args) };
          }
          if (!page.nextCursor || page.hasNextPage === false) return {};
          return { nextCursor: packCursor({ upstream: page.nextCursor, skip: 0 }, args) };
        },
      },
    };
  },
});
