import { parseConfig } from '../../config/load-config.ts';
import type { Config } from '../../config/settings.ts';
import { version } from '../../config/version.ts';
import type { CommandEnvironment } from '../environment.ts';
import { type DoctorCheck, failed, ok, type Status } from './check.ts';
import { checkHeyReach } from './heyreach-checks.ts';
import { checkHosts } from './host-checks.ts';
import { selfTest } from './self-test.ts';
import { checkFiles, checkNode, checkPort, describeSettings } from './settings-checks.ts';

const HELP = `Usage: heyreach-mcp doctor [--json] [flags of the server]

Checks Node, the settings, DNS, TLS, HeyReach, each key, the files, the server itself and the entries of hosts.
It sends one request for each key to HeyReach, which changes nothing. It never prints a character of a key.

  --json    print the checks as JSON

Exit code 0: all is well. 1: a check failed. 2: the settings are wrong.
`;

const MARKS: Record<Status, string> = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ', skipped: 'skipped' };

/** `heyreach-mcp doctor`: finds out why the server does not work. @returns the exit code. */
export async function runDoctor(argv: readonly string[], env: CommandEnvironment): Promise<number> {
  if (argv.includes('--help') || argv.includes('-h')) {
    env.print(HELP);
    return 0;
  }
  const flags = argv.filter((word) => word !== '--json');
  const parsed = parseConfig(flags, env.machine.env);
  const config = parsed.ok && 'config' in parsed ? parsed.config : undefined;
  const problem = parsed.ok ? undefined : parsed.problem;
  const settings =
    problem === undefined
      ? ok('settings', describeSettings(flags, env.machine.env))
      : failed('settings', problem, '`heyreach-mcp --help` lists all settings.');
  const checks = [
    checkNode(env.node.version),
    settings,
    ...(config === undefined ? [] : await checkConfig(config, env)),
    ...(await checkHosts(env)),
  ];
  const code = problem !== undefined ? 2 : checks.some(({ status }) => status === 'failed') ? 1 : 0;
  const text = argv.includes('--json')
    ? `${JSON.stringify({ version, code, checks }, null, 2)}\n`
    : toText(checks, code);
  env.print(withoutKeys(text, env.machine.env));
  return code;
}

async function checkConfig(config: Config, env: CommandEnvironment): Promise<DoctorCheck[]> {
  const flags = ['--mode', config.mode, '--toolsets', config.toolsets.join(',')];
  const [heyreach, files, port, self] = await Promise.all([
    checkHeyReach(config, env.machine.env),
    checkFiles(config),
    checkPort(config),
    selfTest(env, flags),
  ]);
  return [...heyreach, ...files, port, self];
}

function toText(checks: readonly DoctorCheck[], code: number): string {
  const lines = checks.flatMap(({ name, status, detail, next }) => [
    `${MARKS[status]}  ${name}: ${detail}`,
    ...(next === undefined ? [] : [`           ${next}`]),
  ]);
  const verdict = { 0: 'All is well.', 1: 'A check failed.', 2: 'The settings are wrong.' }[code];
  return `heyreach-mcp ${version}\n\n${lines.join('\n')}\n\n${verdict}\n`;
}

/** A key can stand in the wrong setting, whose problem quotes its value. */
function withoutKeys(text: string, env: Record<string, string | undefined>): string {
  const keys = [env.HEYREACH_API_KEY, env.HEYREACH_ORG_API_KEY].map((key) => key?.trim() ?? '');
  return keys.filter((key) => key.length >= 8).reduce((rest, key) => rest.replaceAll(key, '[key]'), text);
}
