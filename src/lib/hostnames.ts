/** The names of this machine for itself. */
export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

const NAME = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i;
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * A host name or address in the form of URLs: in lower case, and IPv6 in brackets and in its short form.
 * @returns undefined for anything else, such as a name with a port.
 */
export function normalizeHost(host: string): string | undefined {
  const name = host.split(':').length > 2 && !host.startsWith('[') ? `[${host}]` : host;
  return NAME.test(name) && URL.canParse(`http://${name}`) ? new URL(`http://${name}`).hostname : undefined;
}

/**
 * The host name in a Host header, or in an Origin after its scheme, without the port. A URL parser would take
 * `evil@localhost`, `localhost/evil` and `0x7f.1` for names of this machine.
 * @returns undefined for an invalid host.
 */
export function readHost(host: string): string | undefined {
  const name = HOST.exec(host)?.[1]?.toLowerCase();
  // Code that makes a URL of the host would throw at a port above 65,535.
  if (name === undefined || !URL.canParse(`http://${host}`)) return undefined;
  return name.startsWith('[') ? normalizeHost(name) : name;
}

/** Whether a host of a URL, or an address, can only be this machine. */
export function isLoopback(host: string): boolean {
  const name = normalizeHost(host);
  return name !== undefined && (LOOPBACK_NAMES.includes(name) || /^127(\.\d{1,3}){3}$/.test(name));
}
