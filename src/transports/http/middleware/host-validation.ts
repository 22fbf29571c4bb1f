import { LOOPBACK_NAMES, normalizeHost, readHost } from '../../../lib/hostnames.ts';
import { httpError } from '../../../lib/http-error.ts';
import type { Middleware } from '../pipeline.ts';

/** Addresses that mean every interface. They are not names of the server. */
const WILDCARD_ADDRESSES = ['0.0.0.0', '[::]'];

/** The address that the server listens on, and the further names that clients use. */
export interface HostOptions {
  /** The address that the server listens on. Clients may use it as the host name. */
  host: string;
  /** Further names that clients may use for the server, without ports. Loopback names are always allowed. */
  allowedHosts: readonly string[];
}

/** Tells whether a host, with or without a port, is a name of this server. */
export type IsOwnHost = (host: string) => boolean;

/** Recognizes the names of this server in a Host header, with any port. */
export function ownHosts({ host, allowedHosts }: HostOptions): IsOwnHost {
  const normalized = normalizeHost(host);
  const isWildcard = normalized === undefined || WILDCARD_ADDRESSES.includes(normalized);
  // Some clients normalize 127.1 to 127.0.0.1, others send it as it is.
  const own = isWildcard ? [] : [normalized, host.toLowerCase()];
  const names = new Set([...LOOPBACK_NAMES, ...own, ...allowedHosts.map((name) => name.toLowerCase())]);
  return (requested) => names.has(readHost(requested) ?? '');
}

/**
 * Protects against DNS rebinding: a web page can resolve its own domain to this machine, but its requests still name that
 * domain as the Host. Orchestrators probe containers by IP address, so health probes are exempt.
 */
export function hostValidation(isOwnHost: IsOwnHost, exemptPaths: readonly string[]): Middleware {
  return ({ path, request: { headers } }) => {
    if (exemptPaths.includes(path)) return undefined;
    if (headers.host === undefined) return NO_HOST;
    return isOwnHost(headers.host) ? undefined : UNKNOWN_HOST;
  };
}

const NO_HOST = httpError(400, 'no_host', 'The request has no Host header.');
const UNKNOWN_HOST = httpError(
  403,
  'host',
  'The Host header is not a name of this server. Add the name to HEYREACH_ALLOWED_HOSTS.',
);
