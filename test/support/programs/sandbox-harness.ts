import { afterAll, beforeAll } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index.ts';
import { type ClientKind, connectStdio, type McpPeer } from '../clients/clients.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../runs/keys.ts';
import { connectInProcess } from './in-process.ts';

export interface Sandboxed {
  sandbox: Sandbox;
  peer: McpPeer;
}

/**
 * For the tests of one file: the program over stdio on a sandbox whose state the test can read.
 * @param client of the program as `startProgram` starts it. `in-process` and `built` are the same program in every run.
 * @param args further flags. By default the program asks for no confirmation.
 * @param further variables of the program's environment.
 */
export function useSandbox(
  options: SandboxOptions = {},
  client: ClientKind | 'in-process' | 'built' = 'v1',
  args: string[] = [],
  further: Record<string, string> = {},
): Sandboxed {
  let sandbox: Sandbox;
  let peer: McpPeer;
  beforeAll(async () => {
    sandbox = await startSandbox(options);
    const env = {
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY,
      HEYREACH_BASE_URL: sandbox.url,
      ...further,
    };
    const flags = ['--toolsets', 'default,legacy', '--confirm', 'off', ...args];
    if (client === 'in-process') peer = await connectInProcess(flags, env);
    else if (client === 'built') peer = await connectStdio('v1', { args: flags, env, built: true });
    else peer = await connectStdio(client, { args: flags, env });
  });
  afterAll(async () => {
    await peer?.close();
    await sandbox?.close();
  });
  return {
    get sandbox() {
      return sandbox;
    },
    get peer() {
      return peer;
    },
  };
}
