import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import type { ToolResult } from '../../support/clients.ts';
import { MAIN, run } from '../../support/program.ts';

/** It declares a newer Node and runs on 20 as well. This version was tried. */
const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';

/** What one command of the Inspector came to. */
export interface Inspected<Result> {
  code: number | null;
  /** What the server answered. undefined where there was no result. */
  result: Result | undefined;
  /** The Inspector's own verdict, where it has one. */
  error: { code: string; message: string } | undefined;
  stderr: string;
}

export interface Inspector {
  /** Runs one command: where the server is, and what to ask of it. */
  ask<Result = ToolResult>(...args: string[]): Promise<Inspected<Result>>;
}

/** The built program over stdio, on the sandbox, as the Inspector starts it. */
export const STDIO = [process.execPath, MAIN, '--sandbox'];

/** The Inspector's command line, with a home of its own: it keeps files there. */
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
