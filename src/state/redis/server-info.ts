import type { StoreUnavailableError } from '../errors.ts';

/** What `INFO` says about the server. */
export interface ServerInfo {
  /** Changes when the server restarts or another one takes over. undefined where the user may not ask. */
  runId: string | undefined;
  /** Connected replicas of the server. 0 where the user may not ask. */
  replicas: number;
}

const NO_INFO =
  'The Redis user may not run INFO. So this replica does not notice a failover, does not wait until a replica of Redis has ' +
  'a send, and does not check the maxmemory-policy. Add +info to its ACL.';
const NO_POLICY =
  'INFO of Redis does not name its maxmemory-policy. With a policy other than noeviction Redis may drop what replicas share. ' +
  'Check that it is noeviction.';

/**
 * Reads what the server is, and what its operator should change.
 * @param command runs a command, and rejects with a `StoreUnavailableError`.
 */
export async function readServer(
  command: (word: string) => Promise<unknown>,
): Promise<{ server: ServerInfo; warning: string | undefined }> {
  const info = await command('INFO').catch((error: StoreUnavailableError) => {
    if (error.failure !== 'refused') throw error;
    return undefined;
  });
  const read = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(String(info))?.[1];
  const server = { runId: read('run_id'), replicas: Number(read('connected_slaves') ?? 0) };
  const policy = read('maxmemory_policy');
  if (info === undefined) return { server, warning: NO_INFO };
  if (policy === undefined) return { server, warning: NO_POLICY };
  if (policy === 'noeviction') return { server, warning: undefined };
  const warning = `Redis has maxmemory-policy ${policy}. It may drop what replicas share. Set it to noeviction.`;
  return { server, warning };
}
