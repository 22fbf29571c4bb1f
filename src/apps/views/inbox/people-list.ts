import { type Part, type Row, rowsOf, textOf } from '../shared/data.ts';
import { el } from '../shared/dom.ts';
import type { View } from '../shared/view.ts';
import { PersonCard } from './person-card.ts';

/** The list of people who wait, and how many of its conversations are unread. */
export class PeopleList {
  readonly element = el('ul', { class: 'people' });
  readonly unread = el('span');
  readonly #cards: PersonCard[] = [];
  readonly #view: View;
  readonly #workspace: string | undefined;

  constructor(view: View, workspace: string | undefined) {
    this.#view = view;
    this.#workspace = workspace;
  }

  get isEmpty(): boolean {
    return this.#cards.length === 0;
  }

  /** Adds the rows of a result. @returns the first new element. */
  add(part: Part): HTMLElement | undefined {
    const senders = namesIn(part.senders, 'linkedInAccountId');
    const campaigns = namesIn(part.campaigns, 'campaignId');
    const cards = rowsOf(part).map(
      (row) =>
        new PersonCard(row, {
          view: this.#view,
          workspace: this.#workspace,
          asOf: textOf(part.asOf),
          sender: senders.get(row.linkedInAccountId) ?? '',
          campaigns: ((row.campaigns ?? []) as unknown[]).map((id) => campaigns.get(id) ?? textOf(id)),
          onReadChange: () => this.#count(),
        }),
    );
    this.#cards.push(...cards);
    this.element.append(...cards.map(({ element }) => element));
    this.#count();
    return cards[0]?.element;
  }

  #count(): void {
    const unread = this.#cards.filter(({ isRead }) => !isRead).length;
    this.unread.textContent = `${unread} of ${this.#cards.length} shown are unread`;
  }
}

function namesIn(table: unknown, key: string): Map<unknown, string> {
  return new Map(rowsOf(table).map((row: Row) => [row[key], textOf(row.name)]));
}
