import { HeyReachError } from '../../client/index.ts';
import type { ChunkResult, ChunkWork, ToolContext } from '../../mcp/tool.ts';
import type { ChunkState, JobEvent } from './job-events.ts';
import type { RunningJob } from './running-job.ts';

interface ChunkRun {
  job: RunningJob;
  work: ChunkWork;
  context: ToolContext;
  /** The chunks as earlier runs left them. */
  known: ReadonlyMap<number, ChunkState>;
  /** Writes a line of the journal, and resolves when it is kept. */
  journal(event: JobEvent): Promise<void>;
}

/** The chunks that have an answer, and why the others have none. */
export interface SentChunks {
  results: ChunkResult[];
  error?: unknown;
}

/**
 * Sends the chunks that have no answer yet, one after the other. The journal says of each chunk that it is being sent before
 * its request leaves, and its answer before the next chunk. So at most one chunk of a killed process has no outcome, and
 * only this one is sent again.
 */
export async function sendChunks({ job, work, context, known, journal }: ChunkRun): Promise<SentChunks> {
  const results: ChunkResult[] = [];
  try {
    await work.begin?.(job.id, context);
  } catch (error) {
    return { results: earlierOf(known), error };
  }
  for (let chunk = 0; chunk < work.chunks; chunk += 1) {
    const { result: earlier, recounted = false, mayBeDone = false } = known.get(chunk) ?? {};
    if (earlier !== undefined) {
      results.push({ chunk, result: earlier, recounted });
      continue;
    }
    if (job.stopAs !== undefined) break;
    try {
      await journal({ type: 'sending', at: now(), chunk });
      const result = await sendOne(chunk, mayBeDone, { work, context, journal });
      const answered = { type: 'answered', at: now(), chunk, account: result, recounted: mayBeDone } as const;
      await journal(answered).catch((error: unknown) => Promise.reject(answerLost(error)));
      results.push({ chunk, result, recounted: mayBeDone });
      job.done += 1;
      job.partial = work.report(results).data;
    } catch (error) {
      return { results, error };
    }
    await context.progress(job.done, work.chunks, `${job.done} of ${work.chunks} chunks sent`);
  }
  return { results };
}

/** The results of earlier runs. */
function earlierOf(known: ChunkRun['known']): ChunkResult[] {
  return [...known].flatMap(([chunk, { result, recounted = false }]) =>
    result === undefined ? [] : [{ chunk, result, recounted }],
  );
}

type OneChunk = Pick<ChunkRun, 'work' | 'context' | 'journal'>;

async function sendOne(chunk: number, mayBeDone: boolean, { work, context, journal }: OneChunk) {
  try {
    return await work.send(chunk, context, mayBeDone);
  } catch (error) {
    // Without this line the chunk counts as possibly done.
    await journal({ type: 'broken', at: now(), chunk, outcome: brokenOutcome(error, mayBeDone) }).catch(() => {});
    throw error;
  }
}

/** Whether a chunk that failed may have been carried out. An error of this server does not say. */
function brokenOutcome(error: unknown, mayBeDone: boolean): HeyReachError['outcome'] {
  // An earlier attempt without an answer outweighs a later one without a sent byte.
  if (mayBeDone) return 'unknown';
  return error instanceof HeyReachError ? error.outcome : 'unknown';
}

/** The error of a journal that failed after the request. */
function answerLost(error: unknown): unknown {
  if (!(error instanceof HeyReachError)) return error;
  const { kind, message, nextStep } = error;
  const meaning = 'The chunk was sent. Its outcome is not in the journal.';
  return new HeyReachError({ kind, outcome: 'unknown', message, meaning, nextStep });
}

const now = () => new Date().toISOString();
