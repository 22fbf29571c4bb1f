import type { FaultReason } from './faults.ts';
import type { Exchange, HttpRequest, HttpSender } from './http.ts';

/** One request as it really ended. */
export interface RequestEnd {
  /** Which request of its call it was, from 1; those after a 429 count, too. */
  attempt: number;
  /** HTTP status, or the reason why there was no answer. */
  ended: number | FaultReason;
  ms: number;
}

/**
 * Told what calls do on their way, those of all keys together and without a word of whose they are: for numbers, as logs
 * are served by `observe` of a call. Must not throw.
 */
export interface ConnectionWatch {
  /** A call may start a request, after so many ms of waiting for its turn. */
  slotTaken(waitedMs: number): void;
  attemptStarted(attempt: number): void;
  /** Told once for each that has started; for one that goes on without its caller, when it has ended, too. */
  attemptEnded(end: RequestEnd): void;
}

/** How things are with a connection at this moment. */
export interface ConnectionSnapshot {
  /** Calls that wait for a slot, of all keys. */
  waiting: number;
  /** What the busiest key has used of its window, from 0 to 1. */
  quotaUsed: number;
  /** HeyReach is taken to be down: calls are refused, but for one at a time that finds out whether it is back. */
  hostIsHeldBack: boolean;
  /** Keys whose own calls are refused right now. */
  keysHeldBack: number;
}

/** Sends a request and tells of its start and of its end. */
export async function sendWatched(
  sender: HttpSender,
  request: HttpRequest,
  attempt: number,
  watch: ConnectionWatch,
): Promise<Exchange> {
  const began = performance.now();
  const end = (exchange: Exchange) => {
    const ended = exchange.type === 'answer' ? exchange.status : exchange.reason;
    watch.attemptEnded({ attempt, ended, ms: performance.now() - began });
  };
  const onLate = (exchange: Exchange) => {
    end(exchange);
    request.onLate?.(exchange);
  };
  watch.attemptStarted(attempt);
  const exchange = await sender.send({ ...request, onLate });
  if (exchange.type === 'answer' || !exchange.inFlight) end(exchange);
  return exchange;
}
