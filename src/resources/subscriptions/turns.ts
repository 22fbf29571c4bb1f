/** So many urgent turns in a row go before one that is not, if it waits. */
const MOST_URGENT = 6;

/** Whose turn it is. */
export interface Turn {
  target: string;
  /** It need not wait for its time, only for the budget. */
  isUrgent: boolean;
}

/** In which order targets are looked at: one after the other, and those first that nothing is known of yet. */
export class Turns {
  /** In the order of their turns. */
  readonly #line = new Map<string, { isUrgent: boolean }>();
  #urgentInARow = 0;

  get targets(): string[] {
    return [...this.#line.keys()];
  }

  has(target: string): boolean {
    return this.#line.has(target);
  }

  /** Adds a target, as an urgent one, at the end of the line. */
  add(target: string): void {
    if (!this.#line.has(target)) this.#line.set(target, { isUrgent: true });
  }

  remove(target: string): void {
    this.#line.delete(target);
  }

  /** What was known of it is true no more. */
  hurry(target: string): void {
    const place = this.#line.get(target);
    if (place !== undefined) place.isUrgent = true;
  }

  next(): Turn | undefined {
    let urgent: string | undefined;
    let other: string | undefined;
    for (const [target, { isUrgent }] of this.#line) {
      if (isUrgent) urgent ??= target;
      else other ??= target;
    }
    const mayPass = other === undefined || this.#urgentInARow < MOST_URGENT;
    if (urgent !== undefined && mayPass) return { target: urgent, isUrgent: true };
    return other === undefined ? undefined : { target: other, isUrgent: false };
  }

  /** A turn begins: its target goes to the end of the line, urgent no more. */
  begin({ target, isUrgent }: Turn): void {
    this.#urgentInARow = isUrgent ? this.#urgentInARow + 1 : 0;
    this.#line.delete(target);
    this.#line.set(target, { isUrgent: false });
  }
}
