import type { Ledger } from './ledger.ts';

/** The result of one scenario. */
export interface Outcome {
  scenario: string;
  isScored: boolean;
  checks: { id: string; status: string; errorMessage?: string }[];
}

export interface Verdict {
  passed: number;
  /** The failed scenarios: first the scored ones, then the others. */
  failing: string[];
  notScored: string[];
  /** The reasons why the run is no success, one line each. */
  faults: string[];
}

/** Compares a run with the ledger, in both directions. */
export function judge(outcomes: readonly Outcome[], ledger: Ledger): Verdict {
  const failed = outcomes.filter(({ checks }) => checks.some(isFailure));
  const actual = {
    failing: failed.filter(({ isScored }) => isScored).map(nameOf),
    notScored: failed.filter(({ isScored }) => !isScored).map(nameOf),
    skipped: outcomes.flatMap(({ scenario, checks }) =>
      checks.filter(({ status }) => status === 'SKIPPED').map(({ id }) => `${scenario}:${id}`),
    ),
  };
  const faults =
    outcomes.length === ledger.scenarios
      ? []
      : [`${outcomes.length} scenarios ran, and the ledger knows ${ledger.scenarios}`];
  for (const part of ['failing', 'notScored', 'skipped'] as const) {
    const known = Object.keys(ledger[part]);
    const unknown = actual[part].filter((name) => !known.includes(name));
    const stale = known.filter((name) => !actual[part].includes(name));
    faults.push(...unknown.map((name) => `${part}: ${name} is not in the ledger${whyOf(name, failed)}`));
    faults.push(...stale.map((name) => `${part}: ${name} is in the ledger and is not so any more: take it out`));
  }
  const passed = outcomes.filter(
    (outcome) => !failed.includes(outcome) && outcome.checks.some(({ status }) => status === 'SUCCESS'),
  );
  const empty = outcomes.filter(({ checks }) => checks.length === 0).map(nameOf);
  faults.push(...empty.map((name) => `${name} checked nothing`));
  return { passed: passed.length, failing: actual.failing, notScored: actual.notScored, faults };
}

const nameOf = ({ scenario }: Outcome) => scenario;

/** The suite reports a missed SHOULD as a warning. */
function isFailure({ status }: Outcome['checks'][number]): boolean {
  return status === 'FAILURE' || status === 'WARNING';
}

function whyOf(name: string, failed: readonly Outcome[]): string {
  const checks = failed.find(({ scenario }) => scenario === name)?.checks.filter(isFailure) ?? [];
  return checks.map(({ id, status, errorMessage }) => `\n    ${id}: ${errorMessage ?? status}`).join('');
}
