// Sandboxes in their own process, so that neither event loop delays the other.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../src/sandbox/index.ts';

/** Messages to this process, and its answers. */
export type Asked = { id: number } & (
  | { do: 'start'; options: SandboxOptions }
  /** Stops the sandbox at `url` and returns its requests. */
  | { do: 'stop'; url: string }
);
export type Answered = { id: number } & ({ url: string } | { seen: Seen[]; stallMs: number });

/** A request that a sandbox received. `at` is in ms since the epoch. */
export interface Seen {
  at: number;
  status: number;
  userAgent: string;
}

const running = new Map<string, Sandbox>();
const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

async function answer(asked: Asked): Promise<Answered> {
  if (asked.do === 'start') {
    const sandbox = await startSandbox(asked.options);
    running.set(sandbox.url, sandbox);
    return { id: asked.id, url: sandbox.url };
  }
  const sandbox = running.get(asked.url);
  await sandbox?.close();
  const seen = (sandbox?.requests ?? []).map(({ at, status, headers }) => ({
    at,
    status,
    userAgent: String(headers['user-agent']),
  }));
  return { id: asked.id, seen, stallMs: delay.max / 1e6 };
}

process.on('message', async (asked: Asked) => process.send?.(await answer(asked)));
process.once('disconnect', () => process.exit());
