import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createServer, type ServerParts } from '../server.ts';
import type { Caller } from '../tools/run.ts';

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
    transport: new StdioServerTransport(streams.stdin, streams.stdout),
    onerror: (error) => caller.log.warn({ err: error.message }, 'stdio transport'),
  });
}
