import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { makeToken } from '../../../src/auth/tokens.ts';
import type { HttpProgram } from './program.ts';

type Made = ReturnType<typeof makeToken>;

/** The allowed callers, and their token file. */
export interface TokenFileOfTest {
  readonly path: string;
  readonly folder: string;
  /** Replaces the content of the file. */
  write(...lines: string[]): void;
  remove(): void;
}

export function tokenFile(...lines: string[]): TokenFileOfTest {
  const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-tokens-'));
  const path = join(folder, 'tokens');
  const write = (...all: string[]) => writeFileSync(path, all.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  write(...lines);
  return { path, folder, write, remove: () => rmSync(folder, { recursive: true }) };
}

/** Makes a FIFO without a writer, whose opening as a file blocks. @returns its path. */
export function makeFifo(folder: string, name = 'fifo'): string {
  const path = join(folder, name);
  execFileSync('mkfifo', [path]);
  return path;
}

/** A token of each mode, and a token without a mode, which has the mode of the server. */
export const HOLDERS = {
  auditor: makeToken('auditor', 'read-only'),
  intern: makeToken('intern', 'draft'),
  robot: makeToken('robot', 'full'),
  friend: makeToken('friend', undefined),
};
export type Holder = keyof typeof HOLDERS;

export const ALL_LINES = Object.values(HOLDERS).map(({ line }) => line);
export const bearing = ({ token }: Pick<Made, 'token'>) => ({ authorization: `Bearer ${token}` });

/** Makes the program reload its tokens. @returns the log lines about the reload. */
export async function reload({ process, stderr }: HttpProgram): Promise<Record<string, unknown>[]> {
  const lines = () =>
    stderr()
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{') && /token file (not )?reloaded/.test(line))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const before = lines().length;
  process.kill('SIGHUP');
  await expect.poll(() => lines().length).toBeGreaterThan(before);
  return lines().slice(before);
}

/** Expects that a text contains no token, and no half of one. */
export function expectNoToken(text: string, ...more: Made[]): void {
  for (const { token } of [...Object.values(HOLDERS), ...more]) {
    expect(text).not.toContain(token);
    expect(text).not.toContain(token.slice(5, 27));
    expect(text).not.toContain(token.slice(27));
  }
}
