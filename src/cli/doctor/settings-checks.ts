import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import manifest from '../../../package.json' with { type: 'json' };
import { SubjectsFile } from '../../auth/oauth/subjects-file.ts';
import { TokenFile } from '../../auth/token-file.ts';
import { type NamedPath, pathsOfCalls } from '../../config/setting-files.ts';
import type { Setting } from '../../config/setting-types.ts';
import { type Config, settings } from '../../config/settings.ts';
import { WorkspaceFile } from '../../config/workspace-file.ts';
import { DoNotContactFile } from '../../safety/do-not-contact-file.ts';
import { type DoctorCheck, failed, ok, skipped } from './check.ts';

/** Whether the running Node is new enough. */
export function checkNode(version: string): DoctorCheck {
  const required = manifest.engines.node.replace('>=', '');
  const [ownMajor = 0, ownMinor = 0] = version.replace('v', '').split('.').map(Number);
  const [major = 0, minor = 0] = required.split('.').map(Number);
  const isEnough = ownMajor > major || (ownMajor === major && ownMinor >= minor);
  if (isEnough) return ok('node', `${version}, and ${required} is needed`);
  return failed('node', `${version} is too old: ${required} is needed`, 'Install a newer Node from nodejs.org.');
}

/** The settings that differ from their defaults, each with the place where it comes from. */
export function describeSettings(argv: readonly string[], env: Record<string, string | undefined>): string {
  const parts = (Object.values(settings) as Setting<unknown>[]).flatMap(({ flag, variable, secret }) => {
    const isFlag = flag !== undefined && argv.some((word) => word === `--${flag}` || word.startsWith(`--${flag}=`));
    if (isFlag) return [`${flag} from --${flag}`];
    if (variable === undefined || !env[variable]?.trim()) return [];
    return [secret === true ? `${variable} is set` : `${flag ?? variable} from ${variable}`];
  });
  return parts.length === 0 ? 'all settings have their defaults' : parts.join(', ');
}

/** The files and folders that the settings name. */
export async function checkFiles(config: Config): Promise<DoctorCheck[]> {
  const paths: NamedPath[] = [
    ...pathsOfCalls(config),
    ['HEYREACH_MCP_TOKENS', config.tokens, (path) => problemOf(TokenFile.open(path))],
    ['HEYREACH_OAUTH_SUBJECTS', config.oauthSubjects, (path) => problemOf(SubjectsFile.open(path))],
    ['HEYREACH_WORKSPACES', config.workspaces, (path) => problemOf(WorkspaceFile.open(path, { acceptsAnyKey: true }))],
    ['HEYREACH_DO_NOT_CONTACT', config.doNotContact, (path) => problemOf(new DoNotContactFile(path).reload())],
  ];
  const named = paths.filter(([, path]) => path !== undefined);
  if (named.length === 0) return [skipped('files', 'the settings name no file')];
  return Promise.all(
    named.map(async ([variable, path = '', find]) => {
      const problem = await find(path);
      if (problem !== undefined)
        return failed(variable, `${path} ${problem}`, 'Repair the file, or change the setting.');
      const mode = await stat(path).then(
        (stats) => `, mode ${(stats.mode & 0o777).toString(8)}`,
        () => ', not created yet',
      );
      return ok(variable, `${path}${mode}`);
    }),
  );
}

async function problemOf(opening: Promise<unknown>): Promise<string | undefined> {
  return opening.then(
    () => undefined,
    (error: Error) => error.message,
  );
}

/** Whether the server could listen on its port. */
export async function checkPort({ transport, host, port }: Config): Promise<DoctorCheck> {
  if (transport !== 'http') return skipped('port', 'a server over stdio listens on no port');
  const server = createServer();
  const problem = await new Promise<string | undefined>((resolve) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  if (problem === undefined) return ok('port', `${host}:${port} is free`);
  return failed(
    'port',
    `${host}:${port} cannot be used (${problem})`,
    'End the other program, or choose another --port.',
  );
}
