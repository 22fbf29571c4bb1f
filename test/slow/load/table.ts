import { groupBy } from './group.ts';
import type { Landed } from './heyreach.ts';
import type { Call, Report } from './load.ts';
import { ENDS } from './outcome.ts';
import type { SoakReport } from './soak.ts';
import { medianWithin, type Verdict } from './verdict.ts';

/** Half of the time window around a moment. */
const AROUND_MS = 2_500;
const MOST_SHOWN = 5;

const seconds = (ms: number) => (ms / 1_000).toFixed(2);

function latencies(calls: Call[]): string {
  const sorted = calls.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number) => seconds(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return `${String(sorted.length).padStart(7)}${[0.5, 0.95, 1].map((share) => at(share).padStart(8)).join('')}`;
}

/** The ends of calls, and their durations. */
function formatCalls(calls: Call[], landed: Landed[]): string[] {
  const rows = ENDS.map((end) => [end, calls.filter(({ outcome }) => outcome.end === end)] as const);
  const answered = groupBy(landed, ({ status }) => (status === 0 ? 'none' : `${Math.floor(status / 100)}xx`));
  const statuses = [...answered].map(([status, { length }]) => `${status} ${length}`).sort();
  return [
    `calls              number     p50     p95     max (s)`,
    ...rows.map(([end, ended]) => `${end.padEnd(18)}${latencies(ended)}`),
    `${'all'.padEnd(18)}${latencies(calls)}`,
    `what went wrong    ${countKinds(calls)}`,
    `HeyReach answered  ${statuses.join(', ')}`,
  ];
}

/** The measurements of a soak, in a few lines. */
export function formatSoak({ calls, landed, resident, heap, size, rolls, redisMegabytes }: SoakReport): string {
  const thirds = [0, 1, 2].map((third) => {
    const window = { from: (size.lastMs * third) / 3, to: (size.lastMs * (third + 1)) / 3 };
    return `${medianWithin(resident, window).toFixed(0)} (heap ${medianWithin(heap, window).toFixed(1)})`;
  });
  return [
    ...formatCalls(calls, landed),
    `stopped and started ${rolls.map(({ replica, ms }) => `replica ${replica} in ${seconds(ms)} s`).join(', ')}`,
    `memory, MB         ${thirds.join(', ')} in the thirds, Redis ${redisMegabytes.toFixed(1)}`,
  ].join('\n');
}

/** The measurements of a load, in a few lines. */
export function formatReport(report: Report): string {
  const { calls, landed, resident, heap, size, processors } = report;
  const moments = [20_000, 40_000, 60_000].filter((at) => at <= size.lastMs);
  const memory = moments.map((at) => {
    const window = { from: at - AROUND_MS, to: at + AROUND_MS };
    return `${at / 1_000} s ${medianWithin(resident, window).toFixed(0)} (heap ${medianWithin(heap, window).toFixed(1)})`;
  });
  const shares = Object.entries(processors).map(([name, share]) => `${name} ${Math.round(share * 100)} %`);
  return [
    ...formatCalls(calls, landed),
    `memory, MB         ${memory.join(', ')}`,
    `of a processor     ${shares.join(', ')}`,
  ].join('\n');
}

function countKinds(calls: Call[]): string {
  const kinds = groupBy(
    calls.filter(({ outcome }) => outcome.kind !== undefined),
    ({ outcome }) => outcome.kind!,
  );
  const counted = [...kinds].toSorted(([, a], [, b]) => b.length - a.length);
  return counted.map(([kind, { length }]) => `${kind} ${length}`).join(', ');
}

/** The rules of the load. */
export function formatVerdicts(verdicts: Verdict[]): string {
  return verdicts
    .flatMap(({ holds, against }) => {
      const shown = against.slice(0, MOST_SHOWN).map((line) => `       ${line}`);
      const more = against.length > MOST_SHOWN ? [`       and ${against.length - MOST_SHOWN} more`] : [];
      return [`${against.length === 0 ? 'ok  ' : 'NOT '}   ${holds}`, ...shown, ...more];
    })
    .join('\n');
}
