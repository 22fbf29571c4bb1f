import type { ToolContext, ToolOutput } from '../../../mcp/tool.ts';
import { failedItem, type Item, reportOutcomes, runItems, tryWrite } from '../../../workflows/shared/outcomes.ts';
import { startWork } from '../../../workflows/shared/work-time.ts';

/** A campaign of a call that pauses several. */
interface CampaignItem extends Item {
  campaignId: number;
  status?: string;
}

interface Pause {
  pause(campaignId: number, context: ToolContext): Promise<ToolOutput>;
  /** Whether an earlier attempt took effect. HeyReach may reject the retry because of that. */
  verify(campaignId: number, context: ToolContext): Promise<ToolOutput | undefined>;
}

/** Pauses several campaigns side by side. Each has its own outcome, and a failure does not stop the others. */
export async function pauseEach(
  campaignIds: readonly number[],
  { pause, verify }: Pause,
  context: ToolContext,
): Promise<ToolOutput> {
  const tasks = campaignIds.map((campaignId, index) => ({ campaignId, index }));
  const isFirst = ({ campaignId, index }: (typeof tasks)[number]) => campaignIds.indexOf(campaignId) === index;
  const items = await runItems<(typeof tasks)[number], CampaignItem>(
    tasks.filter(isFirst),
    context,
    startWork(context.call),
    {
      async run(task) {
        const { campaignId } = task;
        const paused = await tryWrite(
          () => pause(campaignId, context),
          () => verify(campaignId, context),
        );
        if (!paused.ok) return { ...task, ...failedItem(paused.error) };
        const { status, note } = paused.value.data as { status: string; note?: string };
        return { ...task, outcome: status === 'PAUSED' ? 'done' : 'not_confirmed', status, note };
      },
      notStarted: (task, error) => ({ ...task, ...failedItem(error) }),
    },
  );
  const repeated = tasks
    .filter((task) => !isFirst(task))
    .map((task): CampaignItem => ({ ...task, outcome: 'duplicate', note: 'the campaign of an earlier row' }));
  return reportOutcomes([...items, ...repeated], {
    campaignId: ({ campaignId }) => campaignId,
    outcome: ({ outcome }) => outcome,
    status: ({ status }) => status,
  });
}
