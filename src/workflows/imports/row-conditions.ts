import * as z from 'zod';
import { isBlank } from '../../lib/blank-text.ts';
import { lazy } from '../../lib/lazy.ts';
import { foldText } from '../../lib/text-format.ts';
import { notBlank } from '../../mcp/arguments/fields.ts';
import { findColumn, type LeadColumns, type LeadField } from '../sources/lead-columns.ts';
import type { Source } from '../sources/read-source.ts';

const OPS = ['contains', 'not_contains', 'equals', 'not_equals', 'matches', 'empty', 'not_empty'] as const;
const WITHOUT_VALUE: readonly string[] = ['empty', 'not_empty'];

/** A condition on a cell. `matches` takes `*` for any text. Upper and lower case are equal. */
export const condition = lazy(() =>
  z.strictObject({
    field: z.string().check(notBlank).describe('Header or lead field'),
    op: z.enum(OPS).describe('matches takes *'),
    value: z.string().describe('Text').optional(),
  }),
);
export type Condition = z.output<ReturnType<typeof condition>>;

/** A rule across parameters. */
export function checkConditions(conditions: readonly Condition[]): string | undefined {
  const without = conditions.find(({ op, value }) => !WITHOUT_VALUE.includes(op) && isBlank(value));
  return without === undefined ? undefined : `where: ${without.op} needs a value`;
}

/** A test of rows for which all conditions hold. @throws HeyReachError `not_sent` for a column that does not exist. */
export function compileConditions(
  conditions: readonly Condition[],
  source: Source,
  { fields }: LeadColumns,
): (cells: readonly string[]) => boolean {
  const tests = conditions.map(({ field, op, value = '' }) => {
    const column = fields.get(field as LeadField) ?? findColumn(source, field);
    const holds = testOf(op, foldText(value));
    return (cells: readonly string[]) => holds(foldText(cells[column] ?? ''));
  });
  return (cells) => tests.every((holds) => holds(cells));
}

function testOf(op: Condition['op'], value: string): (cell: string) => boolean {
  switch (op) {
    case 'contains':
      return (cell) => cell.includes(value);
    case 'not_contains':
      return (cell) => !cell.includes(value);
    case 'equals':
      return (cell) => cell === value;
    case 'not_equals':
      return (cell) => cell !== value;
    case 'empty':
      return (cell) => cell === '';
    case 'not_empty':
      return (cell) => cell !== '';
    case 'matches':
      return (cell) => matches(cell, value.split('*'));
  }
}

/** Whether a text has these parts in this order, the first at its start and the last at its end. In linear time. */
function matches(text: string, parts: readonly string[]): boolean {
  const [first = '', ...others] = parts;
  if (others.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others.slice(0, -1)) {
    const matchStart = text.indexOf(part, at);
    if (matchStart < 0) return false;
    at = matchStart + part.length;
  }
  const last = others.at(-1)!;
  return text.length - last.length >= at && text.endsWith(last);
}
