import { type Part, type Row, rowsOf, textOf } from '../shared/data.ts';
import { type Child, el } from '../shared/dom.ts';
import type { View } from '../shared/view.ts';
import { barOf, deltaOf, percent, readRate } from './rate.ts';

interface Column {
  label: string;
  kind: 'name' | 'text' | 'count' | 'rate';
}

const COLUMNS: Record<string, Column> = {
  name: { label: 'Name', kind: 'name' },
  week: { label: 'Week from', kind: 'name' },
  acceptance: { label: 'Acceptance', kind: 'rate' },
  reply: { label: 'Replies', kind: 'rate' },
  inmailReply: { label: 'InMail replies', kind: 'rate' },
  interested: { label: 'Interested', kind: 'count' },
  failed: { label: 'Failed', kind: 'count' },
  cohort: { label: 'Older leads', kind: 'rate' },
  note: { label: 'Note', kind: 'text' },
};

interface Line {
  row: Row;
  element: HTMLTableRowElement;
}

/** The table of results. Each column head is a button that sorts. */
export class ResultTable {
  readonly element: HTMLElement;
  readonly #view: View;
  readonly #body = el('tbody');
  readonly #heads = new Map<string, HTMLElement>();
  readonly #columns: [string, Column][];
  readonly #lines: Line[] = [];
  #sorted: { name: string; isDescending: boolean } | undefined;

  constructor({ columns }: Part, view: View) {
    this.#view = view;
    const columnNames = Array.isArray(columns) ? columns : [];
    this.#columns = Object.entries(COLUMNS).filter(([name]) => columnNames.includes(name));
    // A narrow page scrolls the table alone, also by keyboard.
    this.element = el(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Results' },
      el(
        'table',
        {},
        el('caption', { class: 'hidden' }, 'Results. The head of a column sorts by it.'),
        el('thead', {}, el('tr', {}, ...this.#columns.map((column) => this.#head(...column)))),
        this.#body,
      ),
    );
  }

  /** Adds the rows of a result. @returns the first new element. */
  add(part: Part): HTMLElement | undefined {
    const lines = rowsOf(part).map((row) => ({ row, element: this.#line(row) }));
    this.#lines.push(...lines);
    this.#arrange();
    return lines[0]?.element;
  }

  #head(name: string, { label, kind }: Column): HTMLElement {
    const sort = () => this.#sortBy(name, kind);
    const button = el(
      'button',
      { type: 'button', click: sort },
      label,
      el('span', { class: 'arrow', 'aria-hidden': 'true' }),
    );
    const head = el('th', { scope: 'col', class: kind }, button);
    this.#heads.set(name, head);
    return head;
  }

  #line(row: Row): HTMLTableRowElement {
    const cells = this.#columns.map(([name, { kind }]) =>
      kind === 'name'
        ? el('th', { scope: 'row', class: kind }, ...this.#nameOf(row, name))
        : el('td', { class: kind, dir: kind === 'text' ? 'auto' : undefined }, ...this.#content(row[name], kind)),
    );
    return el('tr', { tabindex: '-1' }, ...cells);
  }

  /** The name with the status below it, which saves a column. */
  #nameOf(row: Row, name: string): Child[] {
    if (name === 'week') return [this.#view.date(textOf(row.week))];
    const status = textOf(row.status).replaceAll('_', ' ').toLowerCase();
    return [
      el('div', { dir: 'auto' }, textOf(row.name) || '(no name)'),
      status !== '' && el('div', { class: 'note' }, status),
    ];
  }

  #content(value: unknown, kind: Column['kind']): Child[] {
    if (kind !== 'rate') {
      if (typeof value === 'number') return [this.#view.number(value)];
      return [kind === 'count' ? '–' : textOf(value)];
    }
    const rate = readRate(value);
    if (rate === undefined) return ['–'];
    return [
      el('span', { class: 'percent' }, rate.rate === null ? '–' : percent(rate.rate, this.#view)),
      rate.change !== null && deltaOf(rate.change, this.#view),
      barOf(rate),
      el('span', { class: 'note' }, `${this.#view.number(rate.part)} of ${this.#view.number(rate.whole)}`),
    ];
  }

  /** Numbers begin with the largest, names with A. The same head again turns the order. */
  #sortBy(name: string, kind: Column['kind']): void {
    const isDescending = this.#sorted?.name === name ? !this.#sorted.isDescending : kind === 'rate' || kind === 'count';
    this.#sorted = { name, isDescending };
    for (const [other, head] of this.#heads) {
      if (other === name) head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
    this.#arrange();
    this.#view.announce(`Sorted by ${COLUMNS[name]!.label}, ${isDescending ? 'descending' : 'ascending'}.`);
  }

  #arrange(): void {
    const lines =
      this.#sorted === undefined ? this.#lines : this.#lines.toSorted((a, b) => this.#compare(a.row, b.row));
    this.#body.replaceChildren(...lines.map(({ element }) => element));
  }

  /** Rows without a value come last in both orders. */
  #compare(a: Row, b: Row): number {
    const { name, isDescending } = this.#sorted!;
    const [left, right] = [a, b].map((row) => sortValue(row[name]));
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const order =
      typeof left === 'number' && typeof right === 'number' ? left - right : String(left).localeCompare(String(right));
    return isDescending ? -order : order;
  }
}

function sortValue(cell: unknown): number | string | null {
  if (Array.isArray(cell)) return (cell[2] as number | undefined) ?? null;
  return typeof cell === 'number' || typeof cell === 'string' ? cell : null;
}
