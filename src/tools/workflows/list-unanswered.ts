import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { ids, integer, limit, list, text } from '../../mcp/arguments/fields.ts';
import { defineTool, type InputOf, type ToolContext } from '../../mcp/tool.ts';
import { jobOutputs } from '../../workflows/jobs/job-answer.ts';
import { incompleteOutput } from '../../workflows/shared/incomplete.ts';
import { tableOutput } from '../../workflows/shared/table.ts';
import { INCLUDES } from '../../workflows/unanswered/find-unanswered.ts';
import { isWholeWindow, packUnanswered, unansweredPosition } from '../../workflows/unanswered/position.ts';
import { reportUnanswered } from '../../workflows/unanswered/report.ts';

const input = lazy(() => ({
  linkedInAccountIds: ids('Only these').optional(),
  campaignIds: ids('Only these').optional(),
  lookBackDays: integer('Days since the last message; default 30', 1, 365).default(30),
  waitingHours: integer('Only people who wait this long', 0, 8_760).optional(),
  include: list(z.enum(INCLUDES), 'Also these; closing: sort short or not-interested replies by time, not last', {
    max: INCLUDES.length,
  }).optional(),
  limit: limit('Rows', { max: 100, byDefault: 25 }),
  cursor: text('nextCursor', 5_000).optional(),
}));

/** The position, and the arguments that select the rows. A cursor is valid only with the same ones. */
function positionOf({ cursor, limit: _, ...selection }: InputOf<ReturnType<typeof input>>) {
  return { position: unansweredPosition(cursor, selection, Date.now()), selection };
}

export const listUnanswered = defineTool({
  name: 'list_unanswered',
  title: 'List unanswered replies',
  description:
    'Lists the people who wait for our answer, longest first: the last message is theirs, read or not. Returns their text (shortened in long results), since when they wait, and the campaigns. Use it to triage the inbox; get_conversation has whole texts, send_message answers.',
  toolset: 'workflows',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  allWorkspaces: { limit: 10 },
  input: input,
  check(args) {
    const { position } = positionOf(args);
    return typeof position === 'string' ? position : undefined;
  },
  output: () =>
    z.looseObject({
      asOf: z.string(),
      from: z.string().describe('first UTC day that was read'),
      scanned: z.number().describe('conversations read'),
      waiting: z.number().describe('of these, those whose last message is from the person'),
      byAge: z.looseObject({ under1d: z.number(), '1to3d': z.number(), '3to7d': z.number(), over7d: z.number() }),
      leftOut: z
        .looseObject({
          blocked: z.number(),
          group: z.number(),
          theyWroteFirst: z.number(),
          underWaitingHours: z.number(),
        })
        .describe('waiting, but not in rows'),
      closing: z.number().describe('short or not-interested replies, sorted last'),
      ...tableOutput(
        'outside',
        'cells in the order of columns; weSaid only if rows are few; HeyReach does not say which of several campaigns began it',
      ),
      senders: z.looseObject(tableOutput('own')),
      campaigns: z.looseObject(tableOutput('own')),
      nextCursor: z.string().optional(),
      ...incompleteOutput(),
      ...jobOutputs(),
    }),
  async run(args, context) {
    const { position, selection } = positionOf(args);
    if (typeof position === 'string') throw new TypeError(position);
    const { linkedInAccountIds = [], campaignIds = [], waitingHours = 0, include = [], limit } = args;
    const request = { linkedInAccountIds, campaignIds, waitingHours, include, limit, position };
    const report = (of: ToolContext) => reportUnanswered(request, of, (next) => packUnanswered(next, selection));
    // A cursor that names a part of the inbox stops in time, as the call before it did, and returns the cursor of the rest.
    return isWholeWindow(position) ? context.jobs.runRead(report, context) : report(context);
  },
});
