import { type KeyCheckCache, UNCHECKED_KEY } from '../../../auth/key-check-cache.ts';
import type { UnknownKeys } from '../../../auth/unknown-keys.ts';
import type { HeyReachClient } from '../../../client/index.ts';
import { type GracefulShutdown, SHUTTING_DOWN } from '../graceful-shutdown.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { Middleware } from '../pipeline.ts';

/** A stream would stay open and take a slot. A call with an invalid key fails at HeyReach by itself. */
const isStream = (exchange: HttpExchange) => exchange.isStream;

/**
 * Rejects a request whose key HeyReach does not accept, where HeyReach itself would not see the key in time. A key that
 * HeyReach accepted before stays valid while HeyReach does not answer. The server's own key is not checked.
 * @param isChecked which requests: streams, unless told otherwise.
 */
export function keyCheck(
  checks: KeyCheckCache,
  keys: UnknownKeys,
  ownClient: HeyReachClient | undefined,
  shutdown: GracefulShutdown,
  isChecked: (exchange: HttpExchange) => boolean = isStream,
): Middleware {
  const validate = async (client: HeyReachClient) => {
    const error = await checks.validate(client);
    return error === UNCHECKED_KEY && keys.isAccepted(client.fingerprint) ? undefined : error;
  };
  return async (exchange) => {
    if (!isChecked(exchange)) return undefined;
    const { principal, response } = exchange;
    const { client } = principal;
    const error =
      client === undefined || client.fingerprint === ownClient?.fingerprint ? undefined : await validate(client);
    if (response.closed) return 'ended';
    return shutdown.isShuttingDown ? SHUTTING_DOWN : error;
  };
}
