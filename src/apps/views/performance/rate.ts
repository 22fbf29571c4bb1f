import { el, svg } from '../shared/dom.ts';
import type { View } from '../shared/view.ts';

/** A rate as the server reports it: the part, the whole, the rate, the rate before and the change in points. */
export interface Rate {
  part: number;
  whole: number;
  rate: number | null;
  before: number | null;
  change: number | null;
}

/** Reads the cell of a rate. undefined where nothing happened. */
export function readRate(cell: unknown): Rate | undefined {
  if (!Array.isArray(cell)) return undefined;
  const [part = 0, whole = 0, rate = null, before = null, change = null] = cell as number[];
  return { part, whole, rate, before, change };
}

export function percent(rate: number, view: View): string {
  return view.number(rate, { style: 'percent', maximumFractionDigits: 1 });
}

/** The change to the period before, with a sign, so that the color is not needed. */
export function deltaOf(change: number, view: View): HTMLElement {
  const kind = change > 0 ? 'up' : change < 0 ? 'down' : 'same';
  const arrow = { up: '▲', down: '▼', same: '=' }[kind];
  return el(
    'span',
    { class: `delta ${kind}` },
    el('span', { 'aria-hidden': 'true' }, `${arrow} `),
    `${view.number(change, { signDisplay: 'exceptZero' })} pts`,
  );
}

const HEIGHT = 6;
const clamp = (rate: number) => Math.min(1, Math.max(0, rate)) * 100;

/** A bar from 0 to 100 %, with a mark at the rate before. The numbers next to it say the same. */
export function barOf({ rate, before }: Rate): SVGElement {
  const box = { height: HEIGHT, y: 0 };
  return svg(
    'svg',
    { viewBox: `0 0 100 ${HEIGHT}`, preserveAspectRatio: 'none', class: 'bar', 'aria-hidden': 'true' },
    svg('rect', { ...box, class: 'track', width: 100 }),
    svg('rect', { ...box, class: 'value', width: clamp(rate ?? 0) }),
    before !== null && svg('rect', { ...box, class: 'mark', x: Math.min(99, clamp(before)), width: 1 }),
  );
}
