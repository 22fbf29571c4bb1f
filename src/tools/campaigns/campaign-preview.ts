import type { Campaign } from '../../client/operations/campaigns.ts';
import type { SequenceNode } from '../../client/operations/sequence.ts';
import { unlessUnreadable } from '../decoration.ts';
import type { ToolContext } from '../define.ts';
import { counted, inline, type Preview, rowLines, SHOWN_ROWS } from '../preview.ts';
import { showPerson } from '../preview-lines.ts';
import { isRunning } from './running.ts';
import { readSenders, type Senders } from './senders.ts';
import { outlineSteps } from './sequence-steps.ts';

/** What a campaign would do when it is let go: to how many, by whom, in which steps. */
export async function previewRun(
  campaignId: number,
  { verb, context }: { verb: 'Start' | 'Resume'; context: ToolContext },
): Promise<Preview> {
  const { client, call } = context;
  const campaign = await client.campaigns.getById({ campaignId }, call);
  const listId = campaign.linkedInUserListId ?? undefined;
  const [senders, list, people, sequence] = await Promise.all([
    readSenders(campaign.campaignAccountIds ?? [], context),
    listId === undefined ? undefined : client.lists.getById({ listId }, call),
    listId === undefined ? undefined : readPeople(listId, context),
    client.campaigns.getSequence({ campaignId }, call),
  ]);
  const size = list?.totalItemsCount ?? undefined;
  const moving = verb === 'Start' ? size : waiting(campaign);
  const steps = outlineSteps(sequence as SequenceNode | undefined);
  const name = inline(campaign.name) || `campaign ${campaignId}`;
  return {
    question: `${verb} the campaign "${name}", so that it contacts people?`,
    lines: [
      `Status now: ${campaign.status ?? 'unknown'}`,
      `Leads that start moving: ${moving ?? 'unknown'}${list === undefined ? '' : `, of ${counted(size ?? 0, 'lead')} in the list "${inline(list.name)}"`}`,
      ...(people === undefined || people.lines.length === 0 ? [] : ['In its list:', ...rowLines(people.lines, size)]),
      senders.lines.length === 0 ? 'Senders: none' : 'Senders:',
      ...rowLines(senders.lines),
      steps.length === 0 ? 'Steps: none' : 'Steps:',
      ...rowLines(steps),
    ],
    warnings: [
      ...statusWarning(verb, campaign),
      ...warningsOf(verb, size, sequence !== undefined, senders),
      ...senders.warnings,
    ],
    facts: {
      campaign: { campaignId, name, status: campaign.status },
      leads: moving ?? null,
      ...(list === undefined ? {} : { list: { listId, name: inline(list.name), totalItemsCount: size } }),
      senders: senders.facts,
      steps: steps.length,
    },
    binds: {
      status: campaign.status,
      senders: senders.binds,
      list: listId,
      // A running campaign takes its leads as they come; in one that stands still, more of them are other people.
      size: isRunning(campaign) ? undefined : size,
      people: isRunning(campaign) ? undefined : people?.facts,
      sequence,
    },
  };
}

/** The first people of a list, by name; they only tell better than a number does. */
async function readPeople(listId: number, { client, call }: ToolContext) {
  const page = await unlessUnreadable(client.lists.getLeads({ listId, offset: 0, limit: SHOWN_ROWS }, call));
  const people = (page?.items ?? []).map(showPerson);
  return { lines: people.map(({ line }) => line), facts: people.map(({ facts }) => facts) };
}

/** Leads that are in the middle or yet to begin; unknown where HeyReach's counts are off, as they can be, even negative. */
function waiting({ progressStats }: Campaign): number | undefined {
  const { totalUsersPending: pending, totalUsersInProgress: inProgress } = progressStats ?? {};
  if (pending == null || inProgress == null || pending < 0 || inProgress < 0) return undefined;
  return pending + inProgress;
}

const TAKES = { Start: ['DRAFT'], Resume: ['PAUSED', 'FINISHED', 'FAILED'] };

function statusWarning(verb: keyof typeof TAKES, { status }: Campaign): string[] {
  if (status == null || TAKES[verb].includes(status)) return [];
  const taken = TAKES[verb].join(', ');
  return [
    `HeyReach lets a campaign ${verb.toLowerCase()} that is ${taken}; this one is ${status}, and will probably be refused.`,
  ];
}

function warningsOf(verb: string, size: number | undefined, hasSequence: boolean, senders: Senders): string[] {
  return [
    ...(senders.lines.length === 0 ? ['It has no sender: HeyReach will refuse or nothing will go out.'] : []),
    ...(hasSequence ? [] : ['It has no sequence.']),
    ...(size === 0 ? [`Its list is empty: it will pause itself right after the ${verb.toLowerCase()}.`] : []),
  ];
}
