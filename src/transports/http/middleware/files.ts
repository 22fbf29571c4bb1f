import type { Principal } from '../../../auth/authenticator.ts';
import { type HttpError, httpError, isHttpError, respondJson } from '../../../lib/http-error.ts';
import type { RequestContext } from '../../../mcp/request-context.ts';
import type { ConcurrencyLimiter } from '../concurrency-limiter.ts';
import { type GracefulShutdown, SHUTTING_DOWN } from '../graceful-shutdown.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { Middleware, MiddlewareResult } from '../pipeline.ts';
import { ENCODED, isEncoded } from './content-type.ts';
import { type BodyReader, tooLarge } from './json-body.ts';
import type { UploadLimiter } from './upload-limit.ts';

/** The largest file that a caller can upload. */
export const MAX_FILE_MB = 20;
const FILE_LIMIT = {
  bytes: MAX_FILE_MB * 1_000_000,
  error: tooLarge(`larger than ${MAX_FILE_MB} MB. Nothing was kept.`),
};

const UPLOAD_PATH = '/files';
const CSV_PATH = /^\/(?:results\/(?<resultId>[0-9a-f]{12})\.csv|jobs\/(?<jobId>[0-9a-f]{12})\/outcome\.csv)$/;

/** Which file a path is about. undefined for every other path. */
export function routeOf(path: string): 'upload' | 'download' | undefined {
  if (path === UPLOAD_PATH) return 'upload';
  return CSV_PATH.test(path) ? 'download' : undefined;
}

/** Rejects other methods. */
export function fileMethod(method: 'GET' | 'POST'): Middleware {
  const rejection = method === 'POST' ? ONLY_POST : ONLY_GET;
  return ({ request }) => (request.method === method ? undefined : rejection);
}

/** A file belongs to a key. */
export const requireKey: Middleware = ({ principal }) => (principal.client === undefined ? NO_KEY : undefined);

/** Reads an uploaded file, and releases the upload slot. */
export function fileBody(bodies: BodyReader, uploads: UploadLimiter, shutdown: GracefulShutdown): Middleware {
  return async (exchange) => {
    const { headers } = exchange.request;
    if (isEncoded(headers)) return ENCODED;
    if (/^multipart\//i.test(headers['content-type'] ?? '')) return MULTIPART;
    const body = await bodies.readBytes(exchange, FILE_LIMIT);
    // The upload limiter may have rejected the request during the upload.
    if (exchange.isAnswered) return 'ended';
    if (shutdown.isShuttingDown) return SHUTTING_DOWN;
    if ('error' in body) return body.error;
    if (body.bytes.length === 0) return EMPTY_FILE;
    uploads.release(exchange);
    exchange.file = body.bytes;
    return undefined;
  };
}

/** Takes one of the slots of calls until the response ends. */
export function fileSlot(calls: ConcurrencyLimiter): Middleware {
  return (exchange) => {
    const slot = calls.acquire(exchange.principal.name);
    if (isHttpError(slot)) return slot;
    exchange.onClose(slot.release);
    return undefined;
  };
}

/** Keeps an uploaded file for the caller's key, and responds with what the parameter `file` of a tool takes. */
export function receiveFile(context: FileContext): Middleware {
  return async (exchange): Promise<MiddlewareResult> => {
    const { principal, file, response, log } = exchange;
    const owner = ownerOf(exchange, context);
    if (typeof owner !== 'string') return owner;
    const sha = await context.files.ofOwner(owner).upload(file!);
    log.info({ ...callerFields(principal), bytes: file!.byteLength }, 'file was uploaded');
    if (!response.destroyed) respondJson(response, 200, { file: `up:${sha}`, bytes: file!.byteLength });
    return 'ended';
  };
}

/** Responds with a CSV of the caller's key. */
export function sendFile(context: FileContext): Middleware {
  return async (exchange): Promise<MiddlewareResult> => {
    const { principal, path, response, log } = exchange;
    const { resultId, jobId } = CSV_PATH.exec(path)!.groups!;
    const owner = ownerOf(exchange, context);
    if (typeof owner !== 'string') return owner;
    const own = context.files.ofOwner(owner);
    const csv = resultId === undefined ? await own.outcomeCsv(jobId!) : await own.resultCsv(resultId);
    if (csv === undefined) return NO_FILE;
    log.info({ ...callerFields(principal), bytes: csv.byteLength }, 'file was downloaded');
    const name = resultId === undefined ? `outcome-${jobId}.csv` : `result-${resultId}.csv`;
    response.writeHead(200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-length': csv.byteLength,
      'content-disposition': `attachment; filename="${name}"`,
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    response.end(csv);
    return 'ended';
  };
}

/** The services of file requests. */
type FileContext = Pick<RequestContext, 'files' | 'workspaces'>;

/** The fingerprint of the key that a file belongs to: of the workspace that the query names, or of the caller. */
function ownerOf({ principal, request }: HttpExchange, { workspaces }: FileContext): string | HttpError {
  const [, query = ''] = (request.url ?? '').split('?', 2);
  const name = new URLSearchParams(query).get('workspace');
  if (name === null) return principal.client!.fingerprint;
  return workspaces?.clientOf(name)?.fingerprint ?? UNKNOWN_WORKSPACE;
}

function callerFields({ client, token, user }: Principal) {
  const caller = { ...(token && { token: token.name }), ...(user && { user: user.subject }) };
  return { keyFingerprint: client!.fingerprint, ...caller };
}

const ONLY_POST = httpError(405, 'method', `${UPLOAD_PATH} accepts only POST, with the file as the body.`, {
  headers: { allow: 'POST, OPTIONS' },
});
const ONLY_GET = httpError(405, 'method', 'A CSV can only be read. Send GET.', { headers: { allow: 'GET, OPTIONS' } });
const NO_KEY = httpError(
  401,
  'no_key',
  'Files belong to a HeyReach key, and the request has none. Send the key in X-API-KEY or Authorization: Bearer.',
  { headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp"' } },
);
const MULTIPART = httpError(
  415,
  'multipart',
  'The body is a form. Send the file itself as the body: curl --data-binary @people.csv.',
);
const EMPTY_FILE = httpError(400, 'empty_file', 'The body is empty. Nothing was kept. Send the file as the body.');
const UNKNOWN_WORKSPACE = httpError(
  400,
  'unknown_workspace',
  'The server has no workspace of this name. Nothing was kept. HEYREACH_WORKSPACES lists the names.',
);
const NO_FILE = httpError(
  404,
  'no_file',
  'No such file. Files are kept for 24 hours, and only the key that made one can read it.',
);
