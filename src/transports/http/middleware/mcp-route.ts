import { httpError } from '../../../lib/http-error.ts';
import type { Middleware } from '../pipeline.ts';

/** The path of the MCP endpoint. */
export const ENDPOINT = '/mcp';

/** Rejects every path but the MCP endpoint, with or without a slash at its end. */
export const mcpRoute: Middleware = ({ path }) =>
  path === ENDPOINT || path === `${ENDPOINT}/` ? undefined : NOT_FOUND;

const NOT_FOUND = httpError(
  404,
  'not_found',
  `Not found. The MCP endpoint is POST ${ENDPOINT}. Send a key or token in a header, never in the path.`,
);
