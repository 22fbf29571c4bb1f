import type { ToolResult } from '../clients/clients.ts';
import { rowsOf } from './tables.ts';

export interface ShownCheck extends Record<string, unknown> {
  state: string;
}
export const checksOf = ({ structuredContent }: ToolResult) => structuredContent?.checks as Record<string, ShownCheck>;
export const statesOf = (result: ToolResult) =>
  Object.fromEntries(Object.entries(checksOf(result)).map(([name, { state }]) => [name, state]));
export const findingsOf = ({ structuredContent }: ToolResult) =>
  rowsOf({ content: [] }, structuredContent?.findings as Record<string, unknown>);
export const partsOf = ({ structuredContent }: ToolResult) =>
  ((structuredContent?.incomplete ?? []) as { part: string }[]).map(({ part }) => part);
