import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { root } from '../../support/documents/documents.ts';

/** The policy that the specification requires for a view without declared domains. */
const CSP = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "media-src 'self' data:",
  "object-src 'none'",
  "connect-src 'none'",
  "frame-src 'none'",
  "base-uri 'self'",
].join('; ');

/** Serves the page of the host and, on another origin and with that policy, the pages of views. */
export class PageServer {
  readonly #servers: Server[] = [];
  readonly #views = new Map<string, string>();
  hostUrl = '';
  #viewUrl = '';

  async start(): Promise<void> {
    const { outputFiles } = await build({
      entryPoints: [`${root}test/slow/apps/page/host-page.ts`],
      bundle: true,
      write: false,
      format: 'iife',
      logLevel: 'warning',
    });
    const script = outputFiles[0]!.text.replaceAll('</script', '<\\/script');
    const style = 'body { margin: 0 } iframe { display: block; width: 100%; border: 0 }';
    const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>host</title><style>${style}</style></head><body><script>${script}</script></body></html>`;
    this.hostUrl = await this.#listen(() => page);
    this.#viewUrl = await this.#listen((path) => this.#views.get(path), { 'content-security-policy': CSP });
  }

  /** @returns the address of a view with this text. */
  addView(html: string): string {
    const path = `/${this.#views.size}`;
    this.#views.set(path, html);
    return `${this.#viewUrl}${path}`;
  }

  async #listen(textOf: (path: string) => string | undefined, headers: Record<string, string> = {}): Promise<string> {
    const server = createServer(({ url = '' }, response) => {
      const text = textOf(url);
      response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8', ...headers });
      response.end(text ?? '');
    });
    this.#servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
  }
}
