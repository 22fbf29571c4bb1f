// `npm run bench`: how long a host waits for the server to be there, beside an empty node process, in one run.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const INITIALIZE = `${JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1.0.0' } },
})}\n`;

/** Milliseconds from the start of a process to its end, or to its first line of output once it has been asked for one. */
function time(args: string[], question?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    const stop = () => {
      resolve(performance.now() - began);
      child.stdin.end();
    };
    child.once('error', reject);
    if (question === undefined) child.once('exit', stop);
    else {
      child.stdout.once('data', stop);
      child.stdin.write(question);
    }
  });
}

export interface StartBench {
  rounds: number;
  emptyMs: number;
  initializeMs: number;
  ratio: number;
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Times both in turn, so that a machine that slows down slows both. */
export async function benchStart(rounds: number): Promise<StartBench> {
  const empty: number[] = [];
  const initialize: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    empty.push(await time(['-e', '0']));
    initialize.push(await time([main, '--sandbox'], INITIALIZE));
  }
  const [emptyMs, initializeMs] = [median(empty), median(initialize)];
  return { rounds, emptyMs, initializeMs, ratio: initializeMs / emptyMs };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { rounds, emptyMs, initializeMs, ratio } = await benchStart(21);
  console.log(`medians of ${rounds} rounds, in turn`);
  console.log(`node -e 0                               ${emptyMs.toFixed(0)} ms`);
  console.log(`start to answered initialize, stdio     ${initializeMs.toFixed(0)} ms`);
  console.log(`ratio                                   ${ratio.toFixed(1)} (at most 5)`);
  if (ratio > 5) process.exitCode = 1;
}
