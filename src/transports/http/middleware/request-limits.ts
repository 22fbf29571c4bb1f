import { httpError } from '../../../lib/http-error.ts';
import { isSentTwice } from '../../../lib/http-headers.ts';
import type { Middleware } from '../pipeline.ts';

/** Node parses 2,000 headers and silently drops the rest, which could include an Origin. */
export const MAX_HEADERS = 100;
/** `/mcp` needs no query. A longer URL is an error or an attack. */
export const MAX_URL = 2_048;

/** Node keeps the first of several values. A proxy may have checked another one. */
const SINGLE_HEADERS = ['host', 'origin', 'content-type'];

/**
 * Rejects a request with too many headers, too long a URL, or a repeated header that must be single. Also one with a transfer
 * coding that the server does not decode, or an `Expect` that it cannot meet.
 */
export const requestLimits: Middleware = ({ request: { rawHeaders, url = '', headers } }) => {
  if (rawHeaders.length / 2 > MAX_HEADERS) return TOO_MANY_HEADERS;
  if (url.length > MAX_URL) return LONG_URL;
  if (SINGLE_HEADERS.some((name) => isSentTwice(name, rawHeaders))) return REPEATED_HEADER;
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && !/^chunked$/i.test(coding)) return TRANSFER_CODING;
  return headers.expect === undefined || /^100-continue$/i.test(headers.expect) ? undefined : UNKNOWN_EXPECTATION;
};

const TOO_MANY_HEADERS = httpError(431, 'too_many_headers', `The request has more than ${MAX_HEADERS} headers.`);
const REPEATED_HEADER = httpError(
  400,
  'repeated_header',
  'Host, Origin or Content-Type was sent twice. Nothing was done. Send each at most once.',
);
const TRANSFER_CODING = httpError(
  400,
  'transfer_coding',
  'The server supports only the transfer coding chunked. Nothing was done. Send the body without another coding.',
);
const LONG_URL = httpError(414, 'long_url', `The URL is longer than ${MAX_URL} characters.`);
const UNKNOWN_EXPECTATION = httpError(
  417,
  'expectation',
  'The server supports only the value 100-continue of the Expect header.',
);
