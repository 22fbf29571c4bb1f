import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_TEST_KEYS } from './keys.ts';

/** Before the run: creates a file for everything the program writes. After the run: checks that it contains no key. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-test-'));
  const file = join(folder, 'output.log');
  writeFileSync(file, '');
  process.env.HEYREACH_MCP_TEST_OUTPUT = file;
  return () => {
    const written = readFileSync(file, 'utf8');
    rmSync(folder, { recursive: true });
    const leaked = ALL_TEST_KEYS.filter((key) => written.includes(key) || written.includes(encodeURIComponent(key)));
    if (leaked.length === 0) return;
    // An error thrown here is printed, but does not fail the run.
    process.exitCode = 1;
    throw new Error(`the program wrote ${leaked.length} of its keys to a log, an error or a result`);
  };
}
