import type { CallOptions, OperationCaller } from './call.ts';
import type { ConnectionOptions, Engine } from './engine.ts';
import { fingerprintKey, hideKey } from './key.ts';
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
import type { ConnectionSnapshot } from './watch.ts';

export type { AttemptReport, CallOptions } from './call.ts';
export type { CircuitReport } from './circuit.ts';
export type { ConnectionOptions } from './engine.ts';
export { type ErrorKind, HeyReachError, type Outcome } from './errors.ts';
export { errorOfLate } from './faults.ts';
export { fitTo } from './fit.ts';
export type { Exchange } from './http.ts';
export { fingerprintKey } from './key.ts';
export type { Repeat } from './retry.ts';
export { createMemoryStore, type SharedStore } from './store.ts';
export { waitFor } from './wait.ts';
export type { ConnectionSnapshot, ConnectionWatch, RequestEnd } from './watch.ts';

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

/**
 * The way to one HeyReach host. Clients made of it share connections, and those of one key share its quota, whoever
 * asks for them.
 */
export class HeyReachConnection {
  readonly #options: ConnectionOptions;
  #engine: Promise<Engine> | undefined;
  #loaded: Engine | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** @param key opaque; sent in the X-API-KEY header and nowhere else. */
  clientFor(key: string): HeyReachClient {
    const fingerprint = fingerprintKey(key);
    let caller: Promise<OperationCaller> | undefined;
    const call = async (operation: Operation<object, unknown>, request: object, options?: CallOptions) => {
      caller ??= this.#load().then((engine) => engine.callerFor(key, fingerprint));
      return (await caller).call(operation, request, options);
    };
    const client = { fingerprint, hideKey: (text: string) => hideKey(text, key) };
    for (const [area, operations] of Object.entries(areas)) {
      // A client may be made for one call: it gets what it is asked for.
      Object.defineProperty(client, area, {
        configurable: true,
        enumerable: true,
        get() {
          const value = bind(operations as Record<string, Operation<object, unknown>>, call);
          Object.defineProperty(client, area, { value, enumerable: true });
          return value;
        },
      });
    }
    return client as HeyReachClient;
  }

  /** How things are at this moment; loads nothing, so before the first call nothing is the matter. */
  snapshot(): ConnectionSnapshot {
    return this.#loaded?.snapshot() ?? { waiting: 0, quotaUsed: 0, hostIsHeldBack: false, keysHeldBack: 0 };
  }

  /** Whether HeyReach gave an HTTP answer below 500 within the last so many ms, to whichever request. */
  answeredWithin(ms: number): boolean {
    return this.#loaded?.answeredWithin(ms) ?? false;
  }

  /**
   * Asks HeyReach for a sign of life with one request without a key, which counts against nobody's quota. Any answer below
   * 500 within 5 s is one. However many ask, one request is made at a time, and what came of it is kept for 5 s.
   */
  async probe(): Promise<boolean> {
    return (await this.#load()).probe();
  }

  /** Waits for the requests under way, then closes the connections. */
  async close(): Promise<void> {
    await (await this.#engine)?.close();
  }

  /** What makes calls is loaded with the first of them: hosts start a server just to probe it. */
  #load(): Promise<Engine> {
    this.#engine ??= import('./engine.ts').then(({ Engine }) => {
      this.#loaded = new Engine(this.#options);
      return this.#loaded;
    });
    return this.#engine;
  }
}

type Call = (operation: Operation<object, unknown>, request: object, options?: CallOptions) => Promise<unknown>;

function bind(operations: Record<string, Operation<object, unknown>>, call: Call) {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      (request: object, options?: CallOptions) => call(operation, request, options),
    ]),
  );
}
