import { type Row, rowsOf, textOf } from '../shared/data.ts';
import { el } from '../shared/dom.ts';
import type { View } from '../shared/view.ts';
import { Thread } from './thread.ts';

const DAY_MS = 86_400_000;

interface CardContext {
  view: View;
  workspace: string | undefined;
  /** The time of the result. */
  asOf: string;
  /** The name of the sender. */
  sender: string;
  campaigns: string[];
  onReadChange(): void;
}

/** A person who waits: what they said, and what the user can do. */
export class PersonCard {
  readonly element = el('li', { tabindex: '-1' });
  isRead: boolean;
  readonly #row: Row;
  readonly #context: CardContext;
  readonly #name: string;
  readonly #badge = el('span', { class: 'badge' }, 'Unread');
  readonly #actions = el('div', { class: 'actions', role: 'group' });
  readonly #note = el('p', { class: 'outcome', role: 'status', dir: 'auto' });

  constructor(row: Row, context: CardContext) {
    this.#row = row;
    this.#context = context;
    this.#name = textOf(row.name) || 'Person without a name';
    this.isRead = row.read !== false;
    this.#actions.setAttribute('aria-label', `Actions for ${this.#name}`);
    const { view, sender, campaigns } = context;
    const about = [textOf(row.company), sender && `to ${sender}`, ...campaigns].filter(Boolean);
    this.element.append(
      el(
        'div',
        { class: 'head' },
        el(context.workspace === undefined ? 'h2' : 'h3', { dir: 'auto' }, this.#name),
        this.#badge,
        textOf(row.autoTag) !== '' && el('span', { class: 'tag', dir: 'auto' }, textOf(row.autoTag)),
        el('span', { class: 'since' }, this.#since()),
      ),
      el('p', { class: 'note about' }, ...about.map((text) => el('span', { dir: 'auto' }, text))),
      el('p', { class: 'said', dir: 'auto' }, shorten(row.said) || '(no text)'),
      textOf(row.weSaid) === '' ? '' : el('p', { class: 'note', dir: 'auto' }, `You: ${shorten(row.weSaid)}`),
    );
    const thread = new Thread(row, { view, workspace: context.workspace, name: this.#name });
    if (view.can('get_conversation')) this.#actions.append(thread.button);
    if (view.can('set_conversation_seen')) this.#actions.append(this.#seenButton());
    this.#actions.append(this.#draftButton());
    if (view.can('suppress_leads') && textOf(row.profileUrl) !== '') this.#actions.append(this.#stopButton());
    this.element.append(this.#actions, this.#note, thread.element);
    this.#showRead();
  }

  #since(): string {
    const since = textOf(this.#row.waitingSince);
    if (since === '') return '';
    const days = Math.floor((Date.parse(this.#context.asOf) - Date.parse(since)) / DAY_MS);
    const age = days > 0 ? ` · ${days} ${days === 1 ? 'day' : 'days'}` : '';
    return `${this.#context.view.date(since)}${age}`;
  }

  #showRead(): void {
    this.#badge.hidden = this.isRead;
    this.element.classList.toggle('unread', !this.isRead);
  }

  #seenButton(): HTMLElement {
    const label = () => (this.isRead ? 'Mark unread' : 'Mark read');
    const button = el('button', { type: 'button' }, label());
    button.addEventListener('click', () =>
      this.#run(button, async () => {
        const seen = !this.isRead;
        const { conversationId, linkedInAccountId } = this.#row;
        const args = { conversationId, linkedInAccountId, seen };
        await this.#context.view.call('set_conversation_seen', args, this.#context.workspace);
        this.isRead = seen;
        button.textContent = label();
        this.#showRead();
        this.#context.onReadChange();
        return seen ? 'Marked as read.' : 'Marked as unread.';
      }),
    );
    return button;
  }

  /** Only ids go into the chat, because a name or a message could hold instructions for the model. */
  #draftButton(): HTMLElement {
    const { view, workspace = view.args.workspace } = this.#context;
    const { conversationId, linkedInAccountId } = this.#row;
    const place = workspace === undefined ? '' : `, workspace ${textOf(workspace)}`;
    const button = el('button', { type: 'button' }, 'Ask for a draft');
    button.addEventListener('click', () =>
      this.#run(button, async () => {
        await view.ask(
          `Draft a reply for the HeyReach conversation ${textOf(conversationId)} (accountId ${textOf(linkedInAccountId)}${place}). ` +
            'Read it with get_conversation, and show me the draft. Send nothing before I agree to the text.',
        );
        return 'The chat was asked for a draft. Nothing is sent.';
      }),
    );
    return button;
  }

  /** Stopping cannot be undone here, so the card asks first. */
  #stopButton(): HTMLElement {
    const question = el('div', { class: 'question', role: 'group', 'aria-label': `Stop contact with ${this.#name}` });
    const button = el('button', { type: 'button' }, 'Stop contact …');
    const confirm = el('button', { type: 'button', class: 'danger' }, 'Stop contact');
    const cancel = el('button', { type: 'button' }, 'Keep contact');
    const close = () => {
      question.remove();
      button.focus();
    };
    question.append(
      el('p', { dir: 'auto' }, `Stop all contact with ${this.#name}?`),
      el(
        'p',
        { class: 'note' },
        'All campaigns stop for this person. A tag and the blacklist are set, and the blacklist is permanent.',
      ),
      el('div', { class: 'actions' }, cancel, confirm),
    );
    question.addEventListener('keydown', ({ key }) => key === 'Escape' && close());
    button.addEventListener('click', () => {
      this.#actions.after(question);
      cancel.focus();
    });
    cancel.addEventListener('click', close);
    confirm.addEventListener('click', () =>
      this.#run(confirm, async () => {
        const { view, workspace } = this.#context;
        const result = await view.call('suppress_leads', { profileUrls: [this.#row.profileUrl] }, workspace);
        close();
        if (result.clear === true) {
          button.disabled = true;
          this.element.focus();
        }
        return outcomeOf(result);
      }),
    );
    return button;
  }

  /** Runs an action with its button disabled, and shows its outcome. */
  async #run(button: HTMLButtonElement, action: () => Promise<string>): Promise<void> {
    button.disabled = true;
    this.element.setAttribute('aria-busy', 'true');
    this.#note.className = 'outcome';
    this.#note.textContent = 'Working …';
    try {
      this.#note.textContent = await action();
    } catch (error) {
      const { message, nextStep = '' } = error as Error & { nextStep?: string };
      this.#note.className = 'outcome failed';
      this.#note.textContent = `${message} ${nextStep}`;
    }
    this.element.removeAttribute('aria-busy');
    button.disabled = false;
    // A disabled button loses the focus.
    if (document.activeElement === document.body && button.isConnected) button.focus();
  }
}

/** A clipped text without its length, which the server adds for the model. */
function shorten(text: unknown): string {
  return textOf(text).replace(/…\(\d+\)$/, '…');
}

/** What became of the person, in the words of the server. */
function outcomeOf(result: Row): string {
  const [outcome] = rowsOf(result.outcomes);
  if (result.clear === true) return 'Contact is stopped: no campaign can contact this person.';
  const texts = [outcome?.outcome, outcome?.note, result.reason, result.nextStep].map(textOf).filter(Boolean);
  return `Contact may continue: ${texts.join(' · ')}`;
}
