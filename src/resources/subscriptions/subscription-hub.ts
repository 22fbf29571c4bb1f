import { digest } from '../../lib/json.ts';
import type { Change, ChangeEvents } from '../../mcp/services/change-events.ts';
import type { SharedChange } from '../../state/changes.ts';
import type { MaybePromise } from '../../state/maybe-promise.ts';
import { pollTurnsInMemory } from '../../state/memory/single-process-state.ts';
import type { PollTurns } from '../../state/poll-turns.ts';
import { affectedBy } from './affected-resources.ts';
import { PollBudget } from './poll-budget.ts';
import { LISTING_TARGETS, type PollSource } from './poll-source.ts';
import { Poller } from './poller.ts';

/** Per key. At one call each, a rotation over 50 resources takes about ten minutes. */
export const MAX_SUBSCRIBED = 50;
/** How many resources of one request are considered. */
const MAX_READ = 1_000;

const CREATES_CAMPAIGN = /^create_campaign/;

/** Receives notifications. Neither method may throw. */
export interface Listener {
  /** @param uri as the listener spelled it. */
  updated(uri: string): void;
  listChanged(): void;
}

/** What a listener subscribes to. */
export interface SubscriptionRequest {
  uris: readonly string[];
  /** Changes of `resources/list`: none, only those by this server, or all. Only `all` is polled. */
  listing: 'no' | 'own' | 'all';
}

/** The subscription of one listener. */
export interface Subscription {
  update(request: SubscriptionRequest): void;
  close(): void;
}

/**
 * The subscriptions of all keys. Listeners are notified only of changes that were made or read with their own key. A key without
 * listeners is not polled. Replicas publish changes to each other, and one of them polls a target.
 */
export class SubscriptionHub {
  readonly #changes: ChangeEvents;
  readonly #turns: PollTurns;
  readonly #watches = new Map<string, KeyWatch>();
  /** A budget outlives its listeners, because they may return within the minute. */
  readonly #budgets = new Map<string, PollBudget>();

  constructor(changes: ChangeEvents, turns: PollTurns = pollTurnsInMemory()) {
    this.#changes = changes;
    this.#turns = turns;
    changes.listen((change) => this.#watches.get(change.key)?.notifyOwnChange(change));
    changes.listenRemote(({ key, change }) => this.#watches.get(key)?.notifyRemoteChange(change));
  }

  /** @param source the resources of the listener's key. The source of the key's first listener serves all of them. */
  listen(source: PollSource, listener: Listener): Subscription {
    const watch = this.#watchOf(source);
    watch.set(listener, { uris: [], listing: 'no' });
    return {
      update: (request) => watch.set(listener, request),
      close: () => {
        watch.remove(listener);
        if (!watch.isEmpty || this.#watches.get(source.key) !== watch) return;
        this.#watches.delete(source.key);
        watch.stopFollowing();
      },
    };
  }

  /**
   * The URIs that can be subscribed to within the limit. Different spellings of one resource count once.
   * @param reserved URIs that were admitted before and are about to be subscribed to.
   */
  admit(source: PollSource, uris: readonly string[], reserved: Iterable<string> = []): string[] {
    const resources = new Set(this.#watches.get(source.key)?.resources);
    for (const uri of reserved) {
      const normalized = source.normalize(uri);
      if (normalized !== undefined && source.canChange(normalized)) resources.add(normalized);
    }
    const admitted: string[] = [];
    // A request can name a hundred thousand resources, and few of them can be admitted.
    for (const uri of uris.slice(0, MAX_READ)) {
      const normalized = source.normalize(uri);
      if (admitted.length >= MAX_SUBSCRIBED || normalized === undefined) continue;
      const isNew = source.canChange(normalized) && !resources.has(normalized);
      if (isNew && resources.size >= MAX_SUBSCRIBED) continue;
      if (isNew) resources.add(normalized);
      admitted.push(uri);
    }
    return admitted;
  }

  #watchOf(source: PollSource): KeyWatch {
    let watch = this.#watches.get(source.key);
    if (watch === undefined) {
      watch = new KeyWatch(source, this.#budgetOf(source.key), {
        stopFollowing: this.#changes.follow(source.key),
        announce: (target) => this.#changes.announce(source.key, target),
        takeTurns: (target, ms) => this.#turns.take(source.key, target, ms),
      });
      this.#watches.set(source.key, watch);
    }
    return watch;
  }

  #budgetOf(key: string): PollBudget {
    const now = performance.now();
    for (const [unwatched, budget] of this.#budgets) {
      if (!this.#watches.has(unwatched) && budget.isUnused(now)) this.#budgets.delete(unwatched);
    }
    const budget = this.#budgets.get(key) ?? new PollBudget();
    this.#budgets.set(key, budget);
    return budget;
  }
}

interface ListenerFilter {
  /** The spellings that the listener uses, by normalized URI. */
  uris: Map<string, Set<string>>;
  listing: SubscriptionRequest['listing'];
}

/** What the watch of a key shares with other processes. Targets are digests. */
interface WatchSharing {
  /** Stops following what other processes change with the key. */
  stopFollowing(): void;
  /** Tells other processes that a poll found a target changed. */
  announce(target: string): void;
  /** Whether this process polls a target. */
  takeTurns(target: string, ms: number): MaybePromise<boolean>;
}

/** The listeners of one key, and the poller for their resources. */
class KeyWatch {
  readonly #source: PollSource;
  readonly #poller: Poller;
  readonly #listeners = new Map<Listener, ListenerFilter>();
  readonly stopFollowing: () => void;

  constructor(source: PollSource, budget: PollBudget, shared: WatchSharing) {
    this.stopFollowing = shared.stopFollowing;
    this.#source = source;
    const notify = (target: string) => {
      this.#notifyOfTarget(target);
      shared.announce(digest(target));
    };
    this.#poller = new Poller(budget, source, notify, (target, ms) => shared.takeTurns(digest(target), ms));
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** The resources to poll. */
  get resources(): Set<string> {
    const uris = [...this.#listeners.values()].flatMap(({ uris }) => [...uris.keys()]);
    return new Set(uris.filter((uri) => this.#source.canChange(uri)));
  }

  set(listener: Listener, { uris, listing }: SubscriptionRequest): void {
    const spellings = new Map<string, Set<string>>();
    for (const uri of uris) {
      const normalized = this.#source.normalize(uri);
      if (normalized !== undefined) spellings.set(normalized, (spellings.get(normalized) ?? new Set()).add(uri));
    }
    this.#listeners.set(listener, { uris: spellings, listing });
    this.#watchTargets();
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
    this.#watchTargets();
  }

  /** Notifies of a change by this server at once, without a poll. */
  notifyOwnChange(change: Change): void {
    if (CREATES_CAMPAIGN.test(change.tool)) {
      this.#poller.invalidate(LISTING_TARGETS[0]);
      this.#notifyListChanged();
    }
    for (const uri of affectedBy(change).uris) {
      this.#poller.invalidate(uri);
      this.#notifyUpdated(uri);
    }
  }

  /** Notifies of a change by another process. @param change undefined where changes may have been missed. */
  notifyRemoteChange(change: SharedChange | undefined): void {
    if (change !== undefined && change.tool === undefined) {
      const polled = [...this.resources, ...LISTING_TARGETS];
      for (const target of polled) if (change.resources.includes(digest(target))) this.#notifyOfTarget(target);
      return;
    }
    if (change?.tool === undefined || CREATES_CAMPAIGN.test(change.tool)) {
      this.#poller.invalidate(LISTING_TARGETS[0]);
      this.#notifyListChanged();
    }
    const touched = change && new Set(change.resources);
    for (const uri of this.resources) {
      if (touched !== undefined && !touched.has(digest(uri))) continue;
      this.#poller.invalidate(uri);
      this.#notifyUpdated(uri);
    }
  }

  #watchTargets(): void {
    const isListing = [...this.#listeners.values()].some(({ listing }) => listing === 'all');
    this.#poller.watch([...this.resources, ...(isListing ? LISTING_TARGETS : [])]);
  }

  #notifyOfTarget(target: string): void {
    if ((LISTING_TARGETS as readonly string[]).includes(target)) this.#notifyListChanged();
    else this.#notifyUpdated(target);
  }

  #notifyUpdated(uri: string): void {
    for (const [listener, { uris }] of [...this.#listeners])
      for (const spelling of uris.get(uri) ?? []) listener.updated(spelling);
  }

  #notifyListChanged(): void {
    for (const [listener, { listing }] of [...this.#listeners]) if (listing !== 'no') listener.listChanged();
  }
}
