import { type Part, partsOf, textOf } from '../shared/data.ts';
import { type Child, el } from '../shared/dom.ts';
import { incompleteNotice } from '../shared/incomplete-notice.ts';
import { moreButton } from '../shared/more-button.ts';
import { View } from '../shared/view.ts';
import { PeopleList } from './people-list.ts';

const TOOL = 'list_unanswered';

new View({
  name: 'inbox',
  title: 'Waiting for a reply',
  tool: TOOL,
  show: (data, view) => partsOf(data).flatMap((part) => showPart(part, view)),
});

/** The people of one workspace. */
function showPart(part: Part, view: View): Child[] {
  const { workspace } = part;
  const people = new PeopleList(view, workspace);
  people.add(part);
  const heading = workspace !== undefined && el('h2', { dir: 'auto' }, workspace);
  if (people.isEmpty) {
    const read = `${textOf(part.scanned) || '0'} conversations were read.`;
    return [
      heading,
      el('p', { class: 'empty' }, 'No one is waiting for a reply.'),
      el('p', { class: 'note' }, read),
      incompleteNotice(part),
    ];
  }
  return [
    heading,
    el('p', { class: 'note' }, summaryOf(part), ' · ', people.unread),
    incompleteNotice(part),
    people.element,
    moreButton(part, { tool: TOOL, view, label: 'Show more people', add: (next) => people.add(next) }),
  ];
}

function summaryOf({ waiting, byAge }: Part): string {
  const { over7d = 0 } = (byAge ?? {}) as { over7d?: number };
  const wait = `${textOf(waiting)} ${waiting === 1 ? 'person waits' : 'people wait'}`;
  return over7d > 0 ? `${wait} · ${over7d} for over 7 days` : wait;
}
