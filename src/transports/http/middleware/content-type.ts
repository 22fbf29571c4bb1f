import type { IncomingHttpHeaders } from 'node:http';
import { httpError } from '../../../lib/http-error.ts';
import type { Middleware } from '../pipeline.ts';

/** Accepts POST requests with an uncompressed JSON body. */
export const contentType: Middleware = ({ request: { method, headers } }) => {
  if (method !== 'POST') return NOT_POST;
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return NOT_JSON;
  return isEncoded(headers) ? ENCODED : undefined;
};

/** Whether a body is compressed. */
export function isEncoded(headers: IncomingHttpHeaders): boolean {
  return !/^identity$/i.test(headers['content-encoding'] ?? 'identity');
}

const NOT_POST = httpError(
  405,
  'method',
  'The endpoint accepts only POST. Choose the transport Streamable HTTP in the client, not SSE.',
  { headers: { allow: 'POST, OPTIONS' } },
);
const NOT_JSON = httpError(415, 'content_type', 'The request body must be JSON. Send Content-Type: application/json.');
/** The rejection of a compressed body. */
export const ENCODED = httpError(
  415,
  'encoding',
  'The server does not decode request bodies. Send the body uncompressed, without Content-Encoding.',
);
