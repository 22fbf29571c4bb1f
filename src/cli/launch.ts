import { PUBLISHED } from '../config/published.ts';
import { version } from '../config/version.ts';
import type { CommandEnvironment } from './environment.ts';

/** A program and its arguments. */
export interface Command {
  command: string;
  args: string[];
}

/** The command that downloads the program from the npm registry and runs it. */
function npxCommand(flags: readonly string[], { pin, platform }: { pin: boolean; platform: NodeJS.Platform }): Command {
  const args = ['-y', pin ? `heyreach-mcp@${version}` : 'heyreach-mcp', ...flags];
  // On Windows npx is a script, which hosts cannot start without a shell.
  return platform === 'win32' ? { command: 'cmd', args: ['/c', 'npx', ...args] } : { command: 'npx', args };
}

/** Whether the program runs from the cache of npx, which can be emptied. */
export const isInNpxCache = (program: string): boolean => /[\\/]_npx[\\/]/.test(program);

/**
 * The command that starts this program again. Until the package is published, npx could download a package of another
 * author under its name.
 * @param options.pin names this version, which each start then uses. Without it npx uses the latest that it finds.
 * @throws Error for `pin` where the entry names a file, which has the version that is installed there.
 */
export function ownCommand(
  { node, program, machine }: Pick<CommandEnvironment, 'node' | 'program' | 'machine'>,
  flags: readonly string[],
  { pin = false, published = PUBLISHED }: { pin?: boolean; published?: boolean } = {},
): Command {
  if (published && isInNpxCache(program)) return npxCommand(flags, { pin, platform: machine.platform });
  if (pin) {
    const reason = published ? 'Run init through npx' : 'The package is not on npm yet';
    throw new Error(`--pin names a version for npx, and the entry would start ${program}. ${reason}. Leave out --pin`);
  }
  return { command: node.path, args: [program, ...flags] };
}
