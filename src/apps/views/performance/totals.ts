import type { Part } from '../shared/data.ts';
import { el } from '../shared/dom.ts';
import type { View } from '../shared/view.ts';
import { deltaOf, percent } from './rate.ts';

const COUNTS = { sent: 'Invitations', interested: 'Interested' };
const RATES = { acceptance: 'Acceptance', reply: 'Replies', inmailReply: 'InMail replies' };

/** The sums of all rows, each with its change. */
export function totalsOf({ totals }: Part, view: View): HTMLElement {
  const values = (totals ?? {}) as Record<string, number | null>;
  const counts = Object.entries(COUNTS).map(([name, label]) => item(label, view.number(values[name] ?? 0)));
  const rates = Object.entries(RATES).flatMap(([name, label]) => {
    const rate = values[name] ?? null;
    if (rate === null) return [];
    const before = values[`${name}Before`] ?? null;
    const change = before === null ? undefined : deltaOf(Math.round((rate - before) * 100), view);
    return [item(label, percent(rate, view), change)];
  });
  return el('dl', { class: 'totals' }, counts[0], ...rates, counts[1]);
}

function item(label: string, value: string, change?: HTMLElement): HTMLElement {
  return el('div', {}, el('dt', {}, label), el('dd', {}, value, change && ' ', change));
}
