import { SEND_WINDOW_MS, type SendLock, type SendPlace, type SendRecord, type SendTicket } from '../sends.ts';
import type { Commands, RedisConnection } from './connection.ts';

/** How often the ledger retries changes that the store did not accept. */
const RETRY_MS = 1_000;

/** How many sends are kept, about half a kilobyte each. The bound is for stores that many keys share. */
const MAX_KEPT = 20_000;

/** A message that a replica sent or may have sent. Times are those of `performance.now()`. */
export interface SentHere {
  ticket: SendTicket;
  text: string;
  outcome: SendRecord['outcome'];
  startedAt: number;
  /** undefined once the thread shows it. */
  recordedAt: number | undefined;
}

/** A change that must reach the store in the end. */
export type SendChange =
  | { type: 'unlock'; lock: SendLock }
  | { type: 'end'; ticket: SendTicket; outcome: SendRecord['outcome'] | 'not_sent' };

/** What the replicas publish about their sends. */
export type SendNews =
  | { type: 'begun'; ticket: SendTicket; text: string }
  | { type: 'ended'; ticket: SendTicket; outcome: SendRecord['outcome'] | 'not_sent' }
  | { type: 'forgotten'; place: SendPlace; text: string };

/** What the replicas sent in the last hour, as far as this one knows, and the changes that the store has not taken yet. */
export class KnownSends {
  /** By id, in the order of their starts. */
  readonly #sent = new Map<string, SentHere>();
  /** By lock or send: the last change counts. */
  readonly #pending = new Map<string, SendChange>();
  readonly #deliver: (commands: Commands, change: SendChange) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;

  constructor(deliver: (commands: Commands, change: SendChange) => Promise<void>) {
    this.#deliver = deliver;
  }

  keep(ticket: SendTicket, text: string): void {
    const now = performance.now();
    for (const [id, { startedAt }] of this.#sent) {
      if (now - startedAt < SEND_WINDOW_MS && this.#sent.size < MAX_KEPT) break;
      this.#sent.delete(id);
    }
    this.#sent.set(ticket.id, { ticket, text, outcome: 'unknown', startedAt: now, recordedAt: now });
  }

  /** Records news of a send. This replica also gets its own news. */
  hear(news: SendNews): void {
    if (news.type === 'ended') this.settle(news.ticket, news.outcome);
    else if (news.type === 'forgotten') this.forget(news.place, news.text);
    else if (!this.#sent.has(news.ticket.id)) this.keep(news.ticket, news.text);
  }

  settle({ id }: SendTicket, outcome: SendRecord['outcome'] | 'not_sent'): void {
    if (outcome === 'not_sent') this.#sent.delete(id);
    const sent = this.#sent.get(id);
    if (sent?.recordedAt === undefined || outcome === 'not_sent') return;
    sent.outcome = outcome;
    sent.recordedAt = performance.now();
  }

  forget({ key, conversation }: SendPlace, text: string): void {
    for (const sent of this.#sent.values()) {
      const { ticket } = sent;
      if (ticket.key === key && ticket.conversation === conversation && sent.text === text) sent.recordedAt = undefined;
    }
  }

  sent(): Iterable<SentHere> {
    return this.#sent.values();
  }

  /** Makes a change, now or once the store takes it. Never rejects. */
  async change(connection: RedisConnection, change: SendChange): Promise<void> {
    this.#pending.delete(idOf(change));
    await this.#deliver(connection, change).catch(() => this.defer(connection, change));
  }

  /** Makes a change once the store takes it. */
  defer(connection: RedisConnection, change: SendChange): void {
    this.#pending.set(idOf(change), change);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush(connection).catch(() => {});
      const [next] = this.#pending.values();
      if (next !== undefined) this.defer(connection, next);
    }, RETRY_MS).unref();
  }

  /** @throws StoreUnavailableError where the store does not take a change. */
  async flush(commands: Commands): Promise<void> {
    for (const [id, change] of [...this.#pending]) {
      await this.#deliver(commands, change);
      if (this.#pending.get(id) === change) this.#pending.delete(id);
    }
  }
}

function idOf(change: SendChange): string {
  return change.type === 'end' ? change.ticket.id : change.lock.id;
}
