import { appendFileSync } from 'node:fs';

/**
 * Everything the program writes in any test goes to one file, which is searched for keys when the run is over.
 * Unset when a single test file is run outside the whole run's set-up.
 */
export function recordOutput(text: string): void {
  const file = process.env.HEYREACH_MCP_TEST_OUTPUT;
  if (file !== undefined && text !== '') appendFileSync(file, `${text}\n`);
}
