import type { World } from '../state.ts';
import { acceptances, acceptedNotMessaged, queues, stats } from './campaigns.ts';
import { changesSince } from './changes.ts';
import { inboxTotals, waiting } from './inbox.ts';
import { contactedBy, people } from './people.ts';
import type { Truth, TruthKey, TruthQuery } from './types.ts';

export type * from './types.ts';

const PARTS: { [Key in TruthKey]: (world: World, query: TruthQuery) => Truth[Key] } = {
  waiting,
  people,
  acceptedNotMessaged,
  acceptances,
  changesSince,
  contactedBy,
  stats,
  queues,
  inboxTotals,
};

/** Computes the wanted keys from the present state. */
export function truthOf<Key extends TruthKey = TruthKey>(world: World, query: TruthQuery<Key> = {}): Pick<Truth, Key> {
  const keys: readonly TruthKey[] = query.only ?? (Object.keys(PARTS) as TruthKey[]);
  return Object.fromEntries(keys.map((key) => [key, PARTS[key](world, query)])) as Pick<Truth, Key>;
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** The query of `GET /_sandbox/truth`. @returns the reason where it is not valid. */
export function readTruthQuery(values: URLSearchParams): TruthQuery | string {
  const known = ['only', 'since', 'from', 'to', 'slugs'];
  const other = [...values.keys()].find((name) => !known.includes(name));
  if (other !== undefined) return `There is no parameter ${other}. The parameters are ${known.join(', ')}.`;
  const text = (name: string): string | undefined => values.get(name) ?? undefined;
  const only = text('only')?.split(',');
  const unknown = only?.find((key) => !Object.hasOwn(PARTS, key));
  if (unknown !== undefined) return `There is no key ${unknown}. The keys are ${Object.keys(PARTS).join(', ')}.`;
  const [since, from, to] = [text('since'), text('from'), text('to')];
  if (since !== undefined && Number.isNaN(Date.parse(since))) return 'since must be an ISO 8601 date or date-time.';
  if (![from, to].every((day) => day === undefined || isDay(day))) return 'from and to must be UTC days: YYYY-MM-DD.';
  if (from !== undefined && to !== undefined && from > to) return 'from must not be after to.';
  return { only: only as TruthKey[] | undefined, since, from, to, slugs: text('slugs')?.split(',') };
}
