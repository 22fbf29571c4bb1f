import { HeyReachError } from '../../../client/index.ts';
import { escapeName, quoteName } from '../../../lib/outside-text.ts';
import { countNoun, inline, linesIf } from '../../../lib/text-format.ts';
import { fewWarnings, type Preview } from '../../../mcp/confirmation/preview.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import {
  type ImportInput,
  type ImportPlan,
  planImport,
  ROWS_PER_CALL,
} from '../../../workflows/imports/import-plan.ts';
import { countDecisions } from '../../../workflows/imports/import-report.ts';
import { columnLines, ignoredLine, leadLines } from '../../../workflows/imports/import-samples.ts';
import { runningLines } from '../../lists/shared/list-campaigns.ts';
import { addedWorkLines, addedWorkWarnings } from './added-work-lines.ts';
import { readSenderWork } from './import-senders.ts';
import { readTarget, type TargetInput, type TargetState } from './import-target.ts';

/** A call takes about this long. */
const SECONDS_PER_CALL = 1;
const CHECKED_CALLS = 10;
const MAX_REASON = 200;
const MAX_SHOWN = 3;

export type ImportCall = ImportInput & TargetInput & { resumeJob?: string | undefined };

/** Decides once for the preview and the run what happens with each row. */
export function readPlan(input: ImportCall, context: ToolContext): Promise<ImportPlan> {
  return context.memoizedRead('import plan', async () => {
    const { scope } = await readTarget(input, context);
    return planImport(input, scope, context);
  });
}

/**
 * Shows what an import would do with the rows of its source, and whom the target contacts.
 * @throws HeyReachError `not_sent` where nothing would be sent.
 */
export async function previewImport(input: ImportCall, context: ToolContext): Promise<Preview | undefined> {
  // The rows of the job were confirmed. It goes on only where its rows and its target are as they were then.
  if (input.resumeJob !== undefined) return undefined;
  const target = await readTarget(input, context);
  const plan = await readPlan(input, context);
  if (plan.send.length === 0) throw nothingToSend(plan);
  const contacts = target.running.length + target.unread > 0;
  const counts = countDecisions(plan);
  const work = await readSenderWork(plan, target, context);
  const calls = Math.ceil(plan.send.length / ROWS_PER_CALL);
  const requests = calls + Math.floor((calls - 1) / CHECKED_CALLS) * 2 + 2;
  const people = countNoun(plan.send.length, 'person', 'people');
  const verb = input.mode === 'update' ? `Update the custom fields of ${people} in` : `Add ${people} to`;
  return {
    question: `${verb} ${target.title}${contacts ? `, ${target.contact}` : ''}?`,
    lines: [
      ...target.lines,
      `Source: ${plan.source.name}, ${countNoun(plan.rows.length, 'row')}`,
      ...reasonLines('Rows that cannot be sent', counts.refused),
      ...reasonLines('Rows left out', counts.skipped),
      ...columnLines(plan),
      ...ignoredLine(plan),
      `This takes ${countNoun(requests, 'request')}, about ${calls * SECONDS_PER_CALL} s.`,
      ...effectLines(target, contacts),
      ...(work === undefined ? [] : addedWorkLines(work, target.senders)),
    ],
    warnings: [
      ...target.warnings,
      ...optOutWarnings(input, context),
      ...warningsOf(plan),
      ...(work === undefined ? [] : addedWorkWarnings(work)),
      ...fewWarnings(target.senders.warnings),
    ],
    people: leadLines(plan),
    facts: { rows: plan.rows.length, toSend: plan.send.length, ...counts, requests, contacts },
    boundState: {
      source: plan.source.digest,
      plan: plan.digest,
      counts,
      target: target.boundState,
    },
    // Where no one is contacted, the agent alone checks columns and counts.
    ...(contacts ? {} : { audience: 'agent' as const }),
  };
}

function reasonLines(title: string, reasons: Record<string, number> = {}): string[] {
  const rows = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return [];
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  return [`${title}: ${total} (${rows.map(([reason, count]) => `${reason} ${count}`).join(', ')})`];
}

function effectLines({ running, unread, campaignId }: TargetState, contacts: boolean): string[] {
  if (!contacts) return ['No campaign contacts them now.'];
  return runningLines(
    running.filter(({ id }) => id !== campaignId),
    unread,
  );
}

/** A list of reasons that lacks an opt-out, and an empty one, sends to people who opted out. */
function optOutWarnings({ skip }: ImportCall, { doNotContact }: ToolContext): string[] {
  if (skip === undefined) return [];
  return [
    ...linesIf(
      !skip.includes('blacklisted'),
      'People on the blacklist are not left out: skip does not name blacklisted.',
    ),
    ...linesIf(
      !skip.includes('do_not_contact'),
      `People ${doNotContact === undefined ? '' : 'of the do-not-contact list or '}with the tag do-not-contact are not left out: skip does not name do_not_contact.`,
    ),
  ];
}

function warningsOf({ names, unknownSenders, columns, source, unread, incomplete, send }: ImportPlan): string[] {
  const withoutUrl = send.filter(({ lead }) => /\/sales\//i.test(lead?.profileUrl ?? '')).length;
  const absent = [...unknownSenders]
    .slice(0, MAX_SHOWN)
    .map(([sender, rows]) => `${quoteName(sender)} (${countNoun(rows, 'row')})`);
  const more = unknownSenders.size - absent.length;
  return [
    ...linesIf(
      absent.length > 0,
      `Rows are not sent for senders that are not in the campaign: ${absent.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
    ),
    ...linesIf(
      names.splitNames > 0,
      `Full names split: ${names.splitNames}, of which ${names.longNames} have more than two words.`,
    ),
    ...linesIf(names.cleanedNames > 0, `Names cleaned of emoji, brackets or titles: ${names.cleanedNames}.`),
    ...columns.mended.map(({ from, to }) => `Column "${escapeName(from)}" becomes the custom field ${to}.`),
    ...linesIf(
      source.tooLong > 0,
      `Rows with more cells than columns: ${source.tooLong}. Their cells may be in the wrong columns.`,
    ),
    ...linesIf(
      unread > 0,
      `People whom the server could not check against every reason in skip: ${unread}. They would be sent.`,
    ),
    ...linesIf(withoutUrl > 0, `People with a Sales Navigator URL: ${withoutUrl}.`),
    ...incomplete
      .slice(0, MAX_SHOWN)
      .map(({ part, reason }) => `Not read: ${part} (${escapeName(reason, MAX_REASON)}).`),
  ];
}

/** The error of an import whose rows are all refused or left out. */
export function nothingToSend(plan: ImportPlan): HeyReachError {
  const { refused, skipped } = countDecisions(plan);
  const reasons = [...reasonLines('cannot be sent', refused), ...reasonLines('left out', skipped)];
  return new HeyReachError({
    kind: 'bad_request',
    outcome: 'not_sent',
    message: `No row of ${inline(plan.source.name, MAX_REASON)} would be sent: ${reasons.join('; ') || 'it has none'}.`,
    meaning: 'Nothing was sent.',
    nextStep: 'Correct the source, or change columns, where or skip.',
  });
}
