import { HeyReachError } from '../../client/index.ts';
import type { AddedCounts } from '../../client/operations/fields.ts';
import type { CallerFiles, KeptTable } from '../../mcp/services/caller-files.ts';
import type { ChunkResult, ChunkWork, ToolContext, ToolOutput } from '../../mcp/tool.ts';
import { type ImportCounts, type MembersBefore, type Presence, presenceOf } from './classify-rows.ts';
import { type ImportPlan, ROWS_PER_CALL, type RowToSend } from './import-plan.ts';
import { type ImportEnd, outcomeTable, reportOf } from './import-report.ts';

/** The import reads the target again before every tenth request. */
const CHECKED_CALLS = 10;
/** The outcome of rows is kept this often, besides at the end. Each time rewrites the whole table. */
const KEPT_CALLS = 10;

/** Where an import sends its rows. */
export interface ImportTarget {
  /** Such as `list 930108`. */
  key: string;
  /** What must stay as it was confirmed. */
  boundState: unknown;
  send(rows: readonly RowToSend[], context: ToolContext): Promise<AddedCounts | undefined>;
  /** @throws HeyReachError `target_changed` where the target would contact people without a confirmation. */
  assertUnchanged(context: ToolContext): Promise<void>;
  /** The people in it. undefined where they cannot be read, or where that takes too long. */
  members(context: ToolContext): Promise<MembersBefore | undefined>;
  /** How many people it has. undefined where that cannot be read. */
  size(context: ToolContext): Promise<number | undefined>;
}

interface ImportJob {
  plan: ImportPlan;
  target: ImportTarget;
  resumeJob: string | undefined;
  /** Who was in the target before the first run. undefined for the first run. */
  presence: Presence | undefined;
  files: CallerFiles;
}

/** An update sends people of the target only. */
const ALL: MembersBefore = { has: () => true };

/** The calls of an import as work that can go on as a job. */
export function importWork({ plan, target, resumeJob, presence: before, files }: ImportJob): ChunkWork {
  const chunks = Math.ceil(plan.send.length / ROWS_PER_CALL);
  const results: ChunkResult[] = [];
  let outcomeFile: KeptTable | undefined;
  let ended: ImportEnd | undefined;
  let id = '';
  let presence: Presence = before ?? new Map();
  const keep = async () => {
    outcomeFile = await files.keepOutcome(id, outcomeTable(plan, results, { presence, ended }));
  };
  return {
    target: target.key,
    plan: [plan.digest, target.boundState],
    chunks,
    resumeJob,
    async begin(jobId, context) {
      id = jobId;
      // A job that is resumed has its rows in the table of its first run.
      if (before !== undefined) return;
      // The progress of a job counts its chunks only.
      const members = plan.isUpdate ? ALL : await target.members({ ...context, progress: async () => {} });
      presence = presenceOf(plan.send, members);
      await keep();
    },
    async send(chunk, context, mayBeDone) {
      if (chunk > 0 && chunk % CHECKED_CALLS === 0) await target.assertUnchanged(context);
      const rows = plan.send.slice(chunk * ROWS_PER_CALL, (chunk + 1) * ROWS_PER_CALL);
      const before = chunk === 0 ? await target.size(context) : undefined;
      const counts = await sendRows(rows, chunk, target, context);
      const after = chunk === chunks - 1 ? await target.size(context) : undefined;
      const whole = {
        ...counts,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      };
      results.push({ chunk, result: { ...whole }, recounted: mayBeDone });
      if (chunk % KEPT_CALLS === KEPT_CALLS - 1) await keep();
      return { ...whole };
    },
    async end(all, error) {
      results.splice(0, results.length, ...all);
      ended = { error };
      await keep();
    },
    report: (all): ToolOutput => reportOf(plan, all, { target: target.key, outcomeFile, presence, ended }),
  };
}

/** Sends the rows of one call. A call that HeyReach rejects for its rows does not end the import, except the first one. */
async function sendRows(
  all: readonly RowToSend[],
  chunk: number,
  target: ImportTarget,
  context: ToolContext,
): Promise<ImportCounts> {
  const { call } = context;
  const rows = all.filter(({ lead }) => lead !== undefined);
  if (rows.length === 0) return { sent: 0, added: 0, updated: 0, failed: 0 };
  let lostResponses = 0;
  const observe: typeof call.observe = (attempt) => {
    if (attempt.isUnclear) lostResponses += 1;
    call.observe?.(attempt);
  };
  try {
    const counts = (await target.send(rows, { ...context, call: { ...call, observe } })) ?? {};
    return {
      sent: rows.length,
      added: counts.addedLeadsCount ?? null,
      updated: counts.updatedLeadsCount ?? null,
      failed: counts.failedLeadsCount ?? null,
      ...(lostResponses === 0 ? {} : { repeated: true }),
    };
  } catch (error) {
    if (!(error instanceof HeyReachError) || error.outcome !== 'refused') throw error;
    // A rejection after a lost response does not prove that the first attempt was rejected too.
    if (error.afterUnclearAttempt) throw error.asUnknown();
    if (chunk === 0 || error.status !== 400) throw error;
    return { sent: 0, added: 0, updated: 0, failed: 0, rejected: error.message };
  }
}
