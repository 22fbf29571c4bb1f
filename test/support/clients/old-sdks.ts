import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** Releases of the 2025 SDK that hosts still use. Their newest protocols are 2025-03-26 and 2025-06-18. */
export const OLD_CLIENTS = ['v1.12', 'v1.23'] as const;
export type OldClientKind = (typeof OLD_CLIENTS)[number];

/** The parts of a 2025 SDK that a client needs, with the types of its last release. */
export interface Sdk {
  Client: typeof Client;
  Stdio: typeof StdioClientTransport;
  Http: typeof StreamableHTTPClientTransport;
}

/** Loads an old release on demand, because most test files do not need it. */
export async function loadOldSdk(kind: OldClientKind): Promise<Sdk> {
  const [client, stdio, http] = await (kind === 'v1.12'
    ? Promise.all([
        import('sdk-1.12/client/index.js'),
        import('sdk-1.12/client/stdio.js'),
        import('sdk-1.12/client/streamableHttp.js'),
      ])
    : Promise.all([
        import('sdk-1.23/client/index.js'),
        import('sdk-1.23/client/stdio.js'),
        import('sdk-1.23/client/streamableHttp.js'),
      ]));
  const sdk = { Client: client.Client, Stdio: stdio.StdioClientTransport, Http: http.StreamableHTTPClientTransport };
  // They differ from the last release in parts that tests do not use.
  return sdk as unknown as Sdk;
}
