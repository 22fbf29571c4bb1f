import type { Log } from '../observability/log.ts';
import { findAuditFileProblem } from '../safety/audit-file.ts';
import { DoNotContactFile } from '../safety/do-not-contact-file.ts';
import { findStateFolderProblem } from '../workflows/jobs/job-files.ts';
import { findFilesFolderProblem } from '../workflows/sources/files-folder.ts';
import { ConfigError } from './setting-types.ts';
import type { Config } from './settings.ts';
import type { WorkspaceFile } from './workspace-file.ts';

/** A file or folder that a setting names, and how to find out what is wrong with it. */
export type NamedPath = [
  variable: string,
  path: string | undefined,
  find: (path: string) => Promise<string | undefined>,
];

/** The files and folders that the start only checks. It reads the files of all other settings itself. */
export function pathsOfCalls({ auditLog, stateFolder, filesFolder }: Config): NamedPath[] {
  return [
    ['HEYREACH_AUDIT_LOG', auditLog, findAuditFileProblem],
    ['HEYREACH_STATE_DIR', stateFolder, findStateFolderProblem],
    ['HEYREACH_FILES_DIR', filesFolder, findFilesFolderProblem],
  ];
}

/** @throws ConfigError where every write would be rejected, no job kept or no file read, because a path cannot be used. */
export async function checkPathsOfCalls(config: Config): Promise<void> {
  for (const [variable, path, find] of pathsOfCalls(config)) {
    const problem = path === undefined ? undefined : await find(path);
    if (problem !== undefined) throw new ConfigError(`${variable}: ${path} ${problem}`);
  }
}

/** Reads the do-not-contact file. @throws ConfigError where it cannot be read: then no one would be left out. */
export async function openDoNotContact({ doNotContact: path }: Config): Promise<DoNotContactFile | undefined> {
  if (path === undefined) return undefined;
  const file = new DoNotContactFile(path);
  await file.reload().catch((error: Error) => {
    throw new ConfigError(`HEYREACH_DO_NOT_CONTACT: ${path} ${error.message}`);
  });
  return file;
}

/** Reads the do-not-contact file again. Where that fails, the log says so and the previous entries stay. */
export async function reloadDoNotContact(file: DoNotContactFile, log: Log): Promise<void> {
  await file.reload().then(
    (entries) => log.info({ entries }, 'do-not-contact file reloaded'),
    (error: Error) => log.error({ err: error.message }, 'do-not-contact file not reloaded: the previous entries stay'),
  );
}

/** Reads the file of workspaces again. Where that fails, the log says so and the previous workspaces stay. */
export async function reloadWorkspaces(file: WorkspaceFile, log: Log): Promise<void> {
  const error = await file.reload();
  if (error === undefined) log.info({ workspaces: file.keys.size }, 'file of workspaces reloaded');
  else log.error({ err: error }, 'file of workspaces not reloaded: the previous workspaces stay');
}
