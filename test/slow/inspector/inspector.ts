import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import type { ToolResult } from '../../support/clients/clients.ts';
import { MAIN, run } from '../../support/programs/program.ts';

/** The Inspector declares a newer Node, but also runs on 20. This version was tested. */
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';

/** The result of one command of the Inspector. */
export interface Inspected<Result> {
  code: number | null;
  /** The answer of the server. undefined without a result. */
  result: Result | undefined;
  /** The verdict of the Inspector, if it has one. */
  error: { code: string; message: string } | undefined;
  stderr: string;
}

export interface Inspector {
  /** Runs one command, with the address of the server and the request. */
  ask<Result = ToolResult>(...args: string[]): Promise<Inspected<Result>>;
}

/** The built program over stdio, on the sandbox, as the Inspector starts it. */
export const STDIO = [process.execPath, MAIN, '--sandbox'];

/** The command line of the Inspector, with its own home folder for its files. */
export function useInspector(): Inspector {
  let command: string;
  const home = mkdtempSync(join(tmpdir(), 'heyreach-mcp-inspector-'));
  beforeAll(async () => {
    const where = ['-y', '-p', INSPECTOR, '-c', 'command -v mcp-inspector'];
    command = (await promisify(execFile)('npx', where)).stdout.trim();
  });
  afterAll(() => rmSync(home, { recursive: true }));
  return {
    async ask<Result>(...args: string[]) {
      const { code, stdout, stderr } = await run(command, ['--cli', ...args, '--format', 'json'], {
        env: { HOME: home },
      });
      const errors = stderr.split('\n').filter((line) => line.startsWith('{"error"'));
      return {
        code,
        result: stdout === '' ? undefined : (JSON.parse(stdout).result as Result),
        error: errors.length === 0 ? undefined : JSON.parse(errors.at(-1)!).error,
        stderr,
      };
    },
  };
}
