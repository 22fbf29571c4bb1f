import type { LeadProfile } from '../../client/operations/fields.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { settle } from '../shared/settle.ts';
import { openIndex } from './open-index.ts';
import type { PartRead } from './part-cache.ts';
import { gapOf, type IndexSource, type PartSource, partOf } from './source.ts';
import {
  type List,
  type Members,
  memberOf,
  membersTitle,
  peoplePart,
  readListRows,
  readMembers,
  toMembers,
} from './workspace.ts';

/** A person with names takes the memory of so many members of an index. */
const ROWS_EACH = 4;

/** The members of a list with what is known of each. */
export interface ListPeople extends Members {
  /** By comparison key, without texts about the person, which would take most of the memory. */
  profileByKey: Map<string, LeadProfile>;
}

/** Reads the members of a list with their names. The list of an index then needs no request. */
export async function readListPeople(listId: number, source: IndexSource): Promise<ListPeople> {
  const { value, isWhole } = await partOf(source, peoplePart(listId), (part) => readPeople({ id: listId }, part));
  const { idByKey, incomplete } = value;
  await partOf(source, `list ${listId}`, async () => ({
    value: { idByKey, incomplete },
    rows: idByKey.size,
    isWhole,
  }));
  return value;
}

/** The members of a list, by comparison key. undefined where they cannot be read to the end. */
export async function readMemberKeys(
  listId: number,
  context: ToolContext,
): Promise<ReadonlyMap<string, string> | undefined> {
  const source = await openIndex(context);
  const part = await settle(partOf(source, `list ${listId}`, (own) => readMembers({ id: listId }, own)));
  return part.ok && part.value.isWhole ? part.value.value.idByKey : undefined;
}

async function readPeople(list: List & { id: number }, source: PartSource): Promise<PartRead<ListPeople>> {
  const { rows, gap } = await readListRows(list.id, source, (profile) => ({
    member: memberOf(profile),
    profile: withoutTexts(profile),
  }));
  const members = toMembers(
    list,
    rows.map(({ member }) => member),
    gapOf(membersTitle(list), gap, source.time),
  );
  const profileByKey = new Map(
    rows.flatMap(({ member: [key], profile }) => (key === undefined ? [] : [[key, profile] as const])),
  );
  return { value: { ...members, profileByKey }, rows: rows.length * ROWS_EACH, isWhole: gap === undefined };
}

function withoutTexts(profile: LeadProfile): LeadProfile {
  const { profileUrl, firstName, lastName, companyName, position, location, customFields } = profile;
  const emailAddress = profile.emailAddress ?? profile.customEmailAddress ?? profile.enrichedEmailAddress;
  return { profileUrl, firstName, lastName, companyName, position, location, emailAddress, customFields };
}
