import { addElement, readJsonc, removeElement, removeMember, setMember } from '../edit/jsonc.ts';
import { readToml, removeTable, setTable } from '../edit/toml.ts';
import type { Host, HostEntry } from './host.ts';

/** The array of VS Code that holds what it asks a person for. */
const INPUTS = 'inputs';

/** The entry that the text of a host's file has under a name. undefined where there is none. */
export function readEntry({ format, section }: Host, text: string, name: string): unknown {
  return (format === 'toml' ? readToml : readJsonc)(text, [section, name]);
}

/** All entries in the text of a host's file. */
export function readEntries({ format, section }: Host, text: string): Record<string, unknown> {
  const entries = (format === 'toml' ? readToml : readJsonc)(text, [section]);
  return typeof entries === 'object' && entries !== null ? (entries as Record<string, unknown>) : {};
}

/** Adds or replaces the entry, and leaves every other byte as it is. */
export function setEntry({ format, section }: Host, text: string, name: string, { value, input }: HostEntry): string {
  if (format === 'toml') return setTable(text, section, name, value);
  const edited = setMember(text, section, name, value);
  return input === undefined ? edited : addElement(edited, INPUTS, input);
}

/** Removes the entry, and its input where no other entry names it. */
export function removeEntry({ format, section }: Host, text: string, name: string): string {
  if (format === 'toml') return removeTable(text, section, name);
  const entry = JSON.stringify(readJsonc(text, [section, name]) ?? '');
  const edited = removeMember(text, section, name);
  const ids = [...entry.matchAll(/\$\{input:([^}"]+)\}/g)].map(([, id = '']) => id);
  return ids.reduce((rest, id) => (rest.includes(`\${input:${id}}`) ? rest : removeElement(rest, INPUTS, id)), edited);
}

/** What a person copies into an empty file. */
export function wholeFile(host: Host, name: string, entry: HostEntry): string {
  return setEntry(host, '', name, entry);
}
