import { isRecord, type Part, textOf } from './data.ts';
import { type Child, el } from './dom.ts';

/** The parts of a result that the server could not read. */
export function incompleteNotice({ incomplete }: Part): Child {
  const gaps = Array.isArray(incomplete) ? incomplete.filter(isRecord) : [];
  if (gaps.length === 0) return undefined;
  const lines = gaps.map(({ part, workspace, reason }) =>
    el('li', { dir: 'auto' }, `${textOf(part ?? workspace)}: ${textOf(reason)}`),
  );
  return el('div', { class: 'gaps' }, el('p', {}, 'Incomplete: some parts were not read.'), el('ul', {}, ...lines));
}
