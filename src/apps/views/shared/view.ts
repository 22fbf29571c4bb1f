import { dataOf, isRecord, type Row, textOf } from './data.ts';
import { type Child, el } from './dom.ts';
import { applyHostContext, type Look } from './host-style.ts';
import { Protocol } from './protocol.ts';

const PROTOCOL_VERSION = '2026-01-26';

/** A failed call, with the server's next step. */
export class CallError extends Error {
  constructor(
    message: string,
    readonly nextStep = '',
  ) {
    super(message);
  }
}

interface ViewOptions {
  name: string;
  title: string;
  /** The tool whose result the view shows. */
  tool: string;
  /** The content for a result. */
  show(data: Row, view: View): Child[];
}

/** The page, its states, and what it can ask of the host. */
export class View {
  readonly #protocol: Protocol;
  readonly #options: ViewOptions;
  readonly #content = el('main', { tabindex: '-1' });
  readonly #status = el('p', { role: 'status', class: 'hidden' });
  #look: Look = { locale: undefined, timeZone: undefined };
  #capabilities: Row = {};
  /** The arguments of the call that opened the view. */
  args: Row = {};

  constructor(options: ViewOptions) {
    this.#options = options;
    this.#protocol = new Protocol((method, params) => this.#receive(method, params));
    document.body.append(el('header', {}, el('h1', {}, options.title)), this.#content, this.#status);
    this.#showLoading();
    this.#start().catch(({ message }: Error) => this.#showProblem(new CallError(message), () => this.#reload()));
  }

  /** Whether the server shows a tool and the host passes calls on. The server writes the names into the page. */
  can(tool: string): boolean {
    const names = document.documentElement.dataset.tools ?? '';
    return 'serverTools' in this.#capabilities && names.split(' ').includes(tool);
  }

  /**
   * Calls a tool through the host, in the workspace of the view.
   * @throws CallError for any result that is not data.
   */
  async call(tool: string, args: Row, workspace = this.args.workspace): Promise<Row> {
    const toolArguments = workspace === undefined ? args : { ...args, workspace };
    const result = await this.#protocol
      .request('tools/call', { name: tool, arguments: toolArguments })
      .catch((error: Error) => {
        throw new CallError(error.message);
      });
    const data = dataOf(result);
    const failure = failureOf(result, data);
    if (failure !== undefined) throw failure;
    return data;
  }

  /** Puts a message of the user into the chat. The text must hold no words of other people. */
  async ask(text: string): Promise<void> {
    const params = { role: 'user', content: [{ type: 'text', text }] };
    const { isError } = await this.#protocol.request('ui/message', params);
    if (isError === true) throw new CallError('The host did not take the message.');
  }

  /** Tells screen readers what changed. */
  announce(text: string): void {
    this.#status.textContent = text;
  }

  /** A day, or a moment, which is UTC in the results of tools. */
  date(value: string, { hasYear = false } = {}): string {
    const isDay = value.length <= 10;
    const at = new Date(isDay ? value : `${value.replace(/Z$/, '')}Z`);
    if (Number.isNaN(at.getTime())) return value;
    const { locale, timeZone } = this.#look;
    const parts = { day: 'numeric', month: 'short', year: hasYear ? 'numeric' : undefined } as const;
    // A day is a UTC day. A moment is shown in the time zone of the user.
    const format = isDay ? { ...parts, timeZone: 'UTC' } : { ...parts, hour: 'numeric', minute: '2-digit', timeZone };
    return new Intl.DateTimeFormat(locale, format as Intl.DateTimeFormatOptions).format(at);
  }

  number(value: number, options?: Intl.NumberFormatOptions): string {
    return new Intl.NumberFormat(this.#look.locale, options).format(value);
  }

  async #start(): Promise<void> {
    const { name, title } = this.#options;
    const { hostContext, hostCapabilities } = await this.#protocol.request('ui/initialize', {
      protocolVersion: PROTOCOL_VERSION,
      appInfo: { name: `heyreach-${name}`, title, version: '1.0.0' },
      appCapabilities: { availableDisplayModes: ['inline', 'fullscreen'] },
    });
    if (isRecord(hostCapabilities)) this.#capabilities = hostCapabilities;
    if (isRecord(hostContext)) this.#look = applyHostContext(hostContext, this.#look);
    this.#protocol.notify('ui/notifications/initialized', {});
    new ResizeObserver(() => this.#reportSize()).observe(document.body);
  }

  #reportSize(): void {
    const { width, height } = document.documentElement.getBoundingClientRect();
    this.#protocol.notify('ui/notifications/size-changed', { width: Math.ceil(width), height: Math.ceil(height) });
  }

  #receive(method: string, params: Row): void {
    switch (method) {
      case 'ui/notifications/tool-input':
        this.args = isRecord(params.arguments) ? params.arguments : {};
        break;
      case 'ui/notifications/tool-result':
        this.#showResult(params);
        break;
      case 'ui/notifications/tool-cancelled':
        this.#showProblem(new CallError('The call was cancelled.', 'Nothing is shown.'), () => this.#reload());
        break;
      case 'ui/notifications/host-context-changed':
        this.#look = applyHostContext(params, this.#look);
    }
  }

  #showResult(result: Row): void {
    const data = dataOf(result);
    const failure = failureOf(result, data);
    if (failure === undefined) this.#showData(data);
    else this.#showProblem(failure, () => this.#reload());
  }

  #showData(data: Row): void {
    if (isRecord(data.job)) this.#showJob(data.job);
    else this.#replace(this.#options.show(data, this));
  }

  async #reload(tool = this.#options.tool, args = this.args): Promise<void> {
    this.#showLoading();
    this.#content.focus();
    try {
      const data = await this.call(tool, args, args.workspace ?? this.args.workspace);
      this.#showData(isRecord(data.result) ? data.result : data);
    } catch (error) {
      this.#showProblem(error as CallError, () => this.#reload(tool, args));
    }
  }

  #showLoading(): void {
    this.#replace([el('p', { class: 'note', role: 'status' }, 'Loading …')]);
    this.#content.setAttribute('aria-busy', 'true');
  }

  #showProblem({ message, nextStep }: CallError, retry: () => Promise<void>): void {
    this.#replace([
      el(
        'div',
        { class: 'problem', role: 'alert' },
        el('p', { dir: 'auto' }, message),
        nextStep && el('p', { class: 'note', dir: 'auto' }, nextStep),
        this.can(this.#options.tool) && el('button', { type: 'button', click: () => void retry() }, 'Try again'),
      ),
    ]);
  }

  /** Work that takes long goes on as a job, which has the result later. */
  #showJob({ id, done, total, state }: Row): void {
    const progress = `${textOf(done)}${total === undefined ? '' : ` of ${textOf(total)}`}`;
    const check = () => void this.#reload('get_job', { jobId: id });
    this.#replace([
      el('p', { class: 'note', role: 'status' }, `The work goes on as a job: ${textOf(state)}, ${progress} done.`),
      this.can('get_job') && el('button', { type: 'button', click: check }, 'Check again'),
    ]);
  }

  #replace(children: Child[]): void {
    this.#content.removeAttribute('aria-busy');
    this.#content.replaceChildren(...children.filter((child) => child instanceof Node || typeof child === 'string'));
  }
}

/** The failure that a result reports. A confirmation is none, but nothing was done yet. */
function failureOf({ isError }: Row, data: Row): CallError | undefined {
  if (isRecord(data.error)) {
    const { message, meaning, nextStep } = data.error;
    return new CallError([message, meaning].map(textOf).filter(Boolean).join(' '), textOf(nextStep));
  }
  if (isRecord(data.confirmation)) {
    const { preview } = data.confirmation;
    const text = isRecord(preview) ? textOf(preview.text) : '';
    return new CallError(text, 'Nothing was done yet: this needs a confirmation. Ask for it in the chat.');
  }
  return isError === true ? new CallError(textOf(data.text) || 'The call failed.') : undefined;
}
