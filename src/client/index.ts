import { createHash } from 'node:crypto';
import { hideKey } from './errors.ts';
import type { ConnectionSnapshot } from './instrumentation.ts';
import type { Operation } from './operation.ts';
import { blacklist } from './operations/blacklist.ts';
import { campaigns } from './operations/campaigns.ts';
import { inbox } from './operations/inbox.ts';
import { leads } from './operations/leads.ts';
import { linkedInAccounts, network } from './operations/linkedin-accounts.ts';
import { lists } from './operations/lists.ts';
import { auth, organization } from './operations/organization.ts';
import { stats } from './operations/stats.ts';
import { webhooks } from './operations/webhooks.ts';
import type { CallOptions, RequestExecutor } from './request-executor.ts';
import { ClientRuntime, type ConnectionOptions } from './runtime.ts';

export { MAX_TIMER_MS, sleep } from './call-signal.ts';
export type { CircuitReport } from './circuit-breaker/circuit.ts';
export { type ErrorKind, HeyReachError, type Outcome, saysNotFound } from './errors.ts';
export type { HttpResult } from './http-types.ts';
export type { ClientInstrumentation, ConnectionSnapshot, RequestOutcome } from './instrumentation.ts';
export { coerceResponse } from './parse-response.ts';
export type { AttemptReport, CallOptions } from './request-executor.ts';
export { CHECK_ROUTE, LOOK_UP } from './response-errors.ts';
export type { RetryClass } from './retry.ts';
export type { ConnectionOptions } from './runtime.ts';
export { errorFromDetachedResult } from './transport-errors.ts';

const areas = {
  auth,
  campaigns,
  inbox,
  linkedInAccounts,
  lists,
  stats,
  leads,
  webhooks,
  network,
  blacklist,
  organization,
};

type Methods<Area> = {
  [Name in keyof Area]: Area[Name] extends Operation<infer Request, infer Response>
    ? (request: Request, options?: CallOptions) => Promise<Response>
    : never;
};

/** The HeyReach API, one method per operation. Every method rejects with a HeyReachError and with nothing else. */
export type HeyReachClient = { readonly [Area in keyof typeof areas]: Methods<(typeof areas)[Area]> } & {
  /** The fingerprint of the key. */
  readonly fingerprint: string;
  /** Replaces the key in a text. */
  hideKey(text: string): string;
  /** Whether the host has said that it is the sandbox. Known after the first response. */
  isSandbox(): boolean;
};

/** A short, stable id of a key. The key cannot be derived from it. */
export function fingerprintKey(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** A connection to one HeyReach host. Its clients share connections, and clients of the same key share one rate limiter. */
export class HeyReachConnection {
  readonly #options: ConnectionOptions;
  #runtime: ClientRuntime | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** @param key opaque. Sent in the X-API-KEY header and nowhere else. */
  clientFor(key: string): HeyReachClient {
    const fingerprint = fingerprintKey(key);
    let executor: RequestExecutor | undefined;
    const executorOf = () => {
      executor ??= this.#open().executorFor(key, fingerprint);
      return executor;
    };
    const client = {
      fingerprint,
      hideKey: (text: string) => hideKey(text, key),
      isSandbox: () => this.#runtime?.isSandbox ?? false,
    };
    for (const [area, operations] of Object.entries(areas)) {
      // Over HTTP a client can serve a single call, which uses one or two areas. So an area is bound when it is first used.
      Object.defineProperty(client, area, {
        configurable: true,
        enumerable: true,
        get() {
          const value = bind(operations as Record<string, Operation<object, unknown>>, executorOf);
          Object.defineProperty(client, area, { value, enumerable: true });
          return value;
        },
      });
    }
    return client as HeyReachClient;
  }

  /** The present state. Before the first call nothing waits and no circuit is open. */
  snapshot(): ConnectionSnapshot {
    return this.#runtime?.snapshot() ?? { waiting: 0, permitsUsed: 0, isHostCircuitOpen: false, openKeyCircuits: 0 };
  }

  /** Whether HeyReach has accepted the key of this fingerprint in a call of this process. */
  hasAccepted(fingerprint: string): boolean {
    return this.#runtime?.hasAccepted(fingerprint) ?? false;
  }

  /** Whether HeyReach has responded to any request with a status below 500 within the last `ms`. */
  respondedWithin(ms: number): boolean {
    return this.#runtime?.respondedWithin(ms) ?? false;
  }

  /**
   * Checks whether HeyReach responds with a status below 500 within 5 s. The request has no key, so it counts against no
   * rate limit. One request at a time serves all callers, and its result is kept for 5 s.
   */
  async checkHealth(): Promise<boolean> {
    return this.#open().checkHealth();
  }

  /** Waits for the requests in flight, then closes the connections. */
  async close(): Promise<void> {
    await this.#runtime?.close();
  }

  /** Creates what calls need with the first call, because hosts start a server just to probe it. */
  #open(): ClientRuntime {
    this.#runtime ??= new ClientRuntime(this.#options);
    return this.#runtime;
  }
}

function bind(operations: Record<string, Operation<object, unknown>>, executor: () => RequestExecutor) {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      (request: object, options?: CallOptions) => executor().execute(operation, request, options),
    ]),
  );
}
