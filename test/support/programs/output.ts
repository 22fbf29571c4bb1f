import { appendFileSync } from 'node:fs';

/**
 * Appends everything the program writes in any test to one file. The end of the run searches this file for keys. The
 * variable is unset when a single test file runs without the global set-up.
 */
export function recordOutput(text: string): void {
  const file = process.env.HEYREACH_MCP_TEST_OUTPUT;
  if (file !== undefined && text !== '') appendFileSync(file, `${text}\n`);
}
