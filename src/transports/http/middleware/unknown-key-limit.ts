import type { UnknownKeys } from '../../../auth/unknown-keys.ts';
import type { HeyReachClient } from '../../../client/index.ts';
import { isHttpError } from '../../../lib/http-error.ts';
import { isRecord } from '../../../lib/json.ts';
import type { ConcurrencyLimiter, ConcurrencyLimits } from '../concurrency-limiter.ts';
import type { Middleware } from '../pipeline.ts';

/** Requests in flight with keys that HeyReach has not accepted, of one address and of all. Accepted keys keep the other slots. */
export const UNKNOWN_KEY_LIMITS: ConcurrencyLimits = { perCaller: 200, all: 400 };

/** Requests that never reach HeyReach. */
const LOCAL = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/templates/list',
]);

/**
 * Bounds the requests with a caller's key that HeyReach has not accepted, as far as they would use the key.
 * @param usesKey whether a request would use the key.
 */
export function unknownKeyLimit(
  keys: UnknownKeys,
  requests: ConcurrencyLimiter,
  ownClient: HeyReachClient | undefined,
  usesKey: (message: unknown) => boolean = reachesHeyReach,
): Middleware {
  return (exchange) => {
    const { principal, message, request } = exchange;
    const { client } = principal;
    if (client === undefined || client.fingerprint === ownClient?.fingerprint) return undefined;
    if (keys.isAccepted(client.fingerprint)) return undefined;
    if (!usesKey(message)) return undefined;
    const address = request.socket.remoteAddress ?? '';
    const error = keys.tryKey(client.fingerprint, address);
    if (error !== undefined) return error;
    const slot = requests.acquire(address, Math.max(1, exchange.ids.length));
    if (isHttpError(slot)) return slot;
    exchange.onClose(slot.release);
    return undefined;
  };
}

function reachesHeyReach(message: unknown): boolean {
  const messages = Array.isArray(message) ? message : [message];
  return messages.some(
    (rpcMessage) => isRecord(rpcMessage) && rpcMessage.id !== undefined && !LOCAL.has(String(rpcMessage.method)),
  );
}
