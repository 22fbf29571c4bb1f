import { isRecord, type Row, textOf } from '../shared/data.ts';
import { el } from '../shared/dom.ts';
import type { View } from '../shared/view.ts';

const MESSAGES = 10;
let count = 0;

interface ThreadContext {
  view: View;
  workspace: string | undefined;
  /** The name of the person. */
  name: string;
}

/** The newest messages of a conversation, which are read when the user opens them. */
export class Thread {
  readonly element = el('ol', { class: 'thread', id: `thread-${++count}`, hidden: true });
  readonly button: HTMLButtonElement;
  readonly #row: Row;
  readonly #context: ThreadContext;
  #isRead = false;

  constructor(row: Row, context: ThreadContext) {
    this.#row = row;
    this.#context = context;
    this.element.setAttribute('aria-label', `Messages with ${context.name}`);
    this.button = el(
      'button',
      { type: 'button', 'aria-expanded': 'false', 'aria-controls': this.element.id, click: () => void this.#toggle() },
      'Show thread',
    );
  }

  async #toggle(): Promise<void> {
    const opens = this.element.hidden;
    this.element.hidden = !opens;
    this.button.setAttribute('aria-expanded', String(opens));
    this.button.textContent = opens ? 'Hide thread' : 'Show thread';
    if (!opens || this.#isRead) return;
    this.element.replaceChildren(el('li', { class: 'note' }, 'Loading …'));
    this.element.setAttribute('aria-busy', 'true');
    const { view, workspace } = this.#context;
    const args = {
      accountId: this.#row.linkedInAccountId,
      conversationId: this.#row.conversationId,
      messages: MESSAGES,
    };
    try {
      const thread = await view.call('get_conversation', args, workspace);
      const messages = Array.isArray(thread.messages) ? thread.messages.filter(isRecord) : [];
      this.element.replaceChildren(...messages.map((message) => this.#message(message)));
      this.#isRead = true;
      view.announce(`${messages.length} messages are shown.`);
    } catch (error) {
      // Opening the thread once more reads again.
      this.element.replaceChildren(el('li', { class: 'failed', dir: 'auto' }, (error as Error).message));
      view.announce((error as Error).message);
    }
    this.element.removeAttribute('aria-busy');
  }

  #message({ sender, body, createdAt }: Row): HTMLElement {
    const isOurs = sender === 'ME';
    return el(
      'li',
      { class: isOurs ? 'ours' : 'theirs' },
      el(
        'p',
        { class: 'note' },
        el('span', { dir: 'auto' }, isOurs ? 'You' : this.#context.name),
        ` · ${this.#context.view.date(textOf(createdAt))}`,
      ),
      el('p', { dir: 'auto' }, textOf(body) || '(no text)'),
    );
  }
}
