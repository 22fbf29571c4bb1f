import type { Readable, Writable } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServer, type ServerParts } from '../server.ts';
import type { Caller } from '../tools/run.ts';
import { mendMessage } from './messages.ts';

/**
 * Serves one connection over stdin and stdout, in whichever protocol era its client speaks.
 * @param onEnd called when the host has closed stdin.
 */
export function startStdio(
  parts: ServerParts,
  caller: Caller,
  streams: { stdin: Readable; stdout: Writable },
  onEnd: () => void,
): { close(): Promise<void> } {
  streams.stdin.once('end', onEnd);
  return serveStdio(() => createServer(parts, caller), {
    transport: mending(new StdioServerTransport(streams.stdin, streams.stdout)),
    onerror: (error) => caller.log.warn({ err: error.message }, 'stdio transport'),
  });
}

/** Puts the mending of messages between the transport and whoever takes them. */
function mending(transport: StdioServerTransport): StdioServerTransport {
  let take: StdioServerTransport['onmessage'];
  Object.defineProperty(transport, 'onmessage', {
    get: () => take && ((message: JSONRPCMessage) => take?.(mendMessage(message) as JSONRPCMessage)),
    set(next: StdioServerTransport['onmessage']) {
      take = next;
    },
  });
  return transport;
}
