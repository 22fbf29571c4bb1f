import { median, ratioOf } from './rounds.ts';

export type Unit = 'ms' | 'calls/s' | 'MB';

/** One comparison: what was measured of ours, beside what. */
export interface Row {
  measure: string;
  unit: Unit;
  ours: number;
  beside: string;
  theirs: number;
  /** Ours over theirs: the median of what each round says. */
  ratio: number;
  target?: Target;
  /** Undefined where there is no target. */
  ok?: boolean;
  note?: string;
}

export type Target = { atMost: number } | { atLeast: number };

type Compared = Pick<Row, 'measure' | 'unit' | 'beside'> & { target?: Target; note?: string };

/** Compares what was measured in turn. */
export function compare(row: Compared, ours: readonly number[], theirs: readonly number[]): Row {
  const ratio = ratioOf(ours, theirs);
  const judged = row.target === undefined ? {} : { ok: isMet(row.target, ratio) };
  return { ...row, ours: median(ours), theirs: median(theirs), ratio, ...judged };
}

function isMet(target: Target, ratio: number): boolean {
  return 'atMost' in target ? ratio <= target.atMost : ratio >= target.atLeast;
}

/** The rows as columns of text. */
export function formatTable(rows: readonly Row[]): string {
  const head = ['', 'ours', 'beside', '', 'ratio', 'target', '', ''];
  const lines = rows.map((row) => [
    row.measure,
    withUnit(row.ours, row.unit),
    row.beside,
    withUnit(row.theirs, row.unit),
    row.ratio.toFixed(2),
    row.target === undefined ? '' : 'atMost' in row.target ? `<= ${row.target.atMost}` : `>= ${row.target.atLeast}`,
    row.ok === undefined ? '' : row.ok ? 'ok' : 'missed',
    row.note ?? '',
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at]!.length)));
  const isNumber = [false, true, false, true, true, true, false, false];
  return [head, ...lines]
    .map((line) => line.map((cell, at) => (isNumber[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))))
    .map((line) => line.join('  ').trimEnd())
    .join('\n');
}

function withUnit(value: number, unit: Unit): string {
  return `${value.toFixed(unit === 'ms' && value < 20 ? 2 : 0)} ${unit}`;
}
