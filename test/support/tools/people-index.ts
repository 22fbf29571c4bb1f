import { setMaxListeners } from 'node:events';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { ChangeEvents } from '../../../src/mcp/services/change-events.ts';
import type { JobCall } from '../../../src/mcp/services/job-host.ts';
import type { ToolContext } from '../../../src/mcp/tool.ts';
import { TEST_KEY } from '../runs/keys.ts';
import { files } from './caller-files.ts';
import { hiddenJobs } from './jobs.ts';
import { openSafety } from './safety.ts';

export interface IndexCaller {
  context: ToolContext;
  changes: ChangeEvents;
}

/** The context of a tool call with one key. Callers with the same `changes` are in the same program. */
export function callerOn(
  url: string,
  { key = TEST_KEY, changes = new ChangeEvents(), signal = new AbortController().signal, deadlineMs = 55_000 } = {},
): IndexCaller {
  const client = new HeyReachConnection({ origin: url, requestsPerMinute: 100_000 }).clientFor(key);
  setMaxListeners(0, signal);
  const context: ToolContext = {
    client,
    call: { signal, deadline: Date.now() + deadlineMs },
    source: 'live',
    full: false,
    progress: async () => {},
    wait: async () => {},
    memoizedRead: (_name, read) => read(),
    sends: openSafety().sendsOf(client.fingerprint),
    changes,
    jobs: hiddenJobs.ofCall({ owner: client.fingerprint } as JobCall),
    files: files.ofOwner(client.fingerprint),
    isConfirmed: false,
  };
  return { context, changes };
}
