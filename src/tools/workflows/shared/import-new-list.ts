import { quoteName } from '../../../lib/outside-text.ts';
import { foldText, linesIf } from '../../../lib/text-format.ts';
import { optionalRead } from '../../../mcp/reads.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { describeSenders } from '../../campaigns/shared/senders.ts';
import { showList } from '../../lists/shared/list-usage.ts';

const PAGE = 100;

/** The target of an import that creates a list. HeyReach takes a name more than once, and deletes no list. */
export async function readNewList(name: string, context: ToolContext) {
  const { client, call } = context;
  const [senders, page] = await Promise.all([
    describeSenders([], context),
    optionalRead(client.lists.getAll({ keyword: name.trim(), offset: 0, limit: PAGE }, call)),
  ]);
  const same = (page?.items ?? []).filter((list) => foldText(list.name ?? '') === foldText(name));
  const shown = same.find(isOfPeople) ?? same[0];
  return {
    ...{
      title: `a new list ${quoteName(name)}`,
      contact: '',
      lines: [],
      running: [],
      takers: [],
      unread: 0,
      senders,
      people: 0,
    },
    warnings: [
      ...linesIf(page === undefined, 'Whether a list of this name exists was not checked.'),
      ...(shown === undefined ? [] : [sameName(shown)]),
    ],
    allRunning: [],
    scope: { listId: undefined, campaignIds: [], membersOf: undefined, senderOf: () => undefined },
    // A run that goes on has its own list of this name.
    boundState: { newListName: name },
  };
}

type List = NonNullable<Awaited<ReturnType<ToolContext['client']['lists']['getAll']>>['items']>[number];

function sameName(list: List): string {
  const shown = showList(list, list.id ?? 0).line.replace('List: ', '');
  return `A list of this name exists: ${shown}. ${isOfPeople(list) ? 'toListId adds to it.' : 'It has companies.'}`;
}

function isOfPeople({ listType }: List): boolean {
  return listType !== 'COMPANY_LIST';
}
