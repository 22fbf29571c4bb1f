import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { HeyReachConnection, HeyReachError } from '../../../src/client/index.ts';
import type { RequestContext } from '../../../src/mcp/request-context.ts';
import { runTool } from '../../../src/mcp/run-tool.ts';
import { ChangeEvents } from '../../../src/mcp/services/change-events.ts';
import { defineTool, type ToolResult } from '../../../src/mcp/tool.ts';
import type { AuditEnding } from '../../../src/safety/audit-log.ts';
import { describeJob, jobOutputs } from '../../../src/workflows/jobs/job-answer.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { files } from '../../support/tools/caller-files.ts';
import { chunkWork, gate } from '../../support/tools/job-calls.ts';
import { startJobs } from '../../support/tools/jobs.ts';
import { openSafety } from '../../support/tools/safety.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A tool whose second chunk waits for the test, and a caller with an audit log that the test can read. */
function setUp() {
  const second = gate();
  const drafts: number[] = [];
  const tool = defineTool({
    name: 'import_rows',
    title: 'Import rows',
    description: 'Imports rows.',
    toolset: 'workflows',
    risk: 'outreach',
    retry: 'never',
    confirmation: 'never',
    input: () => ({}),
    output: () => z.looseObject({ added: z.number(), ...jobOutputs() }),
    lockKey: () => 'list 1',
    draftCheck: async (_input, { call }) => void drafts.push(call.deadline ?? Number.POSITIVE_INFINITY),
    run: (_input, context) =>
      context.jobs.runChunks(
        chunkWork([], {
          chunks: 3,
          async send(chunk, { call }) {
            await call.beforeWrite?.();
            if (chunk === 1) await second.passed;
            return { added: 1 };
          },
        }),
        context,
      ),
  });
  const endings: AuditEnding[] = [];
  const audit = { open: async () => {}, begin: async () => async (ending: AuditEnding) => void endings.push(ending) };
  const changes = new ChangeEvents();
  const changed = vi.fn();
  changes.listen(changed);
  const client = new HeyReachConnection({ origin: 'http://127.0.0.1:9' }).clientFor(TEST_KEY);
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const jobs = startJobs();
  const caller: RequestContext = {
    ...{ client, organization: undefined, source: 'live', log, jobs, files, changes, toolMs: 54_000 },
    safety: { ...openSafety(), audit: audit as never },
  };
  const call = () => {
    const request = { arguments: {}, signal: new AbortController().signal, mode: 'draft' as const };
    return runTool(tool, { ...request, elicitation: { channel: 'token' } }, caller) as Promise<ToolResult>;
  };
  return { call, second, drafts, endings, changed };
}

test('a write that continues as a job keeps its lock and its audit entry until it ends', async () => {
  const { call, second, endings, changed, drafts } = setUp();
  const result = call();
  await vi.advanceTimersByTimeAsync(45_000);
  expect((await result).structuredContent).toMatchObject({ job: { state: 'running', done: 1, total: 3 } });
  expect(endings).toEqual([]);
  expect((await call()).structuredContent).toMatchObject({ error: { kind: 'busy', outcome: 'not_sent' } });
  const tellings = changed.mock.calls.length;
  second.open();
  await vi.advanceTimersByTimeAsync(0);
  expect(endings).toMatchObject([{ outcome: 'done' }]);
  expect(changed.mock.calls.length).toBe(tellings + 1);
  // The deadline of the call has passed, so the check before the third chunk reads without it.
  expect(drafts.at(-1)).toBe(Number.POSITIVE_INFINITY);
  expect((await call()).structuredContent).toMatchObject({ added: 3 });
});

test('the audit entry of a job says that a chunk may have been executed', async () => {
  const { call, second, endings } = setUp();
  const result = call();
  await vi.advanceTimersByTimeAsync(45_000);
  await result;
  const details = { kind: 'timeout', message: 'no response', meaning: '', nextStep: '' } as const;
  second.fail(new HeyReachError({ ...details, outcome: 'unknown' }));
  await vi.advanceTimersByTimeAsync(0);
  expect(endings).toMatchObject([{ outcome: 'unknown', error: 'no response' }]);
});

test('the result of a job has the next step for its state', () => {
  const job = { id: 'a', kind: 'import_leads', startedAt: '', done: 1, requests: 1, target: 'list 1' };
  const stepAt = (state: 'running' | 'done' | 'failed' | 'interrupted') => describeJob({ ...job, state });
  expect(stepAt('done')).not.toHaveProperty('nextStep');
  expect(stepAt('running')).toMatchObject({ nextStep: 'get_job jobId=a' });
  const resume =
    'Call import_leads with the same arguments and resumeJob=a: chunks with an outcome are not sent again.';
  expect(stepAt('interrupted')).toMatchObject({ nextStep: resume });
  expect(stepAt('failed')).toMatchObject({ nextStep: `Call again. ${resume}` });
  const { target: _, ...read } = job;
  expect(describeJob({ ...read, state: 'running', etaSeconds: 30 })).toMatchObject({
    nextStep: 'get_job jobId=a (about 30 s)',
  });
});
