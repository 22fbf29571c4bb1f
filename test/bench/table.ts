import { median, ratioOf } from './rounds.ts';

export type Unit = 'ms' | 'calls/s' | 'MB';

/** One comparison of our server with another program or state. */
export interface Row {
  measure: string;
  unit: Unit;
  ours: number;
  comparedWith: string;
  theirs: number;
  /** Ours over theirs: the median of the rounds. */
  ratio: number;
  target?: Target;
  /** undefined without a target. */
  ok?: boolean;
  note?: string;
}

export type Target = { atMost: number } | { atLeast: number };

type Compared = Pick<Row, 'measure' | 'unit' | 'comparedWith'> & { target?: Target; note?: string };

/** Compares measurements of the same rounds. */
export function compare(row: Compared, ours: readonly number[], theirs: readonly number[]): Row {
  const ratio = ratioOf(ours, theirs);
  const judged = row.target === undefined ? {} : { ok: isMet(row.target, ratio) };
  return { ...row, ours: median(ours), theirs: median(theirs), ratio, ...judged };
}

function isMet(target: Target, ratio: number): boolean {
  return 'atMost' in target ? ratio <= target.atMost : ratio >= target.atLeast;
}

function cellsOf(row: Row): string[] {
  return [
    row.measure,
    withUnit(row.ours, row.unit),
    row.comparedWith,
    withUnit(row.theirs, row.unit),
    row.ratio.toFixed(2),
    row.target === undefined ? '' : 'atMost' in row.target ? `<= ${row.target.atMost}` : `>= ${row.target.atLeast}`,
    row.ok === undefined ? '' : row.ok ? 'ok' : 'missed',
    row.note ?? '',
  ];
}

/** The rows as a markdown table. */
export function formatMarkdown(rows: readonly Row[]): string {
  const head = ['measurement', 'ours', 'compared with', 'theirs', 'ratio', 'target', 'result', 'note'];
  const lines = [head, head.map((_, at) => ([1, 3, 4, 5].includes(at) ? '--:' : '---')), ...rows.map(cellsOf)];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The rows as columns of text. */
export function formatTable(rows: readonly Row[]): string {
  const head = ['', 'ours', 'compared with', '', 'ratio', 'target', '', ''];
  const lines = rows.map(cellsOf);
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
