// `npm run simulate`: measures what calls cost in Redis, checks a simulation against real processes, and writes
// docs/scale.md.
// Ends with 1 if the error of the simulation exceeds its tolerance. --dry writes nothing.
import { parseArgs } from 'node:util';
import { writeBlock } from '../generated-block.ts';
import { measureCosts } from './costs.ts';
import type { Usage } from './model.ts';
import { measureCommand, runReally } from './real-run.ts';
import { CALLERS_THAT_WAIT, HOUR_OF_WORK, SCALED_DOWN } from './scenarios.ts';
import { simulate } from './simulation.ts';
import { compareRuns, formatComparisons, formatCosts, formatNeeds } from './tables.ts';

const SEED = 1;
const { values } = parseArgs({ options: { dry: { type: 'boolean', default: false } } });

const costs = await measureCosts(true);
const run = await runReally(SCALED_DOWN);
const microseconds = await measureCommand();
const comparisons = compareRuns(SCALED_DOWN, simulate(SCALED_DOWN, SEED), run);

const [work, full] = [HOUR_OF_WORK, CALLERS_THAT_WAIT].map((scenario) => simulate(scenario, SEED));
const usages: Usage[] = [1_000, 100_000].flatMap((workspaces) => [
  {
    ...{ name: '20 requests a minute, 5 messages an hour', workspaces },
    ...{ requestsPerMinute: 20, messagesPerHour: 5, asksPerStart: work!.asks / work!.starts },
  },
  {
    ...{ name: 'its whole rate limit, with calls that wait', workspaces },
    ...{ requestsPerMinute: 300, messagesPerHour: 5, asksPerStart: full!.asks / full!.starts },
  },
]);
const blocks = {
  'scale-costs': formatCosts(costs),
  'scale-run': [
    formatComparisons(comparisons),
    `A busy Redis needs ${microseconds.toFixed(0)} µs of a processor for a command.`,
  ].join('\n\n'),
  'scale-needs': [
    formatNeeds(usages, costs, microseconds),
    `A request to HeyReach takes ${(full!.asks / full!.starts).toFixed(2)} commands where calls wait, and ${(work!.asks / work!.starts).toFixed(2)} where they do not.`,
    `The busiest second of 1,000 workspaces at work has ${work!.peak.toFixed(2)} times the commands of the average one.`,
  ].join('\n\n'),
};
for (const [name, text] of Object.entries(blocks)) {
  console.log(`${text}\n`);
  if (!values.dry) writeBlock(name, text, 'scale');
}
if (comparisons.some(({ isOk }) => !isOk)) process.exitCode = 1;
