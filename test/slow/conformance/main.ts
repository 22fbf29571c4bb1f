import { LineWriter, stderrPut } from '../../../src/observability/line-writer.ts';
// Runs the official conformance suite against this server's HTTP stack: npm run test:conformance
import { createLog } from '../../../src/observability/log.ts';
import { judge } from './judge.ts';
import { ledgers } from './ledger.ts';
import { startFixtures } from './program.ts';
import { startSignedIn } from './signed-in.ts';
import { runSuite } from './suite.ts';

const stderr = new LineWriter(stderrPut(() => process.stderr));
// With --log, prints the log of the server.
const log = createLog(process.argv.includes('--log') ? 'info' : 'silent', stderr);
const HEAD = ['requirements', 'scenarios', 'passed', 'known failures', 'not scored', 'left out', 'faults'];
const rows: (string | number)[][] = [HEAD];
const lines: string[] = [];
/** Runs every set of requirements. The ledger of each set is the same with and without OAuth. */
async function runSuites(url: string, suffix: string): Promise<void> {
  for (const [revision, ledger] of Object.entries(ledgers)) {
    const outcomes = await runSuite(url, revision);
    const { passed, failing, notScored, faults } = judge(outcomes, ledger);
    const leftOut = outcomes.length - passed - failing.length - notScored.length;
    const set = `${revision}${suffix}`;
    rows.push([set, outcomes.length, passed, failing.length, notScored.length, leftOut, faults.length]);
    lines.push(...failing.map((name) => `${set}: ${name} fails: ${ledger.failing[name] ?? 'for an unknown reason'}.`));
    lines.push(...faults.map((fault) => `${set}: FAULT: ${fault}`));
    if (faults.length > 0) process.exitCode = 1;
  }
}

for (const [start, suffix] of [
  [startFixtures, ''],
  [startSignedIn, ' OAuth'],
] as const) {
  const fixtures = await start(log);
  try {
    await runSuites(fixtures.url, suffix);
  } finally {
    await fixtures.close();
  }
}
const printRow = (row: (string | number)[]) =>
  row
    .map((cell) => String(cell).padEnd(18))
    .join('')
    .trimEnd();
console.log([...rows.map(printRow), ...lines].join('\n'));
