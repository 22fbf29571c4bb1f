import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { recordOutput } from '../programs/output.ts';

/** A line of an audit log, as read back. */
export interface AuditLine extends Record<string, unknown> {
  phase: 'intent' | 'outcome' | 'lost';
  id: string;
  time: string;
}

export interface AuditFileOfTest {
  /** The path of the audit log. The file does not exist at first. */
  readonly path: string;
  /** The text of the file. Empty if there is none. */
  text(): string;
  lines(): AuditLine[];
  phases(): string[];
}

/** For each test of one file: an audit log in its own folder. */
export function useAuditFile(): AuditFileOfTest {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-audit-'));
    path = join(folder, 'audit.jsonl');
  });
  // A test may have put a folder there.
  const text = () => (statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : '');
  const lines = () =>
    text()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as AuditLine);
  afterEach(async () => {
    recordOutput(text());
    await rm(folder, { recursive: true });
  });
  return {
    get path() {
      return path;
    },
    text,
    lines,
    phases: () => lines().map(({ phase }) => phase),
  };
}
