import type { HeyReachClient } from '../../../src/client/index.ts';
import { ChangeEvents } from '../../../src/mcp/services/change-events.ts';
import type { JobCall } from '../../../src/mcp/services/job-host.ts';
import type { CallerJobs, ChunkWork, ToolContext } from '../../../src/mcp/tool.ts';
import { sendsIn } from '../../../src/safety/send-guard.ts';
import { sendsInMemory } from '../../../src/state/memory/sends.ts';
import type { JobEvent } from '../../../src/workflows/jobs/job-events.ts';
import type { Jobs } from '../../../src/workflows/jobs/jobs.ts';
import { files } from './caller-files.ts';
import { hiddenJobs } from './jobs.ts';

export const ADA = 'a'.repeat(16);
export const GRACE = 'b'.repeat(16);

/** The jobs of a key, as a tool call gets them. Results are kept unchanged. */
export function jobsOf(jobs: Jobs, owner = ADA, kind = 'import_leads', outlived: AbortSignal[] = []): CallerJobs {
  const call: JobCall = {
    owner,
    kind,
    resultOf: ({ data }) => ({ structured: data, untrustedFields: ['rows[][]'] }),
    failureOf: (error) => ({
      kind: 'server_error',
      message: (error as Error).message,
      meaning: 'It failed.',
      nextStep: 'Call again.',
      outcome: 'unknown',
    }),
    outlive: (signal) => outlived.push(signal),
  };
  return jobs.ofCall(call);
}

/** The context of a call that has 54 s, as usual. */
export function callContext(further: Partial<ToolContext> = {}): ToolContext {
  return {
    client: {} as HeyReachClient,
    call: { deadline: Date.now() + 54_000 },
    source: 'sandbox',
    full: false,
    progress: async () => {},
    wait: async () => {},
    memoizedRead: (_name, read) => read(),
    sends: sendsIn(sendsInMemory(), { perKey: 1, perSender: 1 })(ADA),
    jobs: hiddenJobs.ofCall({ owner: ADA } as JobCall),
    files: files.ofOwner(ADA),
    changes: new ChangeEvents(),
    isConfirmed: false,
    ...further,
  };
}

/** Work whose chunks are answered at once, and that records what it sends. */
export function chunkWork(sent: string[], further: Partial<ChunkWork> = {}): ChunkWork {
  return {
    target: 'list 930001',
    plan: 'rows',
    chunks: 4,
    send: async (chunk, _context, mayBeDone) => {
      sent.push(`${chunk}${mayBeDone ? ' again' : ''}`);
      return { added: 100 };
    },
    report: (results) => ({
      data: {
        added: results.reduce((sum, { result }) => sum + Number(result.added), 0),
        recounted: results.filter(({ recounted }) => recounted).map(({ chunk }) => chunk),
      },
    }),
    ...further,
  };
}

/** A promise that the test settles. */
export function gate<Value = void>() {
  let open!: (value: Value) => void;
  let fail!: (error: unknown) => void;
  const passed = new Promise<Value>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { passed, open, fail };
}

export const startedEvent = (at = new Date().toISOString(), further = {}): JobEvent => ({
  type: 'started',
  at,
  run: 'first',
  pid: 1,
  boot: 'earlier',
  kind: 'import_leads',
  ...further,
});
