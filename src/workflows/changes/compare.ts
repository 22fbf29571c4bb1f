import type { Workspace } from './read-workspace.ts';
import type { Position } from './snapshot.ts';

/** A part of the workspace that is not as a bookmark has it. null: it was not there. */
export interface StateChange {
  id: number;
  name: string;
  before: string | number | null;
  now: string | number | null;
}

interface Present {
  id: number;
  name: string;
  now: string | number;
}

/** What differs between a bookmark and the present state. Parts that were not read are undefined. */
export function compareWorkspace(before: Position, { campaigns, lists, senders }: Workspace) {
  return {
    campaigns: changed(
      Object.entries(before.campaigns).map(([id, { status }]) => [id, status]),
      campaigns?.map(({ id, name, status }) => ({ id, name: name ?? '', now: status ?? '' })),
    ),
    lists: changed(
      Object.entries(before.lists),
      lists?.map(({ id, name, size }) => ({ id, name, now: size })),
    ),
    senders: changed(
      Object.entries(before.senders),
      senders?.map(({ id, name, state }) => ({ id, name, now: state })),
    ),
  };
}

function changed(
  before: [id: string, was: string | number][],
  present: Present[] | undefined,
): StateChange[] | undefined {
  if (present === undefined) return undefined;
  const known = new Map(before.map(([id, was]) => [Number(id), was]));
  const ids = new Set(present.map(({ id }) => id));
  return [
    ...present.flatMap(({ id, name, now }) =>
      known.get(id) === now ? [] : [{ id, name, before: known.get(id) ?? null, now }],
    ),
    ...[...known].flatMap(([id, was]) => (ids.has(id) ? [] : [{ id, name: '', before: was, now: null }])),
  ];
}
