import { appendFileSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JobFailure } from '../../../../src/mcp/services/job.ts';
import { getJob } from '../../../../src/tools/workflows/get-job.ts';
import { findStateFolderProblem, jobFiles } from '../../../../src/workflows/jobs/job-files.ts';
import { type JobStore, jobsInMemory } from '../../../../src/workflows/jobs/job-store.ts';
import { ADA, callContext, GRACE, jobsOf, startedEvent } from '../../../support/tools/job-calls.ts';
import { startJobs } from '../../../support/tools/jobs.ts';

const FIRST = '0123456789ab';
const SECOND = 'ba9876543210';
const at = () => new Date().toISOString();
const sending = (chunk: number) => ({ type: 'sending', at: at(), chunk }) as const;

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'heyreach-jobs-'));
  folder = join(parent, 'state');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe.each<[string, () => JobStore]>([
  ['memory', jobsInMemory],
  ['files', () => jobFiles(folder)],
])('jobs in %s', (_, open) => {
  test('keep the lines of a job in order, separately for each owner', async () => {
    const store = open();
    const events = [startedEvent(), sending(0), sending(1)];
    await store.append(ADA, FIRST, events[0]!);
    await Promise.all(events.slice(1).map((event) => store.append(ADA, FIRST, event)));
    await store.append(GRACE, SECOND, startedEvent());
    expect(await store.read(ADA, FIRST)).toEqual(events);
    expect(await store.ids(ADA)).toEqual([FIRST]);
    expect(await store.read(GRACE, FIRST)).toEqual([]);
    expect(await store.ids(GRACE)).toEqual([SECOND]);
    await store.remove(GRACE, FIRST);
    expect(await store.read(ADA, FIRST)).toHaveLength(3);
    await store.remove(ADA, FIRST);
    expect(await store.ids(ADA)).toEqual([]);
    expect(await store.read(ADA, FIRST)).toEqual([]);
  });

  test('let one job claim a target of an owner until it releases the target', async () => {
    const store = open();
    expect(await store.claim(ADA, 'list 1', FIRST)).toBe(FIRST);
    expect(await store.claim(ADA, 'list 1', FIRST)).toBe(FIRST);
    expect(await store.claim(ADA, 'list 1', SECOND)).toBe(FIRST);
    expect(await store.claim(ADA, 'list 2', SECOND)).toBe(SECOND);
    expect(await store.claim(GRACE, 'list 1', SECOND)).toBe(SECOND);
    await store.release(ADA, 'list 1', SECOND);
    expect(await store.claim(ADA, 'list 1', SECOND)).toBe(FIRST);
    await store.release(ADA, 'list 1', FIRST);
    expect(await store.claim(ADA, 'list 1', SECOND)).toBe(SECOND);
  });

  test('forget jobs without a line since a given moment', async () => {
    const store = open();
    const old = new Date(Date.now() - 90_000_000);
    await store.append(ADA, FIRST, startedEvent(old.toISOString()));
    await store.append(ADA, SECOND, startedEvent());
    const path = join(folder, 'jobs', ADA, `${FIRST}.jsonl`);
    if (store.isDurable) utimesSync(path, old, old);
    await store.sweep(Date.now() - 86_400_000);
    expect(await store.ids(ADA)).toEqual([SECOND]);
  });

  test('keep a claim in a sweep as long as its job', async () => {
    const store = open();
    const old = new Date(Date.now() - 90_000_000);
    await store.append(ADA, FIRST, startedEvent(old.toISOString()));
    await store.append(ADA, SECOND, startedEvent());
    await store.claim(ADA, 'list 1', FIRST);
    await store.claim(ADA, 'list 2', SECOND);
    if (store.isDurable) {
      const path = join(folder, 'jobs', ADA);
      const isOfSecond = (name: string) => name === `${SECOND}.jsonl`;
      for (const name of readdirSync(path)) if (!isOfSecond(name)) utimesSync(join(path, name), old, old);
    }
    await store.sweep(Date.now() - 86_400_000);
    expect(await store.claim(ADA, 'list 1', SECOND)).toBe(SECOND);
    expect(await store.claim(ADA, 'list 2', FIRST)).toBe(SECOND);
  });

  test('find nothing under an invalid id', async () => {
    expect(await open().read(ADA, '../../etc/passwd')).toEqual([]);
    expect(await open().ids(ADA)).toEqual([]);
  });

  test.each([{ retryAfterSeconds: 17 }, {}])('show in get_job why a job failed, with %j', async (seconds) => {
    const store = open();
    const failure: JobFailure = {
      ...{ kind: 'rate_limited', status: 429, message: 'slow down', meaning: 'Nothing was done.' },
      nextStep: 'Try again in 17 s.',
      outcome: 'refused',
      ...seconds,
    };
    const ended = { type: 'ended', at: at(), run: 'first', state: 'failed', done: 1, requests: 1, failure } as const;
    await store.append(ADA, FIRST, startedEvent());
    await store.append(ADA, FIRST, ended);
    const context = callContext({ jobs: jobsOf(startJobs(store), ADA) });
    const { data } = await getJob.run({ jobId: FIRST, waitSeconds: 0 }, context);
    expect(data.failure).toEqual(failure);
  });
});

test('jobs in memory are limited to 1,000, and the ended jobs go first, oldest first', async () => {
  const store = jobsInMemory();
  const ended = { type: 'ended', at: at(), run: 'first', state: 'done', done: 1, requests: 1 } as const;
  await store.append(ADA, FIRST, startedEvent());
  for (let index = 0; index < 1_000; index += 1) {
    await store.append(GRACE, `id ${index}`, startedEvent());
    await store.append(GRACE, `id ${index}`, ended);
  }
  expect(await store.ids(GRACE)).toHaveLength(999);
  expect(await store.read(GRACE, 'id 0')).toEqual([]);
  expect(await store.read(ADA, FIRST)).toHaveLength(1);
});

describe('files of jobs', () => {
  test('belong to this user only, and another process can read them', async () => {
    const store = jobFiles(folder);
    await store.append(ADA, FIRST, startedEvent());
    expect(statSync(join(folder, 'jobs')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'jobs', ADA)).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'jobs', ADA, `${FIRST}.jsonl`)).mode & 0o777).toBe(0o600);
    expect(await jobFiles(folder).read(ADA, FIRST)).toHaveLength(1);
  });

  test('skip an unfinished line of a killed process, and keep the next line whole', async () => {
    const store = jobFiles(folder);
    await store.append(ADA, FIRST, startedEvent());
    const path = join(folder, 'jobs', ADA, `${FIRST}.jsonl`);
    appendFileSync(path, '{"type":"sending","at":"2026-0');
    await store.append(ADA, FIRST, sending(4));
    expect((await store.read(ADA, FIRST)).map(({ type }) => type)).toEqual(['started', 'sending']);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
  });

  test('remove an incomplete claim of a killed process once its job is gone', async () => {
    const store = jobFiles(folder);
    await store.append(ADA, FIRST, startedEvent());
    const old = new Date(Date.now() - 90_000_000);
    for (const id of [FIRST, SECOND]) {
      const path = join(folder, 'jobs', ADA, `${'x'.repeat(24)}.target.${id}`);
      await writeFile(path, id);
      utimesSync(path, old, old);
    }
    await store.sweep(Date.now() - 86_400_000);
    expect(readdirSync(join(folder, 'jobs', ADA)).sort()).toEqual([
      `${FIRST}.jsonl`,
      `${'x'.repeat(24)}.target.${FIRST}`,
    ]);
  });

  test('are not kept in a folder that others can read, or under an invalid id', async () => {
    await mkdir(join(folder, 'jobs'), { recursive: true });
    await chmod(join(folder, 'jobs'), 0o755);
    await expect(jobFiles(folder).append(ADA, FIRST, startedEvent())).rejects.toThrow('is not a private folder');
    await expect(jobFiles(folder).append(ADA, '../x', startedEvent())).rejects.toThrow('cannot be the name of a file');
    expect(readdirSync(join(folder, 'jobs'))).toEqual([]);
  });
});

describe('a folder for jobs', () => {
  test('may be missing, and the check does not create it', async () => {
    expect(await findStateFolderProblem(folder)).toBeUndefined();
    expect(readdirSync(parent)).toEqual([]);
    await mkdir(folder);
    expect(await findStateFolderProblem(folder)).toBeUndefined();
  });

  test('must not contain a folder jobs that others can read', async () => {
    await jobFiles(folder).append(ADA, FIRST, startedEvent());
    expect(await findStateFolderProblem(folder)).toBeUndefined();
    await chmod(join(folder, 'jobs'), 0o755);
    expect(await findStateFolderProblem(folder)).toBe('has a folder jobs that others can read');
    await rm(join(folder, 'jobs'), { recursive: true });
    await mkdir(join(folder, 'files'), { mode: 0o755 });
    expect(await findStateFolderProblem(folder)).toBe('has a folder files that others can read');
  });

  test('must be a folder, and its parent must exist', async () => {
    await writeFile(join(parent, 'file'), '');
    expect(await findStateFolderProblem(join(parent, 'file'))).toBe('is not a folder');
    expect(await findStateFolderProblem(join(parent, 'file', 'below'))).toBe('cannot be read (ENOTDIR)');
    expect(await findStateFolderProblem(join(parent, 'a', 'b'))).toBe(
      'cannot be created (ENOENT for its parent folder)',
    );
  });
});
