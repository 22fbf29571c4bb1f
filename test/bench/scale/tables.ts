import type { Costs } from './costs.ts';
import { type Needs, needsOf, type Usage } from './model.ts';
import type { RealRun } from './real-run.ts';
import type { Played, Scenario } from './simulation.ts';

const whole = (value: number) => Math.round(value).toLocaleString('en');
const percent = (value: number) => `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const aligned = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [head, aligned, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The values that do not depend on the machine. */
export function formatCosts({ calls, keys }: Costs): string {
  const head = [
    'call',
    'requests to HeyReach',
    'commands to Redis',
    'commands in its scripts',
    'bytes to it',
    'bytes from it',
  ];
  const rows = calls.map(({ call, ...cost }) => [
    call,
    ...[cost.requests, cost.commands, cost.inScripts, cost.bytesIn, cost.bytesOut].map(whole),
  ]);
  const sizes = keys.map(({ name, content, bytes }) => [name, content, whole(bytes)]);
  return [table(head, rows), table(['key', 'content', 'bytes'], sizes)].join('\n\n');
}

/** The deviation that the model is allowed. */
const TOLERANCE = 0.15;

export interface Comparison {
  what: string;
  modelled: number;
  measured: number;
  isOk: boolean;
}

/** Compares the simulation of a scenario with its real run. */
export function compareRuns({ workspaces, seconds }: Scenario, played: Played, run: RealRun): Comparison[] {
  const waiting = workspaces.filter(({ callers = 0 }) => callers > 0).length;
  const compare = (what: string, modelled: number, measured: number): Comparison => ({
    ...{ what, modelled, measured },
    isOk: Math.abs(measured / modelled - 1) <= TOLERANCE,
  });
  return [
    compare('starts a second', played.starts / seconds, run.starts / seconds),
    compare('commands a start', played.asks / played.starts, run.asks / run.starts),
    // Starts and hold of each workspace, the queue and its leases if calls wait, and the epoch of the store.
    compare('keys', 2 * workspaces.length + 2 * waiting + 1, run.keys),
  ];
}

export function formatComparisons(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map(({ what, modelled, measured, isOk }) => [
    what,
    modelled.toFixed(2),
    measured.toFixed(2),
    `${((measured / modelled - 1) * 100).toFixed(1)} %`,
    isOk ? 'ok' : 'missed',
  ]);
  return table(['', 'simulated', 'measured', 'deviation', `within ${percent(TOLERANCE)}`], rows);
}

/** @param microseconds of a processor that Redis needs for a command. */
export function formatNeeds(usages: readonly Usage[], costs: Costs, microseconds: number): string {
  const head = ['workspaces', 'each', 'commands a second', 'kB a second', 'keys', 'MB', 'of one Redis', 'processes'];
  const rows = usages.map((usage) => {
    const needs: Needs = needsOf(usage, costs, microseconds);
    return [
      whole(usage.workspaces),
      usage.name,
      whole(needs.commandsPerSecond),
      whole(needs.kilobytesPerSecond),
      whole(needs.keys),
      whole(needs.megabytes),
      percent(needs.redisShare),
      whole(needs.processes),
    ];
  });
  return table(head, rows);
}
