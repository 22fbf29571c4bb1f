import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from './judge.ts';

/** The suite does not start on Node 20. */
const PACKAGES = ['node@22.23.3', '@modelcontextprotocol/conformance@0.2.0-alpha.12'];
const MOST_MS = 240_000;

/** Runs one set of requirements against a server. @throws Error if the suite itself does not finish. */
export async function runSuite(url: string, revision: string): Promise<Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
  try {
    const printed = await runNpx(['conformance', 'server', '--url', url, '--requirements', revision, '-o', folder]);
    return await readOutcomes(folder, printed);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The output of the suite. Its exit code says less than the results of its checks. */
function runNpx(command: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const packages = PACKAGES.flatMap((name) => ['-p', name]);
    const child = spawn('npx', ['--yes', ...packages, '--', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: MOST_MS,
    });
    let printed = '';
    let errors = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (printed.includes('=== SUMMARY ===')) resolve(printed);
      else reject(new Error(`the suite ended with ${code ?? signal} before its summary:\n${printed}${errors}`));
    });
  });
}

/** Each scenario has its own folder, `server-NAME-TIME`. Only the summary says which scenarios are scored. */
async function readOutcomes(folder: string, printed: string): Promise<Outcome[]> {
  const notScored = [...printed.matchAll(/^ {2}[✓✗] (\S+) \([a-z-]+\)$/gm)].map(([, scenario]) => scenario);
  const names = await readdir(folder);
  return Promise.all(
    names.map(async (name) => {
      const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(name)?.[1] ?? name;
      const checks = JSON.parse(await readFile(join(folder, name, 'checks.json'), 'utf8'));
      return { scenario, isScored: !notScored.includes(scenario), checks };
    }),
  );
}
