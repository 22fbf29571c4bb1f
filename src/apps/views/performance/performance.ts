import { type Part, partsOf, type Row, textOf } from '../shared/data.ts';
import { type Child, el } from '../shared/dom.ts';
import { incompleteNotice } from '../shared/incomplete-notice.ts';
import { moreButton } from '../shared/more-button.ts';
import { View } from '../shared/view.ts';
import { dayChart } from './day-chart.ts';
import { ResultTable } from './result-table.ts';
import { totalsOf } from './totals.ts';

const TOOL = 'get_performance';

new View({
  name: 'performance',
  title: 'Performance',
  tool: TOOL,
  show(data, view) {
    const parts = partsOf(data);
    // One workspace has a line per day. A line for each of several takes a call each.
    return parts.flatMap((part) => showPart(part, view, parts.length === 1));
  },
});

/** The results of one workspace. */
function showPart(part: Part, view: View, hasDays: boolean): Child[] {
  const { workspace, period } = part;
  const table = new ResultTable(part, view);
  const first = table.add(part);
  const heading = workspace !== undefined && el('h2', { dir: 'auto' }, workspace);
  const head = [heading, el('p', { class: 'note' }, periodOf(part, view)), incompleteNotice(part)];
  if (first === undefined)
    return [...head, el('p', { class: 'empty' }, 'There are no results in this period.'), leftOutOf(part)];
  return [
    ...head,
    totalsOf(part, view),
    hasDays && view.can('get_overall_stats') && dayChart(period as Row, view, workspace),
    table.element,
    leftOutOf(part),
    moreButton(part, { tool: TOOL, view, label: 'Show more rows', add: (next) => table.add(next) }),
    el('p', { class: 'note' }, textOf(part.howCounted)),
  ];
}

function periodOf({ period, before }: Part, view: View): string {
  const days = (of: unknown) => {
    const { startDate, endDate } = (of ?? {}) as Record<string, string>;
    return [startDate, endDate].map((day) => view.date(textOf(day), { hasYear: true })).join(' – ');
  };
  const { partialDay } = (period ?? {}) as Row;
  const compared = before === undefined ? '' : `, compared with ${days(before)}`;
  const partial = partialDay === undefined ? '' : `. ${view.date(textOf(partialDay))} is not over.`;
  return `${days(period)}${compared}${partial}`;
}

function leftOutOf({ leftOut }: Part): Child {
  const { tooSmall = 0, otherRate = 0 } = (leftOut ?? {}) as Record<string, number>;
  const count = tooSmall + otherRate;
  return count > 0 && el('p', { class: 'note' }, `The filter leaves out ${count} ${count === 1 ? 'row' : 'rows'}.`);
}
