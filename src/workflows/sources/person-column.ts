import { expandSlug, identityOf } from '../../lib/linkedin-url.ts';
import { isUnresolvedKey } from '../people-index/person-keys.ts';
import type { TextTable } from './parse-table.ts';
import { peopleOfCell } from './profile-cells.ts';

/** The share of filled cells that must be profile URLs. */
const MIN_SHARE = 0.8;
/** How many rows are looked at. */
const SAMPLED_ROWS = 2_000;
const PROFILE = /linkedin\.com\/(?:in|sales\/(?:lead|people))\//i;
/** Headers of columns with the profiles of companies. */
const OF_COMPANY = /compan[iy]|unternehmen|firma|entreprise|empresa|organi[sz]ation|employer|school/i;
/** Headers of columns that name a person by a slug alone, in lower case without marks. */
const SLUG_HEADERS = new Set([
  ...['profileurl', 'linkedinurl', 'linkedinprofileurl', 'linkedinprofile', 'personlinkedinurl', 'url', 'slug'],
  ...['linkedin', 'publicidentifier', 'person', 'lead', 'vanityname'],
]);

/**
 * The index of the column with the profile URLs of people. At least 80 % of its filled cells are such URLs. Readable `/in/`
 * URLs come before member ids, and those before Sales Navigator URLs, because HeyReach compares them least. In a single column
 * one such URL is enough.
 * @returns undefined where no column has profile URLs.
 */
export function personColumn({ columns, rows }: Pick<TextTable, 'columns' | 'rows'>): number | undefined {
  const sample = rows.slice(0, SAMPLED_ROWS);
  const scores = columns.map((name, index) =>
    scoreOf(
      name,
      sample.map((cells) => cells[index] ?? ''),
    ),
  );
  const best = Math.max(...scores, 0);
  // Where there is one column, it has the people.
  if (columns.length === 1 && !OF_COMPANY.test(columns[0]!) && rows.some(([cell = '']) => PROFILE.test(cell))) return 0;
  return best === 0 ? undefined : scores.indexOf(best);
}

function scoreOf(name: string, cells: readonly string[]): number {
  const filled = cells.filter((cell) => cell.trim() !== '');
  if (filled.length === 0 || OF_COMPANY.test(name)) return 0;
  const isSlug = SLUG_HEADERS.has(plainHeader(name));
  const urls = filled.filter((cell) => PROFILE.test(cell) || (isSlug && expandSlug(cell) !== cell));
  if (urls.length / filled.length < MIN_SHARE) return 0;
  // The column with more filled cells wins among those of one kind.
  return rankOf(urls) + filled.length / (cells.length + 1);
}

/** 3 for readable slugs, 2 for member ids, 1 for Sales Navigator. Cells that are URLs come before texts that hold some. */
function rankOf(urls: readonly string[]): number {
  const identities = urls.flatMap((url) => peopleOfCell(url).flatMap((person) => identityOf(person) ?? []));
  const most = (isSo: (identity: string) => boolean) => identities.filter(isSo).length * 2 > identities.length;
  const isText = urls.filter((url) => identityOf(url) === undefined).length * 2 > urls.length;
  const kind = most((identity) => identity.startsWith('sales/')) ? 1 : most(isUnresolvedKey) ? 2 : 3;
  return isText ? kind : kind + 3;
}

/** A header in lower case, without spaces and marks. */
export function plainHeader(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
