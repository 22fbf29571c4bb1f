import { jobRunsInMemory } from '../../../../src/state/memory/single-process-state.ts';
import { jobFiles } from '../../../../src/workflows/jobs/job-files.ts';
import { Jobs } from '../../../../src/workflows/jobs/jobs.ts';
import { ADA, callContext, chunkWork, jobsOf } from '../../../support/tools/job-calls.ts';

// Writes 19 chunks to the given URL, as a job in the given folder. A third argument names a job to resume.
const [folder = '', url = '', resumeJob] = process.argv.slice(2);

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const log = { debug() {}, info() {}, warn() {}, error() {} };
const identity = { pid: process.pid, isRunning };
const jobs = new Jobs({ store: jobFiles(folder), identity, runs: jobRunsInMemory(), log, isOffered: true });
process.once('SIGTERM', () => void jobs.stop('all'));

const work = chunkWork([], {
  chunks: 19,
  resumeJob,
  async send(chunk, _context, mayBeDone) {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ chunk, mayBeDone }) });
    return { added: Number(await response.text()) };
  },
});
const { data } = await jobsOf(jobs, ADA).runChunks(work, callContext());
process.stdout.write(JSON.stringify(data));
