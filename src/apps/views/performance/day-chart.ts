import { isRecord, type Row, textOf } from '../shared/data.ts';
import { el, svg } from '../shared/dom.ts';
import type { View } from '../shared/view.ts';

/** A period of a year comes in a few pages. */
const MAX_PAGES = 5;
const WIDTH = 600;
const HEIGHT = 120;

interface Series {
  name: string;
  label: string;
  countOn(day: Row): number;
}

const numberOf = (value: unknown) => (typeof value === 'number' ? value : 0);
const SERIES: readonly Series[] = [
  { name: 'accepted', label: 'Accepted invitations', countOn: (day) => numberOf(day.connectionsAccepted) },
  {
    name: 'replied',
    label: 'Replies',
    countOn: (day) => numberOf(day.totalMessageReplies) + numberOf(day.totalInmailReplies),
  },
];

/** A line per day, which is read when the view opens. Its failure leaves the rest of the view as it is. */
export function dayChart(period: Row, view: View, workspace: string | undefined): HTMLElement {
  const note = el('p', { class: 'note' }, 'Loading the days …');
  const figure = el('figure', { class: 'days', 'aria-busy': 'true' }, note);
  readDays(period, view, workspace)
    .then((days) => figure.replaceChildren(...(days.length > 1 ? chartOf(days, view) : [])))
    .catch((error: Error) => {
      note.textContent = `The days could not be read. ${error.message}`;
    })
    .finally(() => figure.removeAttribute('aria-busy'));
  return figure;
}

async function readDays({ startDate, endDate }: Row, view: View, workspace: string | undefined): Promise<Row[]> {
  const { linkedInAccountIds: accountIds, campaignIds } = view.args;
  const filters = {
    ...(accountIds === undefined ? {} : { accountIds }),
    ...(campaignIds === undefined ? {} : { campaignIds }),
  };
  const days: Row[] = [];
  let start: unknown = startDate;
  for (let page = 0; page < MAX_PAGES && start !== undefined; page += 1) {
    const data = await view.call(
      'get_overall_stats',
      { ...filters, startDate: start, endDate, byDay: true },
      workspace,
    );
    if (Array.isArray(data.byDay)) days.push(...data.byDay.filter(isRecord));
    start = data.nextStartDate;
  }
  return days;
}

function chartOf(days: readonly Row[], view: View): HTMLElement[] {
  const top = Math.max(1, ...SERIES.flatMap(({ countOn }) => days.map(countOn)));
  const lines = SERIES.map(({ name, countOn }) => {
    const points = days.map((day, index) => {
      const x = (index / (days.length - 1)) * WIDTH;
      return `${x.toFixed(1)},${(HEIGHT - (countOn(day) / top) * HEIGHT).toFixed(1)}`;
    });
    return svg('polyline', { class: name, points: points.join(' ') });
  });
  const names = days.map(({ day }) => view.date(textOf(day)));
  const chart = svg(
    'svg',
    {
      viewBox: `0 -4 ${WIDTH} ${HEIGHT + 8}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `Per day, ${SERIES.map((series) => peakOf(series, days, names)).join('; ')}`,
    },
    svg('path', { class: 'grid', d: `M0 0H${WIDTH}M0 ${HEIGHT}H${WIDTH}` }),
    ...lines,
  );
  return [
    el('figcaption', {}, ...SERIES.map(({ name, label }) => el('span', { class: `key ${name}` }, label, ' per day'))),
    el('div', { class: 'plot' }, el('span', { class: 'note top' }, `max. ${view.number(top)}`), chart),
    el('div', { class: 'axis note' }, el('span', {}, names[0]), el('span', {}, names.at(-1))),
    numbersOf(days, names, view),
  ];
}

/** What the line shows, for people who do not see it. */
function peakOf({ label, countOn }: Series, days: readonly Row[], names: readonly string[]): string {
  const values = days.map(countOn);
  const peak = Math.max(...values);
  const sum = values.reduce((total, value) => total + value, 0);
  return `${label}: ${sum} in all${peak > 0 ? `, most on ${names[values.indexOf(peak)]} with ${peak}` : ''}`;
}

/** The numbers of the line as a table. */
function numbersOf(days: readonly Row[], names: readonly string[], view: View): HTMLElement {
  const head = ['Day', ...SERIES.map(({ label }) => label)].map((label) => el('th', { scope: 'col' }, label));
  const rows = days.map((day, index) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, names[index]),
      ...SERIES.map(({ countOn }) => el('td', { class: 'count' }, view.number(countOn(day)))),
    ),
  );
  return el(
    'details',
    {},
    el('summary', {}, 'Numbers by day'),
    el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows)),
  );
}
