import { HeyReachError } from '../../client/index.ts';
import type { LeadProfile } from '../../client/operations/fields.ts';
import { isBlank } from '../../lib/blank-text.ts';
import { identityOf } from '../../lib/linkedin-url.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import type { LeadRow } from '../leads/lead-input.ts';
import { LIST_PAGE_ROWS } from '../people-index/plan.ts';
import { readPagedRows } from '../people-index/read-paged-rows.ts';
import { startWork } from '../shared/work-time.ts';
import type { SourceRow } from './lead-rows.ts';

/** Pages that are read side by side. */
const MOST_PAGES = 3;
/** HeyReach rejects a call with another name. */
const FIELD_NAME = /^[A-Za-z0-9_]+$/;

/** The lead of a row, and why it needs no request. Without a lead the person is not in the target. */
interface Update {
  lead: LeadRow | undefined;
  omission?: 'not_in_target' | 'nothing_to_update' | undefined;
}

/**
 * Custom fields for people who are in the target. Their names are HeyReach's own, because an add replaces them, and the custom
 * fields that they have already are sent along.
 * @throws HeyReachError `not_sent` where the people of the target cannot be read.
 */
export async function readUpdates(
  rows: readonly SourceRow[],
  listId: number | undefined,
  context: ToolContext,
): Promise<(row: SourceRow) => Update> {
  const members = listId === undefined ? new Map() : await readMembers(listId, context);
  const updates = new Map(rows.map((row) => [row.number, updateOf(row, members.get(row.identity))]));
  return ({ number }) => updates.get(number) ?? NOT_IN_TARGET;
}

const NOT_IN_TARGET: Update = { lead: undefined, omission: 'not_in_target' };

async function readMembers(
  listId: number,
  { client, call }: ToolContext,
): Promise<Map<string | undefined, LeadProfile>> {
  const work = startWork(call);
  const { rows, gap } = await readPagedRows((page) => client.lists.getLeads({ listId, ...page }, work.call), {
    limit: LIST_PAGE_ROWS,
    most: MOST_PAGES,
  });
  if (gap === undefined) return new Map(rows.map((person) => [identityOf(person.profileUrl), person]));
  throw new HeyReachError({
    kind: 'not_checked',
    outcome: 'not_sent',
    message: `The people of list ${listId} could not be read: ${typeof gap === 'string' ? gap : gap.message}.`,
    meaning: 'Nothing was sent.',
    nextStep: 'Call again in a moment.',
  });
}

function updateOf({ lead: row }: SourceRow, person: LeadProfile | undefined): Update {
  if (person === undefined || isBlank(person.firstName) || isBlank(person.lastName)) return NOT_IN_TARGET;
  const known = new Map(
    (person.customFields ?? []).flatMap(({ name, value }) =>
      FIELD_NAME.test(name ?? '') ? [[name!, value ?? ''] as const] : [],
    ),
  );
  const changedFields = (row.customUserFields ?? []).filter(({ name, value }) => known.get(name) !== value);
  for (const { name, value } of changedFields) known.set(name, value);
  const lead = {
    profileUrl: person.profileUrl ?? '',
    firstName: person.firstName ?? '',
    lastName: person.lastName ?? '',
    customUserFields: [...known].map(([name, value]) => ({ name, value })),
  };
  return changedFields.length === 0 ? { lead, omission: 'nothing_to_update' } : { lead };
}
