import { quoteName } from '../../../lib/outside-text.ts';
import { countNoun, inline } from '../../../lib/text-format.ts';
import { type Preview, titled } from '../../../mcp/confirmation/preview.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { showCampaign } from '../../../views/campaign.ts';
import { peopleRows, SHOWN_PEOPLE, showPerson } from '../../../views/people.ts';
import { profileKey, readListMembers } from './list-members.ts';
import { boundStateOf, readListUsage, showList, unreadLines } from './list-usage.ts';

const MAX_KEY_LENGTH = 300;

/** The preview of a removal by member ids. */
export function previewRemoveByIds(
  { listId, leadMemberIds }: { listId: number; leadMemberIds: string[] },
  context: ToolContext,
): Promise<Preview> {
  return previewRemoval(listId, leadMemberIds, { keyOf: (id) => id, context });
}

/** The preview of a removal by profile URLs. */
export function previewRemoveByUrls(
  { listId, profileUrls }: { listId: number; profileUrls: string[] },
  context: ToolContext,
): Promise<Preview> {
  return previewRemoval(listId, profileUrls, { keyOf: profileKey, context });
}

interface RemovalKind {
  /** The key in `ListMembers.byKey` for a requested id or URL. */
  keyOf(requested: string): string | undefined;
  context: ToolContext;
}

async function previewRemoval(
  listId: number,
  requested: readonly string[],
  { keyOf, context }: RemovalKind,
): Promise<Preview> {
  const usage = await readListUsage(listId, context);
  const members = await readListMembers(listId, context);
  const { list, campaigns, running, unread } = usage;
  const { title, line, facts } = showList(list, listId);
  const shown = requested.slice(0, SHOWN_PEOPLE).map((idOrUrl) => {
    const person = members?.byKey.get(keyOf(idOrUrl) ?? '');
    return { idOrUrl, person: person && showPerson(person) };
  });
  const isAbsent = (idOrUrl: string) => {
    const key = keyOf(idOrUrl);
    return members?.isAll === true && key !== undefined && !members.byKey.has(key);
  };
  const absent = requested.filter(isAbsent).length;
  const people = countNoun(requested.length, 'person', 'people');
  return {
    question: `Remove ${people} from the list ${title}?`,
    lines: [
      line,
      `People to remove: ${requested.length}`,
      ...(members === undefined ? ['Their names could not be read.'] : []),
      ...titled(
        'Campaigns on the list',
        campaigns.map((campaign) => showCampaign(campaign).line),
      ),
      ...unreadLines(usage),
    ],
    warnings: [
      'This cannot be undone. To restore these people, they must be added again with all their data.',
      ...(running.length + unread === 0
        ? []
        : [
            'A campaign on the list is running. It may go on contacting people it has already started with. stop_lead_in_campaign stops that.',
          ]),
      ...(absent === 0 ? [] : [`Not in the list: ${absent} of the ${requested.length}.`]),
    ],
    people: [
      'People:',
      ...peopleRows(
        shown.map((row) => rowLine(row, isAbsent(row.idOrUrl))),
        requested.length,
      ),
    ],
    facts: {
      list: facts,
      given: requested.length,
      ...(members?.isAll === true ? { notInList: absent } : {}),
      people: shown.map(({ idOrUrl, person }) => ({ given: inline(idOrUrl, MAX_KEY_LENGTH), ...person?.facts })),
      campaigns: campaigns.map((campaign) => showCampaign(campaign).facts),
      ...(unread === 0 ? {} : { moreCampaigns: unread }),
    },
    boundState: boundStateOf(campaigns, unread),
  };
}

/** The person as the list has them, or the requested profile or id. */
function rowLine(
  { idOrUrl, person }: { idOrUrl: string; person: ReturnType<typeof showPerson> | undefined },
  isAbsent: boolean,
): string {
  if (person !== undefined && person.line !== '') return person.line;
  // A member id is no slug of a profile.
  const profile = idOrUrl.includes('/') ? showPerson({ profileUrl: idOrUrl }).line : '';
  const requested = profile || quoteName(idOrUrl);
  return `${requested}${isAbsent ? ' (not in the list)' : ''}`;
}
