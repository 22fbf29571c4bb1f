import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { logOperation } from '../mcp/logging/log-operation.ts';
import type { RequestContext } from '../mcp/request-context.ts';
import { NO_KEY_TEXT } from '../mcp/results/tool-result.ts';

/** How much of a file one read returns. */
const READ_BYTES = 100_000;
const FILE_URI =
  /^(?<file>heyreach:\/\/(?:results\/(?<resultId>[0-9a-f]{12})\.csv|jobs\/(?<jobId>[0-9a-f]{12})\/outcome\.csv))(?:\?offset=(?<offset>\d{1,9}))?$/;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const LINE_BREAK = 0x0a;

/** A part of a CSV that the caller's key owns. */
interface FileUri {
  /** The URI without its offset. */
  file: string;
  resultId?: string | undefined;
  jobId?: string | undefined;
  /** In bytes. */
  offset: number;
}

/** @returns undefined for a URI of another resource. */
export function parseFileUri(uri: string): FileUri | undefined {
  const { groups } = FILE_URI.exec(uri) ?? {};
  if (groups === undefined) return undefined;
  return { file: groups.file!, resultId: groups.resultId, jobId: groups.jobId, offset: Number(groups.offset ?? 0) };
}

/**
 * Reads whole lines of a CSV, at most 100 kB. A second content names the URI of the rest.
 * @throws ProtocolError for a caller without a key, for a file that the key does not own, and for an offset behind its end.
 */
export function readCsvFile(uri: FileUri, context: RequestContext): Promise<ReadResourceResult> {
  const resource =
    uri.jobId === undefined ? 'heyreach://results/{resultId}.csv' : 'heyreach://jobs/{jobId}/outcome.csv';
  return logOperation(context.log, { message: 'resource was read', fields: { resource } }, () => read(uri, context));
}

async function read({ file, resultId, jobId, offset }: FileUri, context: RequestContext): Promise<ReadResourceResult> {
  const csv = await findCsv({ resultId, jobId }, context);
  if (csv === undefined) throw new ResourceNotFoundError(file, NOT_FOUND);
  if (offset > 0 && offset >= csv.byteLength) {
    const message = `The file has ${csv.byteLength} bytes, so nothing is at offset ${offset}. Read ${file} from its start.`;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
  }
  const { text, end } = cut(Buffer.from(csv), offset);
  // Cells hold text of other people.
  const part = { uri: withOffset(file, offset), mimeType: 'text/csv', text, _meta: { untrustedFields: ['text'] } };
  return { contents: end < csv.byteLength ? [part, restAfter(file, end, csv.byteLength)] : [part] };
}

/** Looks in all workspaces of the server, because a URI names none. */
async function findCsv({ resultId, jobId }: Pick<FileUri, 'resultId' | 'jobId'>, context: RequestContext) {
  const { client, workspaces, files } = context;
  if (client === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidRequest, NO_KEY_TEXT);
  const named = workspaces?.names().flatMap((name) => workspaces.clientOf(name) ?? []) ?? [];
  for (const { fingerprint } of [client, ...named]) {
    const own = files.ofOwner(fingerprint);
    const csv = jobId === undefined ? await own.resultCsv(resultId!) : await own.outcomeCsv(jobId);
    if (csv !== undefined) return csv;
  }
  return undefined;
}

/** Ends after a line where a line ends, else between two characters. */
function cut(csv: Buffer, offset: number): { text: string; end: number } {
  const hasMark = offset === 0 && csv.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const start = hasMark ? BYTE_ORDER_MARK.length : characterAt(csv, offset);
  const most = Math.min(csv.length, start + READ_BYTES);
  const lineEnd = most === csv.length ? most : csv.lastIndexOf(LINE_BREAK, most - 1) + 1;
  const end = lineEnd > start ? lineEnd : characterAt(csv, most);
  return { text: csv.toString('utf8', start, end), end };
}

/** The first byte of a character at or after a position. */
function characterAt(csv: Buffer, position: number): number {
  let at = position;
  while (at < csv.length && (csv[at]! & 0xc0) === 0x80) at += 1;
  return at;
}

function restAfter(file: string, end: number, size: number) {
  const uri = withOffset(file, end);
  return { uri, mimeType: 'text/plain', text: `This is byte ${end} of ${size}. Read ${uri} for the rest.` };
}

function withOffset(file: string, offset: number): string {
  return offset === 0 ? file : `${file}?offset=${offset}`;
}

const NOT_FOUND =
  'No such file. Files are kept for 24 hours, and only the key that made one can read it. Call the tool that made it again.';
