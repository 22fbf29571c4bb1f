import { PassThrough, type Readable, type Writable } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { tellThrough } from '../resources/subscriptions/subscribe.ts';
import { createServer, openSource, type ServerParts } from '../server.ts';
import type { Caller } from '../tools/context.ts';
import { watchLines } from './lines.ts';
import { ListenStreams } from './listen-stdio.ts';
import { isListen } from './listening.ts';
import { mendMessage } from './messages.ts';

/** Requests under way get so long to be answered after stdin has ended, as it does at once behind a pipe. */
const DRAIN_MS = 5_000;

/**
 * Serves one connection over stdin and stdout, in whichever protocol era its client speaks.
 * @param onEnd called when the host has closed stdin and what it had asked is answered.
 */
export function startStdio(
  parts: ServerParts,
  caller: Caller,
  streams: { stdin: Readable; stdout: Writable },
  onEnd: () => void,
): { close(): Promise<void> } {
  const stdin = new PassThrough();
  const transport = new StdioServerTransport(stdin, streams.stdout);
  const source = openSource(parts, caller);
  const listens = source === undefined ? undefined : new ListenStreams(parts.hub, source);
  const requests = watchRequests(transport, listens);
  const answerLine = watchLines((error) => {
    if (streams.stdout.writable) streams.stdout.write(`${JSON.stringify(error)}\n`);
    caller.log.warn({ err: error.error.message }, 'a line of stdin was no message');
  });
  streams.stdin.on('data', answerLine);
  streams.stdin.pipe(stdin, { end: false });
  streams.stdin.once('end', async () => {
    // The last lines have yet to pass through.
    await setImmediate();
    await Promise.race([requests.answered(), setTimeout(DRAIN_MS, undefined, { ref: false })]);
    stdin.end();
    onEnd();
  });
  const serve = ({ era }: { era: 'legacy' | 'modern' }) => {
    if (era === 'legacy') return createServer(parts, caller, 'subscribe');
    const server = createServer(parts, caller, 'listen');
    listens?.tellBy(tellThrough(server));
    server.onclose = () => listens?.close();
    return server;
  };
  const served = serveStdio(serve, {
    transport,
    onerror: (error) => caller.log.warn({ err: error.message }, 'stdio transport'),
  });
  return {
    async close() {
      await served.close();
      // A host that keeps it open would keep the process alive.
      streams.stdin.destroy();
    },
  };
}

type Message = JSONRPCMessage & { id?: unknown; method?: string; params?: { requestId?: unknown } };

/** Mends each message before the SDK takes it, and keeps count of the requests that are under way. */
function watchRequests(transport: StdioServerTransport, listens: ListenStreams | undefined) {
  const pending = new Set<unknown>();
  let onAnswered = () => {};
  const settle = (id: unknown) => {
    pending.delete(id);
    if (pending.size === 0) onAnswered();
  };

  let take: StdioServerTransport['onmessage'];
  const receive = (message: Message) => {
    // A stream of changes has no answer to wait for.
    if (message.method !== undefined && message.id !== undefined && !isListen(message)) pending.add(message.id);
    // A cancelled request is never answered.
    if (message.method === 'notifications/cancelled') settle(message.params?.requestId);
    take?.(mendMessage(listens?.receive(message) ?? message) as JSONRPCMessage);
  };
  Object.defineProperty(transport, 'onmessage', {
    get: () => take && receive,
    set(next: StdioServerTransport['onmessage']) {
      take = next;
    },
  });
  const send = transport.send.bind(transport);
  transport.send = async (message: Message) => {
    await send(message);
    listens?.sent(message);
    if (message.method === undefined) settle(message.id);
  };

  return {
    answered: () =>
      new Promise<void>((resolve) => {
        onAnswered = resolve;
        if (pending.size === 0) resolve();
      }),
  };
}
