import type { LeadProfile } from '../../client/operations/fields.ts';
import { showCampaign } from '../campaigns/campaign-lines.ts';
import type { ToolContext } from '../define.ts';
import { counted, inline, type Preview, rowLines, SHOWN_ROWS } from '../preview.ts';
import { showPerson, titled } from '../preview-lines.ts';
import { bindsOf, readFeeds, showList, unreadLines } from './feeds.ts';
import { identityOf, readMembers } from './members.ts';

const LONGEST_GIVEN = 300;

/** Who would be removed from a list by member id. */
export function previewRemoveByIds(
  { listId, leadMemberIds }: { listId: number; leadMemberIds: string[] },
  context: ToolContext,
): Promise<Preview> {
  return previewRemoval(listId, leadMemberIds, { keyOf: (id) => id, context });
}

/** Who would be removed from a list by profile URL. */
export function previewRemoveByUrls(
  { listId, profileUrls }: { listId: number; profileUrls: string[] },
  context: ToolContext,
): Promise<Preview> {
  return previewRemoval(listId, profileUrls, { keyOf: identityOf, context });
}

interface How {
  /** What a given one has in common with the person of the list whom it means. */
  keyOf(given: string): string | undefined;
  context: ToolContext;
}

async function previewRemoval(listId: number, given: readonly string[], { keyOf, context }: How): Promise<Preview> {
  const feeds = await readFeeds(listId, context);
  const members = await readMembers(listId, context);
  const { list, campaigns, running, unread } = feeds;
  const { title, line, facts } = showList(list, listId);
  const shown = given.slice(0, SHOWN_ROWS).map((one) => ({ given: one, person: members?.byKey.get(keyOf(one) ?? '') }));
  const isAbsent = (one: string) => {
    const key = keyOf(one);
    return members?.isAll === true && key !== undefined && !members.byKey.has(key);
  };
  const absent = given.filter(isAbsent).length;
  const people = counted(given.length, 'person', 'people');
  return {
    question: `Remove ${people} from the list ${title}?`,
    lines: [
      line,
      `People to remove: ${given.length}`,
      ...rowLines(
        shown.map((row) => rowLine(row, isAbsent(row.given))),
        given.length,
      ),
      ...(members === undefined ? ['Their names could not be read.'] : []),
      ...titled(
        'Campaigns on the list',
        campaigns.map((campaign) => showCampaign(campaign).line),
      ),
      ...unreadLines(feeds),
    ],
    warnings: [
      'This cannot be undone: they would have to be added anew, with all that is known of them.',
      ...(running.length + unread === 0
        ? []
        : [
            'A campaign on the list is running: people it has begun with may go on being contacted. stop_lead_in_campaign ends that.',
          ]),
      ...(absent === 0 ? [] : [`Not in the list: ${absent} of the ${given.length}.`]),
    ],
    facts: {
      list: facts,
      given: given.length,
      ...(members?.isAll === true ? { notInList: absent } : {}),
      people: shown.map(({ given: one, person }) => ({
        given: inline(one, LONGEST_GIVEN),
        ...(person && showPerson(person).facts),
      })),
      campaigns: campaigns.map((campaign) => showCampaign(campaign).facts),
      ...(unread === 0 ? {} : { moreCampaigns: unread }),
    },
    binds: bindsOf(campaigns, unread),
  };
}

/** The person where the list has told who it is, else what was given. */
function rowLine({ given, person }: { given: string; person: LeadProfile | undefined }, isAbsent: boolean): string {
  const known = person === undefined ? '' : showPerson(person).line;
  if (known !== '') return known;
  return `${inline(given, LONGEST_GIVEN)}${isAbsent ? ' (not in the list)' : ''}`;
}
