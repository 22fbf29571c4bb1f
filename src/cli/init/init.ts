import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { settings } from '../../config/settings.ts';
import { checkKey } from '../check-key.ts';
import { writeConfigFile } from '../edit/config-file.ts';
import { EditError } from '../edit/edit-error.ts';
import type { CommandEnvironment } from '../environment.ts';
import { EXAMPLE_KEY, type Host, type Machine } from '../hosts/host.ts';
import { hosts } from '../hosts/hosts.ts';
import { isInNpxCache } from '../launch.ts';
import { INIT_HELP, type InitOptions, readInitOptions, UsageError } from './options.ts';
import { entryFor, fileOf, InitError, needsKey, type Plan, planFor } from './plan.ts';
import { readKey } from './read-key.ts';
import { describePlan, shownEntry } from './report.ts';

const DEFAULT_BASE_URL = 'https://api.heyreach.io';

/**
 * `heyreach-mcp init`: adds this server to the configuration of a host.
 * @returns the exit code: 1 where a file stays as it is although it should change, 2 for a wrong command line.
 */
export async function runInit(argv: readonly string[], env: CommandEnvironment): Promise<number> {
  try {
    const options = readInitOptions(argv);
    if (options === 'help') {
      env.print(INIT_HELP);
      return 0;
    }
    const chosen = options.host === undefined ? installedHosts(env.machine) : [options.host];
    if (chosen.length === 0)
      throw new Error(`no host is found on this computer. Name one: ${hosts.map(({ id }) => id).join(', ')}`);
    return await (options.action === 'print' ? printEntries : applyTo)(chosen, options, env);
  } catch (error) {
    env.printLine(`heyreach-mcp: ${(error as Error).message}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** The hosts that have left a file or folder on the computer. */
function installedHosts(machine: Machine): Host[] {
  return hosts.filter((host) => {
    const file = host.file(machine, 'user');
    // The folder of some files is the home folder itself.
    const folder = file === undefined || dirname(file) === machine.home ? undefined : dirname(file);
    return [file, folder, ...(host.traces?.(machine) ?? [])].some((path) => path !== undefined && existsSync(path));
  });
}

async function printEntries(chosen: readonly Host[], options: InitOptions, env: CommandEnvironment): Promise<number> {
  const isOne = chosen.length === 1;
  const codes: number[] = [];
  for (const host of chosen) {
    const code = await attempt(env, async () => {
      const entry = entryFor(host, options, env, EXAMPLE_KEY);
      const path = fileOf(host, options, env);
      // stdout is the entry alone, so that it can be piped.
      if (isOne) env.printLine(`Add this to ${path}:`);
      env.print(`${isOne ? '' : `# ${host.title}: ${path}\n`}${shownEntry(host, options.name, entry, '')}`);
    });
    codes.push(code);
  }
  return worst(codes);
}

async function applyTo(chosen: readonly Host[], options: InitOptions, env: CommandEnvironment): Promise<number> {
  // A file that cannot be edited is known before a person is asked for a key.
  const possible = await eachPlan(chosen, options, env, EXAMPLE_KEY);
  let key = EXAMPLE_KEY;
  let plans = possible;
  const changed = possible.map(({ host }) => host);
  if (options.action === 'write' && changed.some((host) => needsKey(host, options))) {
    key = await readKey(env);
    await verify(key, env);
    plans = await eachPlan(changed, options, env, key);
  }
  const codes: number[] = [];
  for (const plan of plans) codes.push(await attempt(env, () => apply(plan, options, env, key)));
  if (options.action === 'write' && !options.remove && isInNpxCache(env.program)) {
    env.printLine(
      'The program is in the cache of npx, which can be emptied. Install it with `npm install -g` and run init again.',
    );
  }
  return plans.length < chosen.length ? 1 : worst(codes);
}

/** The plans of the hosts whose files can be edited. The others are reported. */
async function eachPlan(
  chosen: readonly Host[],
  options: InitOptions,
  env: CommandEnvironment,
  key: string,
): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const host of chosen) {
    await attempt(env, async () => {
      plans.push(await planFor(host, options, env, key));
    });
  }
  return plans;
}

async function apply(plan: Plan, { name, action }: InitOptions, env: CommandEnvironment, key: string): Promise<void> {
  if (action !== 'write' || plan.change === 'none') {
    env.print(`${describePlan(plan, { name, key, action: 'show' })}\n`);
    return;
  }
  const isSecret = plan.entry !== undefined && plan.text.includes(key);
  const backup = await writeConfigFile(plan.file, plan.text, { isSecret, now: new Date() }).catch((error: Error) => {
    throw error instanceof EditError
      ? new InitError(`${plan.path} ${error.message}. Nothing was written to it`)
      : error;
  });
  env.print(`${describePlan(plan, { name, key, action, backup })}\n`);
}

/** @throws Error if HeyReach rejects the key. A HeyReach that cannot be reached is only reported. */
async function verify(key: string, { machine, printLine }: CommandEnvironment): Promise<void> {
  const origin = settings.baseUrl.read.safeParse(machine.env.HEYREACH_BASE_URL?.trim() || DEFAULT_BASE_URL);
  if (!origin.success) throw new UsageError(`HEYREACH_BASE_URL ${origin.error.issues[0]?.message}`);
  const check = await checkKey(origin.data, key);
  if ('reason' in check) {
    printLine(`The key is not checked: ${check.message}. Run \`heyreach-mcp doctor\` later.`);
  } else if (check.status === 401 || check.status === 403) {
    throw new Error(
      `HeyReach rejects this key (HTTP ${check.status}). Nothing was written. Create a key in HeyReach under Settings, Integrations, HeyReach API`,
    );
  } else if (check.isAccepted) {
    printLine('HeyReach accepts the key.');
  } else {
    printLine(`The key is not checked: HeyReach answered HTTP ${check.status}. Run \`heyreach-mcp doctor\` later.`);
  }
}

const worst = (codes: readonly number[]): number => Math.max(0, ...codes);

/** Runs the work for one host. An InitError is printed, and the other hosts go on. @returns the exit code. */
async function attempt(env: CommandEnvironment, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (!(error instanceof InitError)) throw error;
    env.printLine(`heyreach-mcp: ${error.message}.`);
    return 1;
  }
}
