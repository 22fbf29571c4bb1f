import * as z from 'zod';
import { HeyReachError } from '../../client/index.ts';
import { lazy } from '../../lib/lazy.ts';
import { inline } from '../../lib/text-format.ts';
import type { ToolContext, ToolOutput } from '../../mcp/tool.ts';
import { sideBySide } from './side-by-side.ts';
import { type Cell, tableOutput, toTable } from './table.ts';
import type { WorkTime } from './work-time.ts';

/**
 * The outcome of one item of a call that takes several:
 * - `done`: HeyReach accepted it, and no read shows otherwise
 * - `not_confirmed`: HeyReach accepted it, but a later read does not show it, or failed
 * - `partial`: some of its requests were accepted, others were not
 * - `unknown`, `refused`, `not_sent`: the outcomes of a failed request; an item that cannot be read is `refused` too
 * - `duplicate`: an earlier item is the same
 */
export const ITEM_OUTCOMES = [
  'done',
  'not_confirmed',
  'partial',
  'unknown',
  'refused',
  'not_sent',
  'duplicate',
] as const;
export type ItemOutcome = (typeof ITEM_OUTCOMES)[number];

/** One item of a call that takes several, with its outcome. */
export interface Item {
  index: number;
  outcome: ItemOutcome;
  note?: string | undefined;
  /** Why it failed, in whole or in part. */
  error?: HeyReachError | undefined;
}

/** The fields of a result with several items. */
export const outcomesOutput = lazy(() => ({
  given: z.number(),
  counts: z
    .looseObject(Object.fromEntries(ITEM_OUTCOMES.map((outcome) => [outcome, z.number().optional()])))
    .describe('items by outcome; not_confirmed: accepted, but the state read back does not show it'),
  outcomes: z.looseObject(tableOutput('outside', 'one row per item, in the order given')),
  nextStep: z.string().optional(),
}));

/** Outcomes of items for which HeyReach accepted at least one request. */
const ACCEPTED: ReadonlySet<ItemOutcome> = new Set(['done', 'not_confirmed', 'partial']);
/** Outcomes after which another call with the same item can help. */
const REPEATABLE: ReadonlySet<ItemOutcome> = new Set(['not_confirmed', 'partial', 'unknown', 'not_sent']);

/** Whether a further call with the item can do what is missing. */
export function isRepeatable({ outcome }: Item): boolean {
  return REPEATABLE.has(outcome);
}

/** The outcome of an item whose only request failed, or that was not begun. */
export function failedItem(error: HeyReachError): Pick<Item, 'outcome' | 'note' | 'error'> {
  return { outcome: error.outcome, note: error.message, error };
}

const MAX_NOTE = 300;

/**
 * The result of a call with several items, one row each. An error only if HeyReach accepted nothing of any item.
 * @param columns the cells of a row before its note.
 * @param extra further fields of the result.
 */
export function reportOutcomes<Own extends Item>(
  unordered: readonly Own[],
  columns: Record<string, (item: Own) => Cell>,
  extra: Record<string, unknown> = {},
): ToolOutput {
  const items = unordered.toSorted((a, b) => a.index - b.index);
  const counts: Record<string, number> = {};
  for (const { outcome } of items) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const error = gravest(items);
  const hasFailed = error !== undefined && !items.some(({ outcome }) => ACCEPTED.has(outcome));
  const { nextStep = items.some(isRepeatable) ? CALL_AGAIN : undefined, ...further } = extra;
  const data = {
    given: items.length,
    counts,
    outcomes: toTable(items, { ...columns, note: ({ note }) => (note === undefined ? null : inline(note, MAX_NOTE)) }),
    ...further,
    // The error of a call that failed as a whole has its own next step.
    ...(nextStep === undefined || hasFailed ? {} : { nextStep }),
  };
  return hasFailed ? { data, error } : { data, partialFailure: error };
}

const CALL_AGAIN = 'Call again with the items that are not done. Repeating an item does no harm.';

const BY_GRAVITY = ['unknown', 'refused', 'not_sent'] as const;

/** The most serious error: an unknown outcome outweighs a rejection, and a rejection outweighs a request that was not sent. */
export function gravest(items: readonly { error?: HeyReachError | undefined }[]): HeyReachError | undefined {
  const errors = items.flatMap(({ error }) => error ?? []);
  return BY_GRAVITY.map((outcome) => errors.find((error) => error.outcome === outcome)).find(Boolean);
}

/** A write that succeeded, or why it did not. */
export type WriteResult<Value> = { ok: true; value: Value } | { ok: false; error: HeyReachError };

/**
 * Makes one write of several. A failure does not end the others.
 * @param verify reads the state after HeyReach rejected a retry, because the first attempt may have succeeded. undefined: it
 *   did not.
 */
export async function tryWrite<Value>(
  write: () => Promise<Value>,
  verify: () => Promise<Value | undefined>,
): Promise<WriteResult<Value>> {
  try {
    return { ok: true, value: await write() };
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    if (error.outcome !== 'refused' || !error.afterUnclearAttempt) return { ok: false, error };
    try {
      const value = await verify();
      return value === undefined ? { ok: false, error } : { ok: true, value };
    } catch {
      return { ok: false, error: error.asUnknown() };
    }
  }
}

const AT_ONCE = 5;

/**
 * Works on items side by side, and begins none after the work time or a cancellation.
 * @param notStarted the result of an item that was not begun.
 */
export async function runItems<Task, Result>(
  tasks: readonly Task[],
  { call, progress }: ToolContext,
  time: WorkTime,
  { run, notStarted }: { run(task: Task): Promise<Result>; notStarted(task: Task, error: HeyReachError): Result },
): Promise<Result[]> {
  let done = 0;
  return sideBySide(tasks, AT_ONCE, async (task) => {
    const isCancelled = call.signal?.aborted === true;
    if (isCancelled || time.isOver()) return notStarted(task, notStartedError(isCancelled, time));
    const result = await run(task);
    done += 1;
    await progress(done, tasks.length, `${done} of ${tasks.length} done`);
    return result;
  });
}

function notStartedError(isCancelled: boolean, time: WorkTime): HeyReachError {
  return new HeyReachError({
    kind: isCancelled ? 'cancelled' : 'timeout',
    outcome: 'not_sent',
    message: isCancelled
      ? 'Not begun: the call was cancelled'
      : `Not begun: ${time.overReason.replace('read', 'done')}`,
    meaning: 'Nothing was sent for the remaining items.',
    nextStep: 'Call again with the remaining items.',
  });
}
