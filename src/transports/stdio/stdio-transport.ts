import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { RequestContext } from '../../mcp/request-context.ts';
import { notifyThrough } from '../../resources/subscriptions/subscribe-handlers.ts';
import { isListen } from '../listen-request.ts';
import type { ServerFactory } from '../server-factory.ts';
import { ListenStreams } from './listen-streams.ts';
import { readMessages } from './read-messages.ts';

/** How long requests in flight may take after the end of stdin. Behind a pipe, stdin ends at once. */
const SHUTDOWN_MS = 5_000;

/**
 * Serves one connection over stdin and stdout, in either protocol era.
 * @param onEnd called when the client has closed stdin and its requests have ended.
 */
export function startStdio(
  servers: ServerFactory,
  requestContext: RequestContext,
  streams: { stdin: Readable; stdout: Writable },
  onEnd: () => void,
): { close(): Promise<void> } {
  const { log } = requestContext;
  const source = servers.openSource(requestContext);
  const listens = source === undefined ? undefined : new ListenStreams(servers.hub, source);
  // The SDK only writes. Its reader gets a stream without data.
  const transport = new TrackingTransport(new StdioServerTransport(new PassThrough(), streams.stdout), listens);
  const serve = ({ era }: { era: 'legacy' | 'modern' }) => {
    if (era === 'legacy') return servers.createServer(requestContext, 'subscribe');
    const server = servers.createServer(requestContext, 'listen');
    listens?.notifyThrough(notifyThrough(server));
    server.onclose = () => listens?.close();
    return server;
  };
  const connection = serveStdio(serve, {
    transport,
    onerror: (error) => log.warn({ err: error.message }, 'stdio transport error'),
  });
  const read = readMessages({
    receive: (message) => transport.receive(message as Message),
    respond(response) {
      if (streams.stdout.writable) streams.stdout.write(`${JSON.stringify(response)}\n`);
      log.warn({ err: response.error.message }, 'a line of stdin is not a JSON-RPC message');
    },
  });
  streams.stdin.on('data', read);
  streams.stdin.once('end', async () => {
    // The SDK takes up the last messages in a later turn.
    await setImmediate();
    await Promise.race([transport.idle(), setTimeout(SHUTDOWN_MS, undefined, { ref: false })]);
    await transport.close();
    onEnd();
  });
  return {
    async close() {
      await connection.close();
      // An open stdin would keep the process alive.
      streams.stdin.destroy();
    },
  };
}

type Message = JSONRPCMessage & { id?: unknown; method?: string; params?: { requestId?: unknown } };

/** Passes messages to the SDK, and tracks the requests in flight. */
class TrackingTransport implements Transport {
  onmessage: Transport['onmessage'];
  onclose: Transport['onclose'];
  onerror: Transport['onerror'];
  readonly #inner: Transport;
  readonly #listens: ListenStreams | undefined;
  readonly #inFlight = new Set<unknown>();
  #onIdle = () => {};

  constructor(inner: Transport, listens: ListenStreams | undefined) {
    this.#inner = inner;
    this.#listens = listens;
    inner.onclose = () => this.onclose?.();
    inner.onerror = (error) => this.onerror?.(error);
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  async send(message: Message): Promise<void> {
    await this.#inner.send(message);
    this.#listens?.sent(message);
    if (message.method === undefined) this.#settle(message.id);
  }

  /** Resolves when no request is in flight. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#onIdle = resolve;
      if (this.#inFlight.size === 0) resolve();
    });
  }

  receive(message: Message): void {
    // The response to `subscriptions/listen` comes only at the end of its stream.
    if (message.method !== undefined && message.id !== undefined && !isListen(message)) this.#inFlight.add(message.id);
    // A cancelled request gets no response.
    if (message.method === 'notifications/cancelled') this.#settle(message.params?.requestId);
    this.onmessage?.(this.#listens?.receive(message) ?? message);
  }

  #settle(id: unknown): void {
    this.#inFlight.delete(id);
    if (this.#inFlight.size === 0) this.#onIdle();
  }
}
