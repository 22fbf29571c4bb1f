import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import { run } from '../../support/programs/program.ts';
import { PageServer } from './page-server.ts';

/** Answers a call of a view in place of the server. undefined: the server answers. */
export type Answer = (name: string, args: Record<string, unknown>) => object | undefined | Promise<object | undefined>;

export interface OpenOptions {
  width?: number;
  height?: number;
  /** The context of the host. */
  context?: object;
  capabilities?: object;
  answer?: Answer;
  /** The tools that the server shows. By default all its tools. */
  tools?: string;
  /** Whether the host accepts a message for the chat. */
  takesMessages?: boolean;
  /** The result that the view shows. Without it the host calls the server. `null` leaves the view without a result. */
  result?: object | null;
}

/** The capabilities that a client with views declares. */
const EXTENSIONS = { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } };
const CAPABILITIES = { serverTools: {}, message: { text: {} } };

/** A host: a browser, the built server on the sandbox, and a page that shows one view of its tools at a time. */
export class AppHost {
  readonly #pages = new PageServer();
  #browser!: Browser;
  #page!: Page;
  #view: OpenView | undefined;
  peer!: McpPeer;

  static async start(args: string[] = []): Promise<AppHost> {
    const host = new AppHost();
    const { stdout } = await run('which', ['chromium']);
    const executablePath = stdout.trim();
    if (executablePath === '') throw new Error('chromium is missing: apt-get install chromium');
    // The pages come only from this test, and root has no other sandbox.
    host.#browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    await host.#pages.start();
    host.#page = await host.#browser.newPage();
    await host.#watch();
    await host.#page.goto(host.#pages.hostUrl);
    host.peer = await connectStdio('v2-modern', { args: ['--sandbox', ...args], extensions: EXTENSIONS, built: true });
    return host;
  }

  /** Calls a tool and shows its view, as a host does. */
  async open(tool: string, args: Record<string, unknown>, options: OpenOptions = {}): Promise<OpenView> {
    const definition = (await this.peer.listTools()).find(({ name }) => name === tool) as
      | { _meta?: { ui?: { resourceUri?: string } } }
      | undefined;
    const [content] = await this.peer.readResource(definition!._meta!.ui!.resourceUri!);
    const { tools } = options;
    const html = content!.text.replace(/data-tools="[^"]*"/, (all) =>
      tools === undefined ? all : `data-tools="${tools}"`,
    );
    await this.#page.setViewportSize({ width: options.width ?? 720, height: options.height ?? 700 });
    const view = new OpenView(this.#page, this.peer, options);
    this.#view = view;
    const open = {
      src: this.#pages.addView(html),
      context: { theme: 'light', locale: 'en-US', timeZone: 'UTC', ...options.context },
      capabilities: options.capabilities ?? CAPABILITIES,
    };
    await this.#page.evaluate(`host.open(${JSON.stringify(open)})`);
    await view.host('sendInput', args);
    if (options.result === null) return view;
    await view.host('sendResult', options.result ?? (await this.peer.callTool(tool, args)));
    return view;
  }

  /** Collects the violations of the view, and answers its requests to the host. */
  async #watch(): Promise<void> {
    const page = this.#page;
    const addFault = (fault: string) => this.#view?.faults.push(fault);
    page.on('pageerror', (error) => addFault(`error: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') addFault(`console: ${message.text()}`);
    });
    page.on('dialog', (dialog) => {
      addFault(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      // The browser requests an icon from each origin by itself.
      const isIcon = new URL(request.url()).pathname === '/favicon.ico';
      if (request.resourceType() !== 'document' && !isIcon) addFault(`request: ${request.url()}`);
    });
    await page.addInitScript(
      "addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => console.error(`policy: ${violatedDirective} ${blockedURI}`))",
    );
    await page.exposeFunction('callTool', (name: string, args: Record<string, unknown>) =>
      this.#view!.answer(name, args),
    );
    await page.exposeFunction('receiveMessage', (params: object) => this.#view!.receive(params));
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.peer?.close();
    this.#pages.stop();
  }
}

/**
 * A host for all tests of a file, and the view that a test has opened. After each test the view must have no violation.
 */
export function useApp(tool: string) {
  let host: AppHost;
  let view: OpenView;
  beforeAll(async () => {
    host = await AppHost.start();
  });
  afterAll(() => host?.stop());
  afterEach(() => expect(view.faults).toEqual([]));
  return {
    get host() {
      return host;
    },
    get view() {
      return view;
    },
    async open(options: OpenOptions = {}, args = {}): Promise<void> {
      view = await host.open(tool, args, options);
    },
  };
}

/** A view in the page of the host. */
export class OpenView {
  /** Calls of the view, each as name and arguments. */
  readonly calls: [string, Record<string, unknown>][] = [];
  /** Messages for the chat. */
  readonly messages: object[] = [];
  /** Violations of the policy, errors of scripts, dialogs and requests. */
  readonly faults: string[] = [];
  readonly #peer: McpPeer;
  readonly #options: OpenOptions;

  constructor(
    readonly page: Page,
    peer: McpPeer,
    options: OpenOptions,
  ) {
    this.#peer = peer;
    this.#options = options;
  }

  get frame(): FrameLocator {
    return this.page.frameLocator('iframe');
  }

  async answer(name: string, args: Record<string, unknown>): Promise<object> {
    this.calls.push([name, args]);
    return (await this.#options.answer?.(name, args)) ?? (await this.#peer.callTool(name, args));
  }

  receive(params: object): boolean {
    this.messages.push(params);
    return this.#options.takesMessages ?? true;
  }

  /** Makes the host act. */
  host(method: string, ...args: unknown[]): Promise<unknown> {
    return this.page.evaluate(`host.${method}(...${JSON.stringify(args)})`);
  }

  /** Evaluates an expression in the page of the view. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const frame = this.page.frames().find((candidate) => candidate !== this.page.mainFrame());
    return (await frame!.evaluate(expression)) as Value;
  }
}
