import { LRUCache } from 'lru-cache';
import { cancelledWhileWaiting, deadlineWhileWaiting } from '../../client/rate-limit/errors.ts';

/** From the start of a read. */
const LIFE_MS = 600_000;
/** List members, conversations and entries of all keys together. A list member takes about 200 bytes. */
const MAX_ROWS = 400_000;

/** What a read of a part returned. */
export interface PartRead<Value> {
  value: Value;
  /** How many people it holds. */
  rows: number;
  /** The part was read to its end. Any other part is used once and not kept. */
  isWhole: boolean;
}

/** A part with the moment at which its read began, in ms of a monotonic clock. */
export interface Part<Value> {
  value: Value;
  readAt: number;
  isWhole: boolean;
}

interface Reading {
  result: Promise<Part<unknown>>;
  controller: AbortController;
  /** The callers that wait for it. */
  callers: number;
}

/** When a caller stops waiting. */
export interface Patience {
  signal?: AbortSignal | undefined;
  /** ms since the epoch. */
  deadline?: number | undefined;
}

/**
 * The parts that are known of the workspace of each key, for ten minutes. Concurrent callers share the read of a part. It
 * ends early only when all of them have left.
 */
export class PartCache {
  readonly #parts: LRUCache<string, Part<unknown> & { rows: number }>;
  readonly #readings = new Map<string, Reading>();
  readonly #now: () => number;
  #purge: NodeJS.Timeout | undefined;

  /** @param now milliseconds of a monotonic clock, more than 0. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#parts = new LRUCache({
      ttl: LIFE_MS,
      // With any other resolution lru-cache waits for a timer before it reads the clock again.
      ttlResolution: 0,
      perf: { now },
      maxSize: MAX_ROWS,
      sizeCalculation: ({ rows }) => Math.min(Math.max(1, rows), MAX_ROWS),
    });
  }

  /** A part that is known and not older than ten minutes. */
  get<Value>(key: string, name: string): Part<Value> | undefined {
    return this.#parts.get(idOf(key, name)) as Part<Value> | undefined;
  }

  /**
   * Returns a part that is known, joins the read of a part, or reads it.
   * @param read gets the signal that ends it when no caller waits any more.
   * @throws HeyReachError when the caller is cancelled or at its deadline, and whatever `read` throws.
   */
  async read<Value>(
    key: string,
    name: string,
    patience: Patience,
    read: (signal: AbortSignal) => Promise<PartRead<Value>>,
  ): Promise<Part<Value>> {
    const known = this.get<Value>(key, name);
    if (known !== undefined) return known;
    const id = idOf(key, name);
    const reading = this.#readings.get(id) ?? this.#start(id, read);
    reading.callers += 1;
    try {
      return (await waitFor(reading.result, patience)) as Part<Value>;
    } finally {
      reading.callers -= 1;
      if (reading.callers === 0) {
        reading.controller.abort();
        this.#forget(id, reading);
      }
    }
  }

  /** Drops the parts of a key that a change made stale. Callers that wait for one of them still get it. */
  drop(key: string, isStale: (name: string) => boolean): void {
    const prefix = idOf(key, '');
    for (const id of [...this.#parts.keys(), ...this.#readings.keys()]) {
      if (!id.startsWith(prefix) || !isStale(id.slice(prefix.length))) continue;
      this.#parts.delete(id);
      this.#readings.delete(id);
    }
  }

  /** The milliseconds since the read of a part began. */
  ageOf({ readAt }: Pick<Part<unknown>, 'readAt'>): number {
    return this.#now() - readAt;
  }

  /** How much is kept. */
  get size(): { parts: number; rows: number } {
    return { parts: this.#parts.size, rows: this.#parts.calculatedSize };
  }

  #start<Value>(id: string, read: (signal: AbortSignal) => Promise<PartRead<Value>>): Reading {
    this.#parts.purgeStale();
    const controller = new AbortController();
    const readAt = this.#now();
    const result = read(controller.signal).then(({ value, rows, isWhole }): Part<Value> => {
      // A part that was dropped meanwhile is not kept.
      if (isWhole && this.#readings.get(id) === reading) {
        const ttl = Math.max(1, LIFE_MS - (this.#now() - readAt));
        this.#parts.set(id, { value, readAt, isWhole, rows }, { ttl });
        this.#purgeLater();
      }
      return { value, readAt, isWhole };
    });
    const reading: Reading = { result, controller, callers: 0 };
    this.#readings.set(id, reading);
    const end = () => this.#forget(id, reading);
    result.then(end, end);
    return reading;
  }

  /** Frees the memory of an index that no call asks for again. */
  #purgeLater(): void {
    this.#purge ??= setTimeout(() => {
      this.#purge = undefined;
      this.#parts.purgeStale();
      if (this.#parts.size > 0) this.#purgeLater();
    }, LIFE_MS).unref();
  }

  #forget(id: string, reading: Reading): void {
    if (this.#readings.get(id) === reading) this.#readings.delete(id);
  }
}

/** Waits for a read that other callers wait for too, at most as long as this caller can. */
async function waitFor<Value>(result: Promise<Value>, { signal, deadline }: Patience): Promise<Value> {
  if (signal?.aborted) throw cancelledWhileWaiting(signal);
  let stop = () => {};
  const left = new Promise<never>((_, reject) => {
    const onAbort = () => reject(cancelledWhileWaiting(signal));
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer =
      deadline === undefined ? undefined : setTimeout(() => reject(deadlineWhileWaiting()), deadline - Date.now());
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
  });
  try {
    return await Promise.race([result, left]);
  } finally {
    stop();
  }
}

function idOf(key: string, name: string): string {
  return `${key} ${name}`;
}
