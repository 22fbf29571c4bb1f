import type { Config } from '../../config/settings.ts';
import { WorkspaceFile } from '../../config/workspace-file.ts';
import { checkKey, type KeyAnswer, type KeyKind } from '../check-key.ts';
import { type DoctorCheck, failed, ok, skipped, warning } from './check.ts';
import { checkDns, checkTls } from './network-checks.ts';

const CREATE_KEY = 'Create a key in HeyReach under Settings, Integrations, HeyReach API.';
const SET_ORGANIZATION_KEY = "Set HEYREACH_ORG_API_KEY to the organization's API key, not the key of a workspace.";
const MAX_SKEW_MS = 60_000;

/** What makes a connection differ from that of other programs on the computer. */
function describeNetwork(env: Record<string, string | undefined>): string {
  const proxies = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].filter((name) => env[name]);
  const notes = [
    ...(proxies.length > 0 ? [`${proxies.join(', ')} has no effect: this program uses no proxy`] : []),
    ...(env.NODE_EXTRA_CA_CERTS ? ['NODE_EXTRA_CA_CERTS adds certificates'] : []),
  ];
  return notes.length === 0 ? '' : ` (${notes.join('. ')})`;
}

/** A key of the settings, and what checks call it. */
interface NamedKey {
  check: string;
  title: string;
  key: string;
  /** `workspace` where omitted. */
  kind?: KeyKind;
  next: string;
}

/** Checks the way to HeyReach, and asks it once about each key of the settings. A key goes to the configured host only. */
export async function checkHeyReach(config: Config, env: Record<string, string | undefined>): Promise<DoctorCheck[]> {
  if (config.sandbox) return [skipped('HeyReach', 'the sandbox needs no key and no network')];
  const { baseUrl } = config;
  const dns = await checkDns(baseUrl);
  const tls = dns.status === 'failed' ? skipped('TLS', 'needs the address of the host') : await checkTls(baseUrl);
  const way = [dns, tls];
  if (way.some(({ status }) => status === 'failed')) {
    return [...way, skipped('HeyReach', `cannot be asked before the check above succeeds${describeNetwork(env)}`)];
  }
  const keys = await keysOf(config);
  if (keys.length === 0) return [...way, skipped('key', 'each request brings its own key')];
  const results = await Promise.all(
    keys.map(async (named) => ({ named, result: await checkKey(baseUrl, named.key, named.kind) })),
  );
  const answered = results.filter(({ result }) => isVerdict(result));
  const [first] = answered.length > 0 ? answered : results;
  return [
    ...way,
    ...describeHost(baseUrl, first!.result, describeNetwork(env)),
    ...results.map(({ named, result }) => describeKey(named, result)).filter((check) => check !== undefined),
  ];
}

/** The keys of the settings. A file that cannot be read has a check of its own. */
async function keysOf({ apiKey, organizationKey, workspaces }: Config): Promise<NamedKey[]> {
  const own: NamedKey[] = [];
  if (apiKey !== undefined) own.push({ check: 'key', title: 'HEYREACH_API_KEY', key: apiKey, next: CREATE_KEY });
  if (organizationKey !== undefined) {
    own.push({
      check: 'organization key',
      title: 'HEYREACH_ORG_API_KEY',
      key: organizationKey,
      kind: 'organization',
      next: SET_ORGANIZATION_KEY,
    });
  }
  if (workspaces === undefined) return own;
  const file = await WorkspaceFile.open(workspaces).catch(() => undefined);
  const named = [...(file?.keys ?? [])].map(([name, key]) => ({
    check: `key of ${name}`,
    title: `the key of the workspace ${name}`,
    key,
    next: `${CREATE_KEY} Replace the key in the line ${name} of ${workspaces}.`,
  }));
  return [...own, ...named];
}

/** Whether HeyReach said what it thinks of a key. */
function isVerdict(result: KeyAnswer): result is Extract<KeyAnswer, { status: number }> {
  return 'status' in result && result.status < 500 && result.status !== 429;
}

function describeHost(baseUrl: string, result: KeyAnswer, note: string): DoctorCheck[] {
  if ('reason' in result) {
    const next = 'Check the network, firewalls and HEYREACH_BASE_URL. Nothing was changed.';
    return [failed('HeyReach', `${baseUrl} cannot be reached: ${result.message}${note}`, next)];
  }
  const { status, ms, date, isSandbox } = result;
  if (!isVerdict(result)) {
    const detail = `${baseUrl} answered HTTP ${status} after ${ms} ms${note}`;
    return [failed('HeyReach', detail, 'Try again in some minutes.')];
  }
  const host = ok('HeyReach', `${baseUrl}${isSandbox ? ' (a sandbox)' : ''} answered after ${ms} ms${note}`);
  return [host, ...(date === undefined ? [] : [checkClock(date, new Date())])];
}

/** What HeyReach says of a key. undefined where it says nothing, for which the host has a check. */
function describeKey({ check, title, next }: NamedKey, result: KeyAnswer): DoctorCheck | undefined {
  if (!isVerdict(result)) return undefined;
  if (result.isAccepted) return ok(check, `HeyReach accepts ${title}`);
  return failed(check, `HeyReach rejects ${title} (HTTP ${result.status})`, next);
}

/** Whether the clocks of HeyReach and this computer agree. */
function checkClock(theirs: Date, ours: Date): DoctorCheck {
  const skew = Math.abs(ours.getTime() - theirs.getTime());
  const seconds = Math.round(skew / 1_000);
  if (skew <= MAX_SKEW_MS) return ok('clock', 'agrees with the clock of HeyReach');
  return warning(
    'clock',
    `differs from the clock of HeyReach by ${seconds} s`,
    'Set the clock: days in reports depend on it.',
  );
}
