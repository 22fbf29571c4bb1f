import { HeyReachError, saysNotFound } from '../client/index.ts';
import { closestMatch } from '../lib/closest-match.ts';
import { quoteName } from '../lib/outside-text.ts';
import { readAllPages } from '../lib/read-pages.ts';
import { countNoun } from '../lib/text-format.ts';
import type { ToolContext } from '../mcp/tool.ts';
import { senderName } from '../workflows/senders/workspace-senders.ts';

/** Of 100 rows each. */
const MAX_PAGES = 10;
const MAX_NAMED = 5;

/** What a text names, or why it names nothing, as sentences for a person. */
export type Resolved = { ok: true; id: number; name: string } | { ok: false; reason: string };

interface Named {
  id: number;
  name: string;
}

type SearchContext = Pick<ToolContext, 'client' | 'call'>;

/** How things of one kind are found. */
interface Kind {
  /** In the singular, as a sentence names it. */
  noun: string;
  byId(id: number): Promise<Named | undefined>;
  /** All of them, or the first ones where `isAll` is false. */
  all(): Promise<{ rows: Named[]; isAll: boolean }>;
  /** Those whose name HeyReach finds with a keyword. For workspaces with more than were read. */
  search(keyword: string): Promise<Named[]>;
}

/** Finds a campaign by its id or name. @throws HeyReachError where HeyReach cannot be read. */
export function resolveCampaign(text: string, { client, call }: SearchContext): Promise<Resolved> {
  return resolve(text, {
    noun: 'campaign',
    byId: async (campaignId) => named(await client.campaigns.getById({ campaignId }, call)),
    all: () => readNamed((page) => client.campaigns.getAll(page, call), named),
    search: async (keyword) => rowsOf(await client.campaigns.getAll({ keyword, offset: 0, limit: 100 }, call), named),
  });
}

/** Finds a LinkedIn account by its id or the name of its owner. @throws HeyReachError where HeyReach cannot be read. */
export function resolveSender(text: string, { client, call }: SearchContext): Promise<Resolved> {
  const ofAccount = (account: Parameters<typeof senderName>[0] & { id?: number | null | undefined }) =>
    named({ id: account.id, name: senderName(account) });
  return resolve(text, {
    noun: 'LinkedIn account',
    byId: async (accountId) => ofAccount(await client.linkedInAccounts.getById({ accountId }, call)),
    all: () => readNamed((page) => client.linkedInAccounts.getAll(page, call), ofAccount),
    search: async (keyword) =>
      rowsOf(await client.linkedInAccounts.getAll({ keyword, offset: 0, limit: 100 }, call), ofAccount),
  });
}

async function resolve(text: string, kind: Kind): Promise<Resolved> {
  const folded = fold(text);
  if (folded === '') return { ok: false, reason: `The name of a ${kind.noun} is empty.` };
  if (/^\d{1,15}$/.test(folded)) {
    const row = await unlessUnknown(kind.byId(Number(folded)));
    if (row !== undefined) return { ok: true, ...row };
  }
  const { rows, isAll } = await kind.all();
  const searched = isAll ? [] : await kind.search(text.trim());
  const known = [...new Map([...rows, ...searched].map((row) => [row.id, row])).values()];
  const matches = matchesOf(folded, known);
  const [only] = matches;
  if (only === undefined) return { ok: false, reason: noneReason(text, known, kind, isAll) };
  return matches.length === 1 ? { ok: true, ...only } : { ok: false, reason: severalReason(text, matches, kind) };
}

/** The rows of that name. Where there are none, the rows whose name begins with it. */
function matchesOf<Row extends { name: string }>(search: string, rows: readonly Row[]): Row[] {
  const name = fold(search);
  const exact = rows.filter((row) => fold(row.name) === name);
  return exact.length > 0 ? exact : rows.filter((row) => fold(row.name).startsWith(name));
}

/** Equal for names that differ in case, composition or spaces only. */
function fold(text: string): string {
  // Through upper case, because some letters have two lower-case forms.
  const lower = text.normalize('NFC').toUpperCase().toLowerCase().replaceAll('ς', 'σ');
  return lower.normalize('NFC').replace(/\s+/g, ' ').trim();
}

function severalReason(text: string, matches: readonly Named[], { noun }: Kind): string {
  const shown = matches.slice(0, MAX_NAMED).map(show).join(', ');
  const more = matches.length > MAX_NAMED ? ` and ${matches.length - MAX_NAMED} more` : '';
  return `${matches.length} ${noun}s match ${quoteName(text)}: ${shown}${more}. Give the id.`;
}

function noneReason(text: string, rows: readonly Named[], { noun }: Kind, isAll: boolean): string {
  const folded = fold(text);
  const similar = closestMatch(
    text,
    rows.map(({ name }) => name),
  );
  const nearest = rows.find(({ name }) => fold(name).includes(folded)) ?? rows.find(({ name }) => name === similar);
  const none = `No ${noun} is named ${quoteName(text)}.`;
  const unread = isAll ? '' : ` Only the first ${countNoun(rows.length, noun)} were compared.`;
  return nearest === undefined ? `${none}${unread}` : `${none} The nearest is ${show(nearest)}.${unread}`;
}

function show({ id, name }: Named): string {
  return `${quoteName(name)} (${id})`;
}

function named({ id, name }: { id?: number | null | undefined; name?: string | null | undefined }): Named | undefined {
  return id == null ? undefined : { id, name: name ?? '' };
}

async function readNamed<Row>(
  read: Parameters<typeof readAllPages<Row>>[0],
  toNamed: (row: Row) => Named | undefined,
): Promise<{ rows: Named[]; isAll: boolean }> {
  const { rows, isAll } = await readAllPages(read, { maxPages: MAX_PAGES });
  return { rows: rows.flatMap((row) => toNamed(row) ?? []), isAll };
}

function rowsOf<Row>(
  { items }: { items?: Row[] | null | undefined },
  toNamed: (row: Row) => Named | undefined,
): Named[] {
  return (items ?? []).flatMap((row) => toNamed(row) ?? []);
}

/** undefined where HeyReach says that the id does not exist. */
async function unlessUnknown<Row>(read: Promise<Row>): Promise<Row | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof HeyReachError && saysNotFound(error)) return undefined;
    throw error;
  }
}
