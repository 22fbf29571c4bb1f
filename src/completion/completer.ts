import type { CallOptions, HeyReachClient } from '../client/index.ts';
import type { ChangeEvents } from '../mcp/services/change-events.ts';
import { isValue } from '../resources/shared/uri-template.ts';
import { affectedBy, LISTINGS, type Listing } from '../resources/subscriptions/affected-resources.ts';
import { ListingCache } from './listing-cache.ts';
import { matching, type Row } from './match.ts';
import { type Listed, type ListedRow, type ListingQuery, readListing } from './read-listing.ts';

/** The values that match the typed text by id or name. */
export interface CompletionResult {
  /** At most as many as one result may hold. */
  rows: Row[];
  /** The number of matches. Undefined where not all rows were searched. */
  total: number | undefined;
  /** There are more matches, or there may be. */
  hasMore: boolean;
}

/** The variable to complete, and the caller. */
export interface CompletionRequest {
  /** The name of a variable in a URI template. */
  variable: string;
  typed: string;
  /** The values of the other variables, as far as the client sends them. */
  context: Readonly<Record<string, string>>;
  client: HeyReachClient;
  maxWaitMs: number;
  /** Called for each attempt that this request makes. A request that joins a read in flight makes none. */
  observe?: CallOptions['observe'];
}

interface ValueSource {
  listing: Listing;
  toRows(listed: Iterable<ListedRow>): Iterable<Row>;
  /** HeyReach's total counts these values. */
  isCounted: boolean;
}

const byId = { toRows: (listed: Iterable<ListedRow>) => listed, isCounted: true };

const SOURCES: Record<string, ValueSource> = {
  campaignId: { listing: 'campaigns', ...byId },
  listId: { listing: 'lists', ...byId },
  accountId: { listing: 'linkedin-accounts', ...byId },
  conversationId: { listing: 'conversations', ...byId },
  slug: { listing: 'conversations', toRows: bySlug, isCounted: false },
};

/** The protocol's limit. */
const MAX_VALUES = 100;
/** Of 100 rows each. */
const MAX_PAGES = 3;
/** Per key and minute, for rows that are not among the newest. */
const MAX_SEARCHES = 10;
const MIN_SEARCH_LENGTH = 2;
/** Longer than any name. */
const MAX_TYPED = 200;
const MAX_WAIT_MS = 10_000;
/** The life of a listing in the cache, and the time of its read. */
const CACHED_MS = 120_000;

const NOTHING: CompletionResult = { rows: [], total: 0, hasMore: false };

/**
 * Finds ids by the names that a user types. A listing is read once a minute for each key, and again after this server
 * changed it.
 */
export class Completer {
  readonly #closing = new AbortController();
  readonly #changes: ChangeEvents;
  #cache: ListingCache | undefined;

  /** @param cache is created with the first completion where it is left out. */
  constructor(changes: ChangeEvents, cache?: ListingCache) {
    this.#cache = cache;
    this.#changes = changes;
    changes.listen((change) => this.#cache?.drop(change.key, affectedBy(change).listings));
    changes.listenRemote(({ key, change }) => this.#cache?.drop(key, change?.listings ?? LISTINGS));
  }

  canComplete(variable: string): boolean {
    return Object.hasOwn(SOURCES, variable);
  }

  /** @throws HeyReachError where the listing cannot be read. */
  async complete(request: CompletionRequest): Promise<CompletionResult> {
    const { listing, toRows, isCounted } = SOURCES[request.variable]!;
    this.#changes.followFor(request.client.fingerprint, CACHED_MS);
    const typed = request.typed.trim().replace(/\s+/g, ' ');
    if (typed.length > MAX_TYPED) return NOTHING;
    this.#cache ??= new ListingCache();
    const cache = this.#cache;
    const newest = await this.#read(cache, request, { listing });
    const restriction = await this.#restrictionOf(cache, request);
    if (restriction === undefined) return NOTHING;
    const { accountId, ids } = restriction;
    const ofAccount =
      newest.isAll || accountId === undefined ? newest : await this.#search(cache, request, { listing, accountId });
    const isAll = newest.isAll || ofAccount?.isAll === true;
    const match = () => matching(toRows(knownRows(cache, request, newest, restriction)), typed);
    let matches = match();
    // Older rows may match too.
    if (matches.length < MAX_VALUES && !isAll && typed.length >= MIN_SEARCH_LENGTH) {
      await this.#search(cache, request, { listing, keyword: typed, accountId });
      matches = match();
    }
    const counted = isCounted && typed === '' && ids === undefined ? ofAccount?.total : undefined;
    const total = isAll ? matches.length : counted;
    return { rows: matches.slice(0, MAX_VALUES), total, hasMore: !isAll || matches.length > MAX_VALUES };
  }

  /** Stops the reads in flight. */
  close(): void {
    this.#closing.abort();
  }

  /**
   * The values that the other variables allow: the conversations of a sender, or the senders of a conversation.
   * @returns undefined where no value is allowed.
   */
  async #restrictionOf(cache: ListingCache, request: CompletionRequest): Promise<Restriction | undefined> {
    const { accountId, conversationId } = request.context;
    if (request.variable === 'conversationId' && accountId)
      return isValue('accountId', accountId) ? { accountId } : undefined;
    if (request.variable !== 'accountId' || !conversationId) return {};
    // Without the conversations all senders are offered.
    const conversations = await this.#read(cache, request, { listing: 'conversations' }).catch(() => undefined);
    const ids = new Set<string>();
    for (const { id, accountId } of conversations?.rows ?? [])
      if (id === conversationId && accountId) ids.add(accountId);
    return ids.size === 0 ? {} : { ids };
  }

  /**
   * Searches HeyReach for rows that are not among the newest.
   * @returns undefined where the search fails or the key has used its searches of this minute.
   */
  async #search(cache: ListingCache, request: CompletionRequest, query: ListingQuery): Promise<Listed | undefined> {
    const { fingerprint } = request.client;
    for (const known of cache.known(fingerprint))
      if (known.listed.isAll && covers(known.query, query)) return known.listed;
    if (!cache.has(fingerprint, query) && !cache.takeSearch(fingerprint, MAX_SEARCHES)) return undefined;
    return this.#read(cache, request, query).catch(() => undefined);
  }

  /** Callers share a read, so it goes on when one of them cancels. */
  #read(cache: ListingCache, { client, maxWaitMs, observe }: CompletionRequest, query: ListingQuery): Promise<Listed> {
    const isSearch = query.keyword !== undefined || query.accountId !== undefined;
    return cache.read(client.fingerprint, query, () => {
      const deadline = Date.now() + Math.min(maxWaitMs, MAX_WAIT_MS);
      const call = { background: true, deadline, signal: this.#closing.signal, observe };
      return readListing(query, { client, call, maxPages: isSearch ? 1 : MAX_PAGES });
    });
  }
}

interface Restriction {
  accountId?: string | undefined;
  ids?: ReadonlySet<string> | undefined;
}

/** The allowed rows of all cached reads of a listing, the newest first. */
function* knownRows(
  cache: ListingCache,
  { client, variable }: CompletionRequest,
  newest: Listed,
  { accountId, ids }: Restriction,
): Iterable<ListedRow> {
  const { listing } = SOURCES[variable]!;
  const known = [...cache.known(client.fingerprint)].filter(({ query }) => query.listing === listing);
  for (const { rows } of [newest, ...known.map(({ listed }) => listed)]) {
    for (const row of rows) {
      const isOfAccount = accountId === undefined || row.accountId === accountId;
      if (isOfAccount && (ids === undefined || ids.has(row.id))) yield row;
    }
  }
}

/** Whether a complete result of one query holds every row of another: a longer keyword matches no more than a part of it. */
function covers(known: ListingQuery, query: ListingQuery): boolean {
  const [part = '', whole = ''] = [known.keyword?.toLowerCase(), query.keyword?.toLowerCase()];
  return (
    known.listing === query.listing &&
    (known.accountId === undefined || known.accountId === query.accountId) &&
    whole.includes(part)
  );
}

function* bySlug(rows: Iterable<ListedRow>): Iterable<Row> {
  for (const { slug, name } of rows) if (slug !== undefined) yield { id: slug, name };
}
