import type { Part } from './data.ts';
import { type Child, el } from './dom.ts';
import type { View } from './view.ts';

interface MoreOptions {
  tool: string;
  view: View;
  label: string;
  /** Adds the rows of the next page. @returns the first new element. */
  add(next: Part): HTMLElement | undefined;
}

/** A button that adds the next page. undefined where all rows are shown. */
export function moreButton(part: Part, options: MoreOptions): Child {
  const { tool, view, label, add } = options;
  const { nextCursor, workspace } = part;
  if (typeof nextCursor !== 'string' || !view.can(tool)) return undefined;
  const button = el('button', { type: 'button', class: 'more' }, label);
  button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      const next = await view.call(tool, { ...view.args, cursor: nextCursor }, workspace);
      const first = add(next);
      button.replaceWith(moreButton(next, options) || '');
      first?.focus();
    } catch (error) {
      button.disabled = false;
      button.textContent = `${label}: ${(error as Error).message}`;
    }
  });
  return button;
}
