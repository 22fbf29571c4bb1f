import * as z from 'zod';
import { markOwn } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import { checkRange } from '../../mcp/arguments/date-range.ts';
import { date, limit, startOfDate, text } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { BOOKMARK_NAME } from '../../workflows/changes/bookmark-files.ts';
import { noBookmarks, reportChanges } from '../../workflows/changes/report-changes.ts';
import { jobOutputs } from '../../workflows/jobs/job-answer.ts';
import { NO_COUNTS } from '../../workflows/performance/counts.ts';
import { incompleteOutput } from '../../workflows/shared/incomplete.ts';
import { tableOutput } from '../../workflows/shared/table.ts';

const LAST = 'last';
const moment = lazy(() => date(''));
const people = lazy(() => z.looseObject(tableOutput('outside')).optional());
const states = lazy(() => z.looseObject(tableOutput('own', 'before null: new; now null: gone')).optional());
const counted = z.number().nullable().describe('null: see the count in wholeDays');

export const getChanges = defineTool({
  name: 'get_changes',
  title: 'Get changes',
  description:
    "Returns what changed since the last call or a time: messages from people, acceptances, replies, failures, campaign status, list sizes, sender logins. Changes nothing in HeyReach; a complete result moves only this server's bookmark.",
  toolset: 'workflows',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  allWorkspaces: { limit: 5 },
  input: () => ({
    since: text(
      'last (default): since the bookmark. Or an ISO day or time with offset; the bookmark then stays',
      40,
    ).optional(),
    bookmark: text('Name, one per reader; default: default', 40).default('default'),
    limit: limit('Rows of each kind', { max: 100 }),
  }),
  check({ since = LAST, bookmark }) {
    if (!BOOKMARK_NAME.test(bookmark)) return 'bookmark takes lower-case letters, digits, - and _';
    const read = since === LAST ? undefined : moment().safeParse(since);
    if (read?.success === false) return `since must be last, or it ${read.error.issues[0]?.message}`;
    return read === undefined ? undefined : checkRange({ since });
  },
  output: () =>
    z.looseObject({
      since: z.string(),
      bookmark: markOwn(
        z.looseObject({
          name: z.string().optional(),
          at: z.string().optional(),
          moved: z.boolean(),
          previous: z.string().optional().describe('pass it as since to repeat the last result'),
          reason: z.string().optional(),
        }),
      ),
      counts: z.looseObject({
        inboundMessages: z.number(),
        accepted: counted,
        replied: counted,
        failures: z.number(),
        campaigns: z.number().optional(),
        lists: z.number().optional(),
        senders: z.number().optional(),
      }),
      wholeDays: z
        .looseObject({
          from: z.string(),
          ...Object.fromEntries(Object.keys(NO_COUNTS).map((name) => [name, z.number()])),
        })
        .optional(),
      inbound: people(),
      accepted: people(),
      replied: people(),
      failures: people(),
      campaigns: states(),
      lists: states(),
      senders: states(),
      resultId: z.string().optional().describe('all changes, if rows were left out'),
      file: markOwn(z.looseObject({ uri: z.string(), rows: z.number(), path: z.string().optional() })).optional(),
      howCounted: z.string(),
      ...incompleteOutput(),
      ...jobOutputs(),
    }),
  async run({ since, ...args }, context) {
    if (since === LAST && context.bookmarks === undefined) throw noBookmarks();
    const request = { ...args, since: since === undefined || since === LAST ? undefined : startOfDate(since) };
    return context.jobs.runRead((of) => reportChanges(request, of), context);
  },
});
