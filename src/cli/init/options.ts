import { parseArgs } from 'node:util';
import { closestMatch } from '../../lib/closest-match.ts';
import { MODES, type Mode } from '../../mcp/modes.ts';
import type { Host, Scope } from '../hosts/host.ts';
import { allHosts, hostOf, hosts } from '../hosts/hosts.ts';

const IDS = hosts.map(({ id }) => id);
const USAGE = 'Usage: heyreach-mcp init HOST|all [flags]';

export const INIT_HELP = `${USAGE}

Adds this server to the configuration of a host, and leaves everything else in the file as it is.
HOST is one of ${IDS.join(', ')}. \`all\` means every host that is found on this computer.

  --mode M          mode of the server: ${MODES.join(', ')}. Default: draft
  --scope S         user: for all folders. project: for this folder only; no key is written. Default: user
  --name NAME       name of the server in the file. Default: heyreach
  --pin             with npx: start this version each time, and not the latest
  --sandbox         use made-up data. No key is needed
  --key-from-env    write no key: the host passes HEYREACH_API_KEY of its own environment on
  --dry-run         show what would be written, and write nothing
  --print           print the entry for a file without one, and write nothing
  --remove          remove the entry
  --force           replace or remove an entry of that name that starts another program

The key comes from HEYREACH_API_KEY, or is asked for without being shown, or is the first line of stdin.
HeyReach is asked whether it accepts the key before anything is written.
A changed file keeps a backup in its folder. A file that gets a key can be read by its owner alone.
`;

/** A wrong command line. */
export class UsageError extends Error {}

/** The parsed arguments of `init`. */
export interface InitOptions {
  /** undefined means every host that is installed. */
  host: Host | undefined;
  mode: Mode;
  scope: Scope;
  name: string;
  sandbox: boolean;
  keyFromEnv: boolean;
  /** Whether an entry with npx names this version. */
  pin: boolean;
  action: 'write' | 'show' | 'print';
  remove: boolean;
  force: boolean;
}

/** Reads the command line of `init`. @returns `help` where it is asked for. @throws UsageError */
export function readInitOptions(argv: readonly string[]): InitOptions | 'help' {
  const { values, positionals } = parse(argv);
  if (values.help === true) return 'help';
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0) throw new UsageError(`init takes one host: ${IDS.join(', ')} or all`);
  const host = hostOf(id);
  if (host === undefined && id !== 'all') {
    const other = allHosts.find((shown) => shown.id === id);
    if (other !== undefined)
      throw new UsageError(`init does not edit ${other.shownFile}. docs/clients.md has the entry for ${other.title}`);
    const closest = closestMatch(id, [...IDS, 'all']);
    const hint = closest === undefined ? `Known: ${IDS.join(', ')}, all` : `Did you mean ${closest}?`;
    throw new UsageError(`unknown host ${id}. ${hint}`);
  }
  const mode = oneOf('mode', values.mode ?? 'draft', MODES);
  const scope = oneOf('scope', values.scope ?? 'user', ['user', 'project'] as const);
  const name = values.name ?? 'heyreach';
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw new UsageError('--name takes letters, digits, dashes and underscores, at most 64');
  }
  const { sandbox = false, remove = false, force = false, pin = false } = values;
  const keyFromEnv = values['key-from-env'] ?? false;
  const shows = values['dry-run'] ?? false;
  const prints = values.print ?? false;
  exclude({ '--sandbox': sandbox, '--key-from-env': keyFromEnv });
  exclude({ '--print': prints, '--dry-run': shows });
  exclude({ '--print': prints, '--remove': remove });
  exclude({ '--pin': pin, '--remove': remove });
  const action = prints ? 'print' : shows ? 'show' : 'write';
  return { host, mode, scope, name, sandbox, keyFromEnv, pin, action, remove, force };
}

function parse(argv: readonly string[]) {
  const flag = { type: 'boolean' } as const;
  const text = { type: 'string' } as const;
  const options = {
    mode: text,
    scope: text,
    name: text,
    sandbox: flag,
    pin: flag,
    'key-from-env': flag,
    'dry-run': flag,
    print: flag,
    remove: flag,
    force: flag,
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} ${USAGE}`);
  }
}

function oneOf<const Values extends readonly string[]>(flag: string, value: string, values: Values): Values[number] {
  if (!values.includes(value))
    throw new UsageError(`--${flag} must be one of ${values.join(', ')} (got "${value.slice(0, 80)}")`);
  return value;
}

/** @throws UsageError if all of these flags are given. */
function exclude(flags: Record<string, boolean>): void {
  if (Object.values(flags).every(Boolean))
    throw new UsageError(`${Object.keys(flags).join(' and ')} exclude each other`);
}
