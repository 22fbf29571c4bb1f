import { readFileSync } from 'node:fs';
import type { ListToolsResult, ReadResourceResult } from '@modelcontextprotocol/server';

/** The MIME type that hosts of MCP Apps render. */
export const APP_MIME_TYPE = 'text/html;profile=mcp-app';

/** A view of a tool's results. */
interface App {
  uri: string;
  /** The tool whose results it shows. */
  tool: string;
  /** The built HTML file. */
  file: string;
  /** The tools that the view calls through the host, its own included. It omits the actions of hidden tools. */
  calls: readonly string[];
}

export const APPS: readonly App[] = [
  {
    uri: 'ui://heyreach/inbox.html',
    tool: 'list_unanswered',
    file: 'view-inbox.html',
    calls: ['list_unanswered', 'get_conversation', 'set_conversation_seen', 'suppress_leads', 'get_job'],
  },
  {
    uri: 'ui://heyreach/performance.html',
    tool: 'get_performance',
    file: 'view-performance.html',
    calls: ['get_performance', 'get_overall_stats', 'get_job'],
  },
];

/** The folder of the built views, next to the program. Where the sources run, the last build has them. */
declare const VIEWS_FOLDER: string | undefined;

function readView(file: string): string {
  const folder = typeof VIEWS_FOLDER === 'undefined' ? '../../dist/' : VIEWS_FOLDER;
  return readFileSync(new URL(`${folder}${file}`, import.meta.url), 'utf8');
}

type Definitions = ListToolsResult['tools'];

/** The views whose tools are enabled. */
export class AppRegistry {
  readonly #hasTool: (name: string) => boolean;
  readonly #apps: readonly App[];
  readonly #texts = new Map<string, string>();
  #linked: { from: Definitions; to: Definitions } | undefined;

  /** @param isOn false hides all views. */
  constructor(hasTool: (name: string) => boolean, isOn = true) {
    this.#hasTool = hasTool;
    this.#apps = isOn ? APPS.filter(({ tool }) => hasTool(tool)) : [];
  }

  get isEmpty(): boolean {
    return this.#apps.length === 0;
  }

  /** The definitions of tools, with the URI of the view in those that have one. */
  link(definitions: Definitions): Definitions {
    if (this.#linked?.from !== definitions) {
      const to = definitions.map((tool) => {
        const app = this.#apps.find((candidate) => candidate.tool === tool.name);
        return app === undefined ? tool : { ...tool, _meta: { ui: { resourceUri: app.uri } } };
      });
      this.#linked = { from: definitions, to };
    }
    return this.#linked.to;
  }

  /** The page of a view, for `resources/read`. undefined for any other URI. */
  read(uri: string): ReadResourceResult | undefined {
    const app = this.#apps.find((candidate) => candidate.uri === uri);
    if (app === undefined) return undefined;
    const text = this.#texts.get(uri) ?? this.#render(app);
    this.#texts.set(uri, text);
    // Without `csp` the host lets the page load nothing.
    return { contents: [{ uri, mimeType: APP_MIME_TYPE, text, _meta: { ui: { prefersBorder: true } } }] };
  }

  #render({ file, calls }: App): string {
    return readView(file).replace('data-tools=""', `data-tools="${calls.filter(this.#hasTool).join(' ')}"`);
  }
}
