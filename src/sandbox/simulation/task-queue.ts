/** An attempt to deliver an event to a webhook. */
export interface QueuedDelivery {
  webhookId: number;
  body: Record<string, unknown>;
  /** From 1. */
  attempt: number;
  /** When the first attempt was made. */
  firstAt: number;
}

/** A task at a moment of the sandbox clock. */
export type Task = { at: number } & (
  | { kind: 'step'; campaignId: number; personId: string; token: number }
  /** `path`: the position at which the lead waits for the acceptance. */
  | { kind: 'accept'; campaignId: number; personId: string; path: string }
  | { kind: 'reply'; campaignId: number; personId: string; inMail: boolean }
  | { kind: 'insert'; campaignId: number }
  | { kind: 'begin'; campaignId: number }
  | { kind: 'autoPause'; campaignId: number }
  | { kind: 'endDate'; campaignId: number }
  /** A status change in a campaign's past, for the seed. */
  | { kind: 'status'; campaignId: number; status: 'PAUSED' | 'CANCELED' | 'FAILED' }
  | { kind: 'deliver'; conversationId: string; body: string; subject: string | null }
  | { kind: 'blacklist'; entryId: number }
  | { kind: 'webhook'; delivery: QueuedDelivery }
);

/** Tasks by time. Tasks of the same moment keep their order of insertion. */
export class TaskQueue {
  #heap: { task: Task; order: number }[] = [];
  #order = 0;

  get size(): number {
    return this.#heap.length;
  }

  push(task: Task): void {
    const heap = this.#heap;
    heap.push({ task, order: this.#order++ });
    let i = heap.length - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#before(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** Takes the earliest task out if it is due by `until`. */
  takeDue(until: number): Task | undefined {
    const heap = this.#heap;
    const first = heap[0];
    if (!first || first.task.at > until) return undefined;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first.task;
  }

  #sink(): void {
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      let least = i;
      if (left < this.#heap.length && this.#before(left, least)) least = left;
      if (left + 1 < this.#heap.length && this.#before(left + 1, least)) least = left + 1;
      if (least === i) return;
      this.#swap(i, least);
      i = least;
    }
  }

  #before(a: number, b: number): boolean {
    const x = this.#heap[a]!;
    const y = this.#heap[b]!;
    return x.task.at !== y.task.at ? x.task.at < y.task.at : x.order < y.order;
  }

  #swap(a: number, b: number): void {
    const item = this.#heap[a]!;
    this.#heap[a] = this.#heap[b]!;
    this.#heap[b] = item;
  }
}
