import { describeFault } from './faults.ts';
import type { Exchange } from './http.ts';

/** Left without an answer for so long, a call says as much about HeyReach as a timeout does. */
const SILENT_MS = 10_000;
/** What gateways answer when nobody is behind them; any other 5xx may be about the request. */
const GATEWAY = new Set([502, 503, 504, 524]);

/** What the end of a call says of HeyReach. */
export type Health =
  /** It answered. */
  | 'alive'
  /** It could not be reached, or said nothing, or a gateway spoke for it. */
  | 'out'
  /** A 5xx of its own: it is out, or stumbles over this very request. */
  | 'stumbled'
  /** The call was over before anything could be known. */
  | 'untold';

/** @param ms how long the exchange has taken. */
export function healthOf(ended: Exchange, ms: number): Health {
  if (ended.type === 'answer') return ended.status < 500 ? 'alive' : GATEWAY.has(ended.status) ? 'out' : 'stumbled';
  switch (ended.reason) {
    case 'cancelled':
    case 'deadline':
      return ended.bytesLeft && ms >= SILENT_MS ? 'out' : 'untold';
    case 'too_large':
      return 'alive';
    case 'invalid':
      return 'untold';
    default:
      return 'out';
  }
}

/** How a call ended, as far as circuits are concerned. */
export interface Ended {
  health: Health;
  /** In words. */
  failure: string;
}

export const UNTOLD: Ended = { health: 'untold', failure: '' };

/** @returns undefined for an end that says nothing. */
export function readEnd(ended: Exchange, ms: number): Ended | undefined {
  const health = healthOf(ended, ms);
  if (health === 'untold') return undefined;
  return { health, failure: ended.type === 'answer' ? `HTTP ${ended.status}` : describeFault(ended.reason) };
}
