/** The names under which this machine alone calls itself. */
export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

const NAME = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i;
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * A host name or address as it stands in the URLs of clients: lower-cased, IPv6 in brackets and in its short form.
 * @returns undefined for anything else, such as a name with a port.
 */
export function spellHost(host: string): string | undefined {
  const name = host.split(':').length > 2 && !host.startsWith('[') ? `[${host}]` : host;
  return NAME.test(name) && URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : undefined;
}

/**
 * The name in a Host header, or after the scheme of an Origin, without its port. It is not read as a URL: there
 * `evil@localhost`, `localhost/evil` and `0x7f.1` are names of this machine, too.
 * @returns undefined for what is no host.
 */
export function readHost(host: string): string | undefined {
  const name = HOST.exec(host)?.[1]?.toLowerCase();
  // A port past 65,535 would break whoever makes a URL of it.
  if (name === undefined || !URL.canParse(`http://${host}`)) return undefined;
  return name.startsWith('[') ? spellHost(name) : name;
}

/** Whether a host, as it stands in a URL or as an address, is this machine and nothing else. */
export function isLoopback(host: string): boolean {
  const name = spellHost(host);
  return name !== undefined && (LOOPBACK_NAMES.includes(name) || /^127(\.\d{1,3}){3}$/.test(name));
}
