import { Breaker, type CircuitReport } from './breaker.ts';
import { type CallOptions, fingerprintKey, OperationCaller } from './call.ts';
import { HttpSender } from './http.ts';
import type { Operation } from './operation.ts';
import { auth } from './operations/auth.ts';
import { blacklist } from './operations/blacklist.ts';
import { campaigns } from './operations/campaigns.ts';
import { inbox } from './operations/inbox.ts';
import { leads } from './operations/leads.ts';
import { linkedInAccounts } from './operations/linkedin-accounts.ts';
import { lists } from './operations/lists.ts';
import { network } from './operations/network.ts';
import { organization } from './operations/organization.ts';
import { stats } from './operations/stats.ts';
import { webhooks } from './operations/webhooks.ts';
import { Quotas } from './quotas.ts';
import { createMemoryStore, type SharedStore } from './store.ts';

export type { CircuitReport } from './breaker.ts';
export type { AttemptReport, CallOptions } from './call.ts';
export { fingerprintKey } from './call.ts';
export { type ErrorKind, HeyReachError, type Outcome } from './errors.ts';
export { errorOfLate } from './faults.ts';
export { fitTo } from './fit.ts';
export type { Exchange } from './http.ts';
export type { Repeat } from './retry.ts';
export { createMemoryStore, type SharedStore } from './store.ts';
export { waitFor } from './wait.ts';

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
  /** A short, stable name for the key that cannot be turned back into it. */
  readonly fingerprint: string;
  /** A text without the key, should it hold it. */
  hideKey(text: string): string;
};

export interface ConnectionOptions {
  /** Scheme and host of the API, or how to find it out with the first request. */
  origin: string | (() => string | Promise<string>);
  /** Requests per key in any rolling minute; HeyReach allows 300. */
  requestsPerMinute?: number;
  /** The window HeyReach counts in; tests shorten it. */
  windowMs?: number;
  store?: SharedStore;
  userAgent?: string;
  /** Told when calls are held back because HeyReach is down, and when they go on. */
  onCircuit?: (report: CircuitReport) => void;
}

/**
 * The way to one HeyReach host. Clients made of it share connections, and those of one key share its quota, whoever
 * asks for them.
 */
export class HeyReachConnection {
  readonly #sender: HttpSender;
  readonly #quotas: Quotas;
  readonly #breaker: Breaker;

  constructor(options: ConnectionOptions) {
    const { origin } = options;
    this.#sender = new HttpSender({
      origin: typeof origin === 'function' ? origin : () => origin,
      userAgent: options.userAgent ?? 'heyreach-mcp',
    });
    this.#quotas = new Quotas({
      store: options.store ?? createMemoryStore(),
      cap: options.requestsPerMinute ?? 300,
      windowMs: options.windowMs,
    });
    this.#breaker = new Breaker({ report: options.onCircuit });
  }

  /** @param key opaque; sent in the X-API-KEY header and nowhere else. */
  clientFor(key: string): HeyReachClient {
    const caller = new OperationCaller({
      sender: this.#sender,
      quotas: this.#quotas,
      breaker: this.#breaker,
      key,
    });
    const bound: Record<string, Record<string, unknown>> = {};
    const own = { fingerprint: fingerprintKey(key), hideKey: (text: string) => caller.hideKey(text) };
    for (const [area, operations] of Object.entries(areas)) {
      bound[area] = {};
      for (const [name, operation] of Object.entries(operations)) {
        bound[area][name] = (request: object, options?: CallOptions) =>
          caller.call(operation as Operation<object, unknown>, request, options);
      }
    }
    return { ...bound, ...own } as unknown as HeyReachClient;
  }

  /** Waits for the requests under way, then closes the connections. */
  close(): Promise<void> {
    return this.#sender.close();
  }
}
