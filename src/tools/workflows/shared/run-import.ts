import { HeyReachError } from '../../../client/index.ts';
import type { ToolContext, ToolOutput } from '../../../mcp/tool.ts';
import type { Presence } from '../../../workflows/imports/classify-rows.ts';
import { type ImportPlan, planImport } from '../../../workflows/imports/import-plan.ts';
import { decisionOf, presenceIn } from '../../../workflows/imports/import-report.ts';
import { importWork } from '../../../workflows/imports/import-work.ts';
import { unknownJob } from '../../../workflows/jobs/job-registry.ts';
import { checkCampaignInDraft, checkListInDraft } from '../../shared/target-in-draft.ts';
import { type ImportCall, nothingToSend, readPlan } from './import-preview.ts';
import { readTarget, type TargetInput, writableTarget } from './import-target.ts';

const TARGETS = ['toListId', 'toCampaignId', 'newListName'] as const;

/** A rule across parameters: exactly one target, and a sender only where one can be chosen. */
export function checkTarget(input: TargetInput & Partial<ImportCall>): string | undefined {
  const namedTargets = TARGETS.filter((name) => input[name] !== undefined);
  if (namedTargets.length !== 1) return `exactly one of ${TARGETS.join(', ')} is required`;
  if (input.senderColumn !== undefined && input.toCampaignId === undefined) {
    return 'senderColumn needs toCampaignId: a list has no senders';
  }
  if (input.mode === 'update' && input.newListName !== undefined) {
    return 'mode update needs toListId or toCampaignId: a new list has no people';
  }
  const isSame = input.fromListId !== undefined && input.fromListId === input.toListId;
  return isSame ? 'fromListId and toListId must differ' : undefined;
}

/** In mode draft people are imported only where no campaign contacts them. */
export async function checkImportInDraft({ toListId, toCampaignId }: ImportCall, context: ToolContext): Promise<void> {
  if (toListId !== undefined) await checkListInDraft({ listId: toListId }, context);
  if (toCampaignId !== undefined) {
    await checkCampaignInDraft(
      { campaignId: toCampaignId, resumeFinishedCampaign: false, resumePausedCampaign: false },
      context,
    );
  }
}

/** Sends the rows of an import in calls of 100, and accounts for every row of the source. */
export async function runImport(input: ImportCall, context: ToolContext): Promise<ToolOutput> {
  const { resumeJob } = input;
  const state = await readTarget(input, context);
  const { plan, presence } =
    resumeJob === undefined
      ? { plan: await readPlan(input, context), presence: undefined }
      : await readDecided(resumeJob, input, context);
  if (plan.send.length === 0) throw nothingToSend(plan);
  const listId = input.newListName === undefined ? input.toListId : await ownList(input, context);
  const target = writableTarget(input, state, listId);
  const work = importWork({ plan, target, resumeJob, presence, files: context.files });
  return context.jobs.runChunks(work, context);
}

/** The plan of a job that is resumed: with the rows that its first run had decided to send, and who was in the target then. */
async function readDecided(
  jobId: string,
  input: ImportCall,
  context: ToolContext,
): Promise<{ plan: ImportPlan; presence: Presence }> {
  const [job, table] = await Promise.all([context.jobs.find(jobId), context.files.find(jobId)]);
  if (job?.kind !== 'import_leads' || table === undefined) throw unknownJob(jobId, context.jobs.areDurable);
  const { scope } = await readTarget(input, context);
  const decided = new Map(table.rows.map(([row, , outcome]) => [Number(row), decisionOf(String(outcome))] as const));
  return { plan: await planImport(input, scope, context, decided), presence: presenceIn(table) };
}

const LIST = /^list (\d+)$/;

/** The new list of an import: created now, or by the run that is resumed. */
async function ownList(
  { newListName = '', resumeJob }: ImportCall,
  { client, call, jobs }: ToolContext,
): Promise<number> {
  if (resumeJob !== undefined) {
    const target = LIST.exec((await jobs.find(resumeJob))?.target ?? '')?.[1];
    if (target === undefined) throw unknownJob(resumeJob, jobs.areDurable);
    return Number(target);
  }
  const { id } = await client.lists.create({ name: newListName, type: 'USER_LIST' }, call);
  if (id != null) return id;
  throw new HeyReachError({
    kind: 'unreadable_answer',
    outcome: 'unknown',
    message: 'HeyReach created the list and did not say its id.',
    meaning: 'The list is empty. No person was added.',
    nextStep: 'Find it with list_lists, and call again with toListId.',
  });
}
