// Runs the official conformance suite against this server's HTTP stack: npm run test:conformance
import { createLog } from '../../src/log.ts';
import { judge } from './judge.ts';
import { ledgers } from './ledger.ts';
import { startFixtures } from './program.ts';
import { runSuite } from './suite.ts';

// With --log it says what the server says.
const fixtures = await startFixtures(createLog(process.argv.includes('--log') ? 'info' : 'silent'));
const HEAD = ['requirements', 'scenarios', 'passed', 'known failures', 'not scored', 'left out', 'faults'];
const rows: (string | number)[][] = [HEAD];
const lines: string[] = [];
try {
  for (const [revision, ledger] of Object.entries(ledgers)) {
    const outcomes = await runSuite(fixtures.url, revision);
    const { passed, failing, notScored, faults } = judge(outcomes, ledger);
    const leftOut = outcomes.length - passed - failing.length - notScored.length;
    rows.push([revision, outcomes.length, passed, failing.length, notScored.length, leftOut, faults.length]);
    lines.push(...failing.map((name) => `${revision}: ${name} fails: ${ledger.failing[name] ?? 'nobody knows why'}.`));
    lines.push(...faults.map((fault) => `${revision}: FAULT: ${fault}`));
    if (faults.length > 0) process.exitCode = 1;
  }
} finally {
  await fixtures.close();
}
const printRow = (row: (string | number)[]) =>
  row
    .map((cell) => String(cell).padEnd(16))
    .join('')
    .trimEnd();
console.log([...rows.map(printRow), ...lines].join('\n'));
