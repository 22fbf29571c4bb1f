import type { Change, Changes } from '../../changes.ts';
import { touchedBy } from '../touched.ts';
import { Budget } from './budget.ts';
import { type Looking, Poller } from './poller.ts';

/** So many resources of one key are looked at in turn: ten minutes for a round, where each costs a call. */
export const MOST_SUBSCRIBED = 50;

/** Stand for what resources/list shows: looked at like a resource, and told as a change of the listing. */
export const LISTING_TARGETS = ['listing campaigns', 'listing conversations'] as const;

const CREATES_CAMPAIGN = /^create_campaign/;

/** The resources of one key, as they are looked at. */
export interface Source extends Looking {
  /** Fingerprint of the key. */
  readonly key: string;
  /** The one spelling of a URI that a resource can have; undefined for any other. */
  spell(uri: string): string | undefined;
  /** A resource that changes at all. */
  canChange(uri: string): boolean;
}

/** Who is told. Neither may throw. */
export interface Listener {
  /** @param uri as the listener wrote it. */
  updated(uri: string): void;
  listChanged(): void;
}

/** What a listener wants to be told of. */
export interface Wanted {
  uris: readonly string[];
  /** Changes of the listing: none, those that this server makes, or all, which costs calls. */
  listing: 'no' | 'own' | 'all';
}

/** A listener that is listening. */
export interface Listening {
  want(wanted: Wanted): void;
  close(): void;
}

/**
 * Who listens to which resources, key by key: what one key's listeners are told comes from this key's changes and this key's
 * reads alone. Nothing is looked at for a key that nobody listens with. Of one process: replicas would have to share the
 * changes and the budgets.
 */
export class Hub {
  readonly #watches = new Map<string, Watch>();
  /** Outlive the listeners, who may come again within the minute. */
  readonly #budgets = new Map<string, Budget>();

  constructor(changes: Changes) {
    changes.listen((change) => this.#watches.get(change.key)?.tellOwn(change));
  }

  /** @param source what the listener's key can read; that of the key's first listener is used for all of them. */
  listen(source: Source, listener: Listener): Listening {
    const watch = this.#watchOf(source);
    watch.set(listener, { uris: [], listing: 'no' });
    return {
      want: (wanted) => watch.set(listener, wanted),
      close: () => {
        watch.remove(listener);
        if (watch.isEmpty && this.#watches.get(source.key) === watch) this.#watches.delete(source.key);
      },
    };
  }

  /**
   * Those of the given URIs that can be listened to, as far as there is room; spellings of one resource count as one.
   * @param reserved were admitted before, and are about to be listened to.
   */
  admit(source: Source, uris: readonly string[], reserved: Iterable<string> = []): string[] {
    const known = new Set(this.#watches.get(source.key)?.resources);
    for (const uri of reserved) {
      const spelled = source.spell(uri);
      if (spelled !== undefined && source.canChange(spelled)) known.add(spelled);
    }
    const admitted: string[] = [];
    for (const uri of uris) {
      const spelled = source.spell(uri);
      if (admitted.length >= MOST_SUBSCRIBED || spelled === undefined) continue;
      const isNew = source.canChange(spelled) && !known.has(spelled);
      if (isNew && known.size >= MOST_SUBSCRIBED) continue;
      if (isNew) known.add(spelled);
      admitted.push(uri);
    }
    return admitted;
  }

  #watchOf(source: Source): Watch {
    let watch = this.#watches.get(source.key);
    if (watch === undefined) {
      watch = new Watch(source, this.#budgetOf(source.key));
      this.#watches.set(source.key, watch);
    }
    return watch;
  }

  #budgetOf(key: string): Budget {
    const now = performance.now();
    for (const [other, budget] of this.#budgets) {
      if (!this.#watches.has(other) && budget.isWhole(now)) this.#budgets.delete(other);
    }
    const budget = this.#budgets.get(key) ?? new Budget();
    this.#budgets.set(key, budget);
    return budget;
  }
}

interface Told {
  /** The spellings that the listener uses, by ours. */
  uris: Map<string, Set<string>>;
  listing: Wanted['listing'];
}

/** The listeners of one key, and what is looked at for them. */
class Watch {
  readonly #source: Source;
  readonly #poller: Poller;
  readonly #listeners = new Map<Listener, Told>();

  constructor(source: Source, budget: Budget) {
    this.#source = source;
    this.#poller = new Poller(budget, source, (target) =>
      (LISTING_TARGETS as readonly string[]).includes(target) ? this.#tellListing() : this.#tellUpdated(target),
    );
  }

  get isEmpty(): boolean {
    return this.#listeners.size === 0;
  }

  /** The resources that are looked at. */
  get resources(): Set<string> {
    const told = [...this.#listeners.values()];
    return new Set(told.flatMap(({ uris }) => [...uris.keys()]).filter((uri) => this.#source.canChange(uri)));
  }

  set(listener: Listener, { uris, listing }: Wanted): void {
    const spelled = new Map<string, Set<string>>();
    for (const uri of uris) {
      const own = this.#source.spell(uri);
      if (own !== undefined) spelled.set(own, (spelled.get(own) ?? new Set()).add(uri));
    }
    this.#listeners.set(listener, { uris: spelled, listing });
    this.#watchTargets();
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
    this.#watchTargets();
  }

  /** Tells what this server changes at once; looking would find it later. */
  tellOwn(change: Change): void {
    if (CREATES_CAMPAIGN.test(change.tool)) {
      this.#poller.renew(LISTING_TARGETS[0]);
      this.#tellListing();
    }
    for (const uri of touchedBy(change).uris) {
      this.#poller.renew(uri);
      this.#tellUpdated(uri);
    }
  }

  #watchTargets(): void {
    const isListing = [...this.#listeners.values()].some(({ listing }) => listing === 'all');
    this.#poller.watch([...this.resources, ...(isListing ? LISTING_TARGETS : [])]);
  }

  #tellUpdated(uri: string): void {
    for (const [listener, { uris }] of [...this.#listeners])
      for (const own of uris.get(uri) ?? []) listener.updated(own);
  }

  #tellListing(): void {
    for (const [listener, { listing }] of [...this.#listeners]) if (listing !== 'no') listener.listChanged();
  }
}
