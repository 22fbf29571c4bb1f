// `npm run test:load`: two hundred clients of every kind for a minute, over HTTP, with a HeyReach that fails in every
// way.
// Prints the measurements and the rules, and ends with 1 if a rule is broken.
// --short runs the load for ten seconds and does not judge the memory. --seed N runs another load.
import { parseArgs } from 'node:util';
import { HeyReach } from './heyreach.ts';
import { FULL, putLoad, SHORT } from './load.ts';
import { OWNERS } from './people.ts';
import { Server } from './server.ts';
import { formatReport, formatVerdicts } from './table.ts';
import { judge } from './verdict.ts';

const { values } = parseArgs({
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string', default: '1' } },
});

const heyreach = new HeyReach();
try {
  const seed = Number(values.seed);
  const { url, places } = await heyreach.ask({ do: 'start', owners: OWNERS, seed });
  const size = values.short ? SHORT : FULL;
  const server = new Server(url, size.timeoutSeconds);
  const report = await putLoad(server, heyreach, places, seed, size);
  const verdicts = judge(report);
  console.log(`${formatReport(report)}\n\n${formatVerdicts(verdicts)}`);
  if (verdicts.some(({ against }) => against.length > 0)) process.exitCode = 1;
} finally {
  await heyreach.end();
}
