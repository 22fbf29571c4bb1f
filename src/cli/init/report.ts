import { wholeFile } from '../hosts/edit-entry.ts';
import { EXAMPLE_KEY, type Host, type HostEntry, KEY_VARIABLE } from '../hosts/host.ts';
import type { Plan } from './plan.ts';

const VERBS = {
  show: { add: 'would add', replace: 'would replace', remove: 'would remove' },
  write: { add: 'added', replace: 'replaced', remove: 'removed' },
};

/** An entry without its key. */
function withoutKey({ value, input }: HostEntry, key: string): HostEntry {
  const env = value.env as Record<string, string> | undefined;
  const hidden =
    env?.[KEY_VARIABLE] === key && key !== '' ? { ...value, env: { ...env, [KEY_VARIABLE]: EXAMPLE_KEY } } : value;
  return input === undefined ? { value: hidden } : { value: hidden, input };
}

/** The entry in a file of its own, without its key. */
export function shownEntry(host: Host, name: string, entry: HostEntry, key: string): string {
  return wholeFile(host, name, withoutKey(entry, key));
}

/** What is done, or would be done, to the file of a host. Shows the entry, never other parts of the file or the key. */
export function describePlan(
  { host, path, change, entry }: Plan,
  { name, key, action, backup }: { name: string; key: string; action: 'show' | 'write'; backup?: string | undefined },
): string {
  const lines = [`${host.title}: ${path}`];
  if (change === 'none') {
    lines.push(entry === undefined ? `  has no entry ${name}` : `  has the entry ${name} already`);
    return lines.join('\n');
  }
  lines.push(`  ${VERBS[action][change]} the entry ${name}`);
  if (entry !== undefined && action === 'show') {
    lines.push(
      ...shownEntry(host, name, entry, key)
        .trimEnd()
        .split('\n')
        .map((line) => `  + ${line}`),
    );
  }
  if (backup !== undefined) lines.push(`  backup: ${backup}`);
  if (action === 'write' && change !== 'remove') lines.push(`  ${host.afterwards}`);
  return lines.join('\n');
}
