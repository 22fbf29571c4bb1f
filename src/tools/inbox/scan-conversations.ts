import * as z from 'zod';
import { conversation } from '../../client/operations/inbox.ts';
import { lazy } from '../../lib/lazy.ts';
import { checkRange } from '../../mcp/arguments/date-range.ts';
import { date, detail, endOfDate, limit, list, startOfDate, tagFilterName, text } from '../../mcp/arguments/fields.ts';
import { type CursorPosition, packCursor, unpackCursor } from '../../mcp/results/cursor.ts';
import { defineTool, type InputOf } from '../../mcp/tool.ts';
import { conversationRow, wholeConversation } from '../../views/conversation-row.ts';
import { assertListed } from '../../workflows/shared/filter-ids.ts';
import { checkFilters, filterFields, tagFilter, toFilters } from './shared/conversation-filters.ts';

const input = lazy(() => ({
  ...filterFields(),
  ...tagFilter(),
  latestAutoTagNames: list(tagFilterName(), 'Newest automatic tag, e.g. Interested', { max: 20 }).optional(),
  from: date('Last message on or after; whole days are UTC').optional(),
  to: date('Last message on or before; default now').optional(),
  messages: limit('Newest messages per row', { min: 0, max: 20, byDefault: 0 }),
  limit: limit('Rows', { max: 100 }),
  cursor: text('nextCursor, same filters', 5_000).optional(),
  ...detail(),
}));

/** The arguments that select rows. A cursor is valid only with the same ones. */
function selectionOf({ cursor: _, messages: __, detail: ___, ...rest }: InputOf<ReturnType<typeof input>>) {
  return rest;
}

function positionOf(args: InputOf<ReturnType<typeof input>>): CursorPosition | string {
  return args.cursor === undefined ? { upstream: null, skip: 0 } : unpackCursor(args.cursor, selectionOf(args));
}

export const scanConversations = defineTool({
  name: 'scan_conversations',
  title: 'Scan conversations',
  description:
    'Lists conversations page by page with a cursor, for a long inbox or a date range. Takes the filters of list_conversations and automatic tags. For a quick look use list_conversations.',
  toolset: 'inbox',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: input,
  check(args) {
    const { from, to } = args;
    const problem = checkRange({ from, to });
    if (problem !== undefined) return problem;
    const position = positionOf(args);
    return checkFilters(args) ?? (typeof position === 'string' ? position : undefined);
  },
  output: () =>
    z.looseObject({
      totalCount: z.union([z.number(), z.literal('unknown')]),
      returned: z.number(),
      items: z.array(conversation()),
      nextCursor: z.string().optional().describe('cursor of the next page; absent at the end'),
    }),
  nextStep: (error) =>
    error.status === 404 || error.status === 405
      ? 'This workspace has no such operation. Use list_conversations, which reads an older one.'
      : undefined,
  async run(args, context) {
    const { client, call, full } = context;
    const { from, to, limit, messages, latestAutoTagNames } = args;
    const position = positionOf(args);
    if (typeof position === 'string') throw new TypeError(position);
    const page = await client.inbox.getConversationsV3(
      {
        limit,
        cursor: position.upstream,
        from: from === undefined ? undefined : startOfDate(from),
        to: to === undefined ? undefined : endOfDate(to),
        filters: { ...toFilters(args), latestAutoTagNames: latestAutoTagNames ?? [] },
      },
      call,
    );
    const all = page.items ?? [];
    if (all.length === 0 && position.upstream === null) await assertListed(args, context);
    const lastIndex = position.last === undefined ? -1 : all.findIndex((item) => item.id === position.last);
    const begin = lastIndex === -1 ? position.skip : lastIndex + 1;
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
        continuation(rowCount) {
          const selection = selectionOf(args);
          if (rowCount < rows.length) {
            const last = rows[rowCount - 1]?.id ?? undefined;
            return { nextCursor: packCursor({ upstream: position.upstream, skip: begin + rowCount, last }, selection) };
          }
          if (!page.nextCursor || page.hasNextPage === false) return {};
          return { nextCursor: packCursor({ upstream: page.nextCursor, skip: 0 }, selection) };
        },
      },
    };
  },
});
