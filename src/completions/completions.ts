import type { Changes } from '../changes.ts';
import type { CallOptions, HeyReachClient } from '../client/index.ts';
import { type Listing, touchedBy } from '../resources/touched.ts';
import { isValue } from '../resources/uri.ts';
import { CompletionCache } from './cache.ts';
import { type Listed, type ListedRow, readListing, type Wanted } from './listings.ts';
import { matching, type Row } from './match.ts';

/** The values that begin as was typed, or whose names hold it. */
export interface Found {
  /** As many as fit into an answer. */
  rows: Row[];
  /** How many there are; undefined where not all were looked through. */
  total: number | undefined;
  /** There are more, or may be. */
  hasMore: boolean;
}

/** What is completed, and for whom. */
export interface Asked {
  /** The name of a variable in a template. */
  variable: string;
  typed: string;
  /** The other variables, as far as they are filled in. */
  given: Readonly<Record<string, string>>;
  client: HeyReachClient;
  /** The longest that may be waited. */
  withinMs: number;
  /** Told of the calls that this asking makes; whoever joins a flight under way makes none. */
  observe?: CallOptions['observe'];
}

interface Source {
  listing: Listing;
  /** The rows of the listing under the value that is asked for. */
  rows(listed: Iterable<ListedRow>): Iterable<Row>;
  /** HeyReach counts the same as we offer. */
  isCounted: boolean;
}

const byId = { rows: (listed: Iterable<ListedRow>) => listed, isCounted: true };

const SOURCES: Record<string, Source> = {
  campaignId: { listing: 'campaigns', ...byId },
  listId: { listing: 'lists', ...byId },
  accountId: { listing: 'linkedin-accounts', ...byId },
  conversationId: { listing: 'conversations', ...byId },
  slug: { listing: 'conversations', rows: bySlug, isCounted: false },
};

/** The protocol allows no more in an answer. */
const MOST_VALUES = 100;
/** Of a hundred rows each. */
const MOST_PAGES = 3;
/** Searches of a key in a minute, for what is not among the newest rows. */
const MOST_SEARCHES = 10;
const SHORTEST_SEARCH = 2;
/** Nobody's name is longer. */
const MAX_TYPED = 200;
/** Later than this no completion helps anybody. */
const PATIENCE_MS = 10_000;

/**
 * Finds ids for people who type. What HeyReach lists is read once a minute for each key, however many letters are typed, and
 * again after a change by this server that makes it untrue.
 */
export class Completions {
  readonly #cache: CompletionCache;
  readonly #flights = new Set<AbortController>();

  /** @param changes tells what has become untrue. */
  constructor(changes: Changes, cache = new CompletionCache()) {
    this.#cache = cache;
    changes.listen((change) => {
      const { listings } = touchedBy(change);
      this.#cache.drop(change.key, (name) => listings.some((listing) => name.startsWith(`${listing}\n`)));
    });
  }

  /** Whether values of this variable can be found. */
  knows(variable: string): boolean {
    return Object.hasOwn(SOURCES, variable);
  }

  /** @throws HeyReachError where nothing can be read to find it in. */
  async find(asked: Asked): Promise<Found> {
    const { listing, rows, isCounted } = SOURCES[asked.variable]!;
    const typed = asked.typed.trim().replace(/\s+/g, ' ');
    if (typed.length > MAX_TYPED) return { rows: [], total: 0, hasMore: false };
    const newest = await this.#read(asked, listing, {});
    const meant = await this.#restriction(asked);
    if (meant === undefined) return { rows: [], total: 0, hasMore: false };
    const { accountId } = meant;
    const ofAccount =
      newest.isAll || accountId === undefined ? newest : await this.#search(asked, listing, { accountId });
    const isAll = newest.isAll || ofAccount?.isAll === true;
    const match = () => matching(rows(this.#known(asked, newest, meant)), typed);
    let found = match();
    // Others of that name may be older.
    if (found.length < MOST_VALUES && !isAll && typed.length >= SHORTEST_SEARCH) {
      await this.#search(asked, listing, { keyword: typed, accountId });
      found = match();
    }
    const counted = isCounted && typed === '' && meant.ids === undefined ? ofAccount?.total : undefined;
    const total = isAll ? found.length : counted;
    return { rows: found.slice(0, MOST_VALUES), total, hasMore: !isAll || found.length > MOST_VALUES };
  }

  /**
   * To what the other variables narrow it down: a sender's conversations, the senders of a conversation.
   * @returns undefined where nothing can fit.
   */
  async #restriction(asked: Asked): Promise<Restriction | undefined> {
    const { accountId, conversationId } = asked.given;
    if (asked.variable === 'conversationId' && accountId)
      return isValue('accountId', accountId) ? { accountId } : undefined;
    if (asked.variable !== 'accountId' || !conversationId) return {};
    // Not to know them narrows nothing down.
    const threads = await this.#read(asked, 'conversations', {}).catch(() => undefined);
    const ids = new Set<string>();
    for (const { id, accountId } of threads?.rows ?? []) if (id === conversationId && accountId) ids.add(accountId);
    return ids.size === 0 ? {} : { ids };
  }

  /** Every row that is known and meant, the newest before what was searched for. */
  *#known({ client, variable }: Asked, newest: Listed, { accountId, ids }: Restriction): Iterable<ListedRow> {
    const { listing } = SOURCES[variable]!;
    const known = [...this.#cache.known(client.fingerprint)].filter(([name]) => name.startsWith(`${listing}\n`));
    for (const { rows } of [newest, ...known.map(([, listed]) => listed)]) {
      for (const row of rows) {
        const isOfAccount = accountId === undefined || row.accountId === accountId;
        if (isOfAccount && (ids === undefined || ids.has(row.id))) yield row;
      }
    }
  }

  /** Asks HeyReach for rows that are not among the newest, unless they are known or enough was asked. */
  async #search(asked: Asked, listing: Listing, wanted: Wanted): Promise<Listed | undefined> {
    const { fingerprint } = asked.client;
    const name = nameOf(listing, wanted);
    const [, before] =
      [...this.#cache.known(fingerprint)].find(([known, { isAll }]) => isAll && covers(known, name)) ?? [];
    if (before !== undefined) return before;
    if (!this.#cache.has(fingerprint, name) && !this.#cache.takeSearch(fingerprint, MOST_SEARCHES)) return undefined;
    // A search that fails leaves what is known: the answer says that there may be more.
    return this.#read(asked, listing, wanted).catch(() => undefined);
  }

  /** One flight for all who ask, so nobody's leaving ends it. */
  #read({ client, withinMs, observe }: Asked, listing: Listing, wanted: Wanted): Promise<Listed> {
    const name = nameOf(listing, wanted);
    const mostPages = name === nameOf(listing, {}) ? MOST_PAGES : 1;
    return this.#cache.read(client.fingerprint, name, () => {
      const flight = new AbortController();
      this.#flights.add(flight);
      const deadline = Date.now() + Math.min(withinMs, PATIENCE_MS);
      const call = { background: true, deadline, signal: flight.signal, observe };
      return readListing(listing, { client, call, mostPages }, wanted).finally(() => this.#flights.delete(flight));
    });
  }

  /** Breaks off what is being read: nobody is there any more to complete for. */
  close(): void {
    for (const flight of this.#flights) flight.abort();
  }
}

interface Restriction {
  accountId?: string | undefined;
  /** Only these. */
  ids?: ReadonlySet<string> | undefined;
}

function nameOf(listing: Listing, { accountId = '', keyword = '' }: Wanted): string {
  return `${listing}\n${accountId}\n${keyword.toLowerCase()}`;
}

/** Whether a search that gave all it has also gave all of another: a longer text finds no more than a part of it. */
function covers(known: string, name: string): boolean {
  const [listing, account, keyword] = known.split('\n');
  const [ofListing, ofAccount, ofKeyword] = name.split('\n');
  return listing === ofListing && (account === '' || account === ofAccount) && ofKeyword!.includes(keyword!);
}

function* bySlug(rows: Iterable<ListedRow>): Iterable<Row> {
  for (const { slug, name } of rows) if (slug !== undefined) yield { id: slug, name };
}
