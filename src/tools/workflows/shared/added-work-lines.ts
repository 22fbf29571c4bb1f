import { countNoun, linesIf } from '../../../lib/text-format.ts';
import { titled } from '../../../mcp/confirmation/preview.ts';
import { showSender } from '../../../views/people.ts';
import type { AddedWork } from '../../../workflows/senders/added-work.ts';
import { sumOf } from '../../../workflows/shared/rates.ts';
import type { Senders } from '../../campaigns/shared/senders.ts';

const MAX_SHOWN = 5;

/** The senders that take added people. */
export interface SenderWork {
  people: number;
  work: readonly AddedWork[];
  /** What limits them, such as `invitations`. */
  actions: string;
}

/** How added people are shared between senders, and for how many days each has work. */
export function addedWorkLines({ people, work, actions }: SenderWork, { accounts }: Senders): string[] {
  const rows = work.slice(0, MAX_SHOWN).map((sender) => {
    return `${showSender(accounts.get(sender.id), sender.id)}: ${workOf(sender, actions)}`;
  });
  if (work.length <= 1) return rows.map((row) => `Sender: ${row}`);
  const working = work.filter(({ perDay }) => perDay !== 0);
  const perDay = sumOf(working.map((sender) => sender.perDay));
  const waiting = sumOf(working.map((sender) => sender.waiting));
  return [
    ...linesIf(
      perDay !== null && perDay > 0,
      `Work: ${loadOf(people, { perDay: perDay ?? 0, waiting: waiting ?? undefined, actions })}. Senders that work: ${working.length} of ${work.length}`,
    ),
    ...titled(`Senders, if HeyReach shares the people by ${actions} a day`, [
      ...rows,
      ...linesIf(work.length > MAX_SHOWN, `and ${work.length - MAX_SHOWN} more`),
    ]),
  ];
}

/** People who would wait for a sender that does nothing. */
export function addedWorkWarnings({ work, actions }: SenderWork): string[] {
  const idle = work.filter(({ perDay }) => perDay === 0);
  const pinned = idle.reduce((sum, sender) => sum + sender.pinned, 0);
  const isNoneLeft = work.length > 0 && idle.length === work.length;
  return [
    ...linesIf(isNoneLeft, `No sender can send ${actions} now, so the people wait.`),
    ...linesIf(pinned > 0 && !isNoneLeft, `People who wait for a sender that sends no ${actions} now: ${pinned}.`),
  ];
}

function workOf({ people, pinned, perDay, fault, waiting }: AddedWork, actions: string): string {
  if (perDay === null) return `works, allowance of ${actions} unknown`;
  if (perDay > 0) return loadOf(people, { perDay, waiting, actions });
  const why = fault === undefined ? `sends no ${actions} now` : `sends nothing, ${fault}`;
  return pinned === 0 ? why : `${why}; ${countNoun(pinned, 'person waits', 'people wait')} for it`;
}

interface Load {
  perDay: number;
  waiting: number | undefined;
  actions: string;
}

function loadOf(people: number, { perDay, waiting, actions }: Load): string {
  const before = Math.round(waiting ?? 0);
  const behind =
    waiting === undefined ? ', queue unknown' : before === 0 ? '' : ` after ${countNoun(before, 'waiting lead')}`;
  const days = Math.ceil((people + before) / perDay);
  return `${countNoun(people, 'person', 'people')}${behind} at ${perDay} ${actions} a day, ${countNoun(days, 'day')}`;
}
