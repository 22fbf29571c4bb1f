import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { type CallOptions, HeyReachError } from '../../client/index.ts';
import { quoteInput } from '../../lib/outside-text.ts';
import { sanitizeText } from '../../lib/sanitize-text.ts';
import { clipText } from '../../lib/text-format.ts';
import { logOperation } from '../../mcp/logging/log-operation.ts';
import type { RequestContext } from '../../mcp/request-context.ts';
import { fitResult, MAX_TEXT_BYTES } from '../../mcp/results/fit-result.ts';
import { messageOf, toProtocolError } from '../../mcp/results/protocol-error.ts';
import { NO_KEY_TEXT, renameReservedFields } from '../../mcp/results/tool-result.ts';
import { guides, resources } from '../index.ts';
import { NotFoundError } from '../shared/read-by-id.ts';
import type { Guide, Markdown, Resource, ResourceContext, ResourceOutput } from '../shared/types.ts';
import { MalformedUriError, matchTemplate, splitUri } from '../shared/uri-template.ts';

/** The limit for both forms of a resource together. */
const MAX_RESOURCE_BYTES = 2 * MAX_TEXT_BYTES;
const MAX_TEXT_LENGTH = 2_000;
/** Characters of a URI in an error. */
const MAX_URI = 300;

/** The resources that a configuration enables, and how they are read. */
export interface ResourceSet {
  resources: readonly Resource[];
  guides: readonly Guide[];
  hasTool(name: string): boolean;
  /** The text of a document that is read here and listed elsewhere, such as a file of a skill. */
  readDocument?(uri: string): string | undefined;
  /** A page of MCP Apps. The definitions of tools name it, and no listing does. */
  readView?(uri: string): ReadResourceResult | undefined;
  /** The reads only look for changes, and are logged at `debug`. */
  isBackground?: boolean | undefined;
  /** A smaller limit for both forms of a resource together. */
  maxBytes?: number | undefined;
}

/** The resources whose tools are enabled. */
export function resourcesFor(hasTool: (name: string) => boolean): ResourceSet {
  return { resources: resources.filter(({ tool }) => hasTool(tool)), guides, hasTool };
}

/**
 * Serves `resources/read` with the caller's key.
 * @throws ProtocolError -32602 for a malformed URI or an unknown resource, -32603 for any other failure.
 */
export function readResource(
  uri: string,
  resourceSet: ResourceSet,
  requestContext: RequestContext,
  signal: AbortSignal,
): Promise<ReadResourceResult> {
  const fields = { resource: templateOf(uri, resourceSet) ?? 'none' };
  const line = { message: 'resource was read', fields, isBackground: resourceSet.isBackground };
  return logOperation(requestContext.log, line, (observe) =>
    read(uri, resourceSet, requestContext, { signal, observe }),
  );
}

async function read(
  uri: string,
  { resources, guides, hasTool, readDocument, readView, maxBytes = MAX_RESOURCE_BYTES }: ResourceSet,
  requestContext: RequestContext,
  options: CallOptions,
): Promise<ReadResourceResult> {
  const text = guides.find((guide) => guide.uri === uri)?.text ?? readDocument?.(uri);
  if (text !== undefined) return { contents: [{ uri, mimeType: 'text/markdown', text }] };
  const view = readView?.(uri);
  if (view !== undefined) return view;
  const { resource, values } = findResource(uri, resources);
  const { client, toolMs } = requestContext;
  if (client === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidRequest, NO_KEY_TEXT);
  const call = { ...options, deadline: Date.now() + toolMs };
  const bytesPerForm = resource.mimeType === 'text/markdown' ? maxBytes / 2 : maxBytes;
  const context: ResourceContext = { client, call, maxBytes: bytesPerForm, hasTool };
  try {
    return { contents: toContents(uri, resource, await resource.read(values, context), context) };
  } catch (error) {
    if (error instanceof NotFoundError) throw notFoundError(uri, error.cause, resources);
    throw error instanceof HeyReachError ? toProtocolError(uri, error, requestContext) : error;
  }
}

function findResource(
  uri: string,
  resources: readonly Resource[],
): { resource: Resource; values: Record<string, string> } {
  try {
    const segments = splitUri(uri);
    for (const resource of segments === undefined ? [] : resources) {
      const values = matchTemplate(resource.uri, segments!);
      if (values !== undefined) return { resource, values };
    }
  } catch (error) {
    if (!(error instanceof MalformedUriError)) throw error;
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Malformed resource URI ${quoteInput(uri, MAX_URI)}: ${error.message}.`,
    );
  }
  throw new ResourceNotFoundError(uri, `No resource has the URI ${quoteInput(uri, MAX_URI)}.`);
}

/** The URI, with its template's variables, of the resource that a URI names. Undefined where there is none. */
function templateOf(uri: string, { resources, guides }: ResourceSet): string | undefined {
  if (guides.some((guide) => guide.uri === uri)) return uri;
  try {
    return findResource(uri, resources).resource.uri;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function notFoundError(uri: string, error: HeyReachError, resources: readonly Resource[]): ProtocolError {
  const index = resources.find((resource) => uri.startsWith(`${resource.uri}/`));
  const nextStep =
    index === undefined
      ? 'HeyReach has only people who are in its lists, campaigns or inbox.'
      : `Read ${index.uri} for the ids that exist.`;
  return new ResourceNotFoundError(
    uri,
    `Nothing was found at ${quoteInput(uri, MAX_URI)}. ${messageOf(error)}\n${nextStep}`,
  );
}

/** The markdown comes first, because hosts show the first content. */
function toContents(
  uri: string,
  resource: Resource,
  output: ResourceOutput,
  { maxBytes, hasTool }: ResourceContext,
): ReadResourceResult['contents'] {
  const { data, rows, nullFields = [], fullArguments, isFull: full = false, markdown } = output;
  const text = markdown === undefined ? undefined : fitMarkdown(markdown, maxBytes);
  const annotate = (structured: Record<string, unknown>) => {
    const isCut = structured.truncated === true && structured.rest === undefined;
    const isReadable = isCut && fullArguments !== undefined && hasTool(resource.tool);
    return isReadable ? { rest: { tool: resource.tool, arguments: fullArguments } } : {};
  };
  const json = fitResult(
    { data: renameReservedFields(data), nullFields, ...(rows && { rows }) },
    { full, clipAt: MAX_TEXT_LENGTH, maxBytes, schema: resource.output(), annotate },
  ).text;
  return [
    ...(text === undefined ? [] : [{ uri, mimeType: 'text/markdown', text }]),
    { uri, mimeType: 'application/json', text: json },
  ];
}

function fitMarkdown({ head, pieces, keep, leftOutNote }: Markdown, maxBytes: number): string {
  // Without this limit a single large piece would leave no text at all.
  const clean = pieces.map((piece) => clipText(sanitizeText(piece), Math.floor(maxBytes / 4)));
  const ordered = keep === 'last' ? [...clean].reverse() : clean;
  let bytes = Buffer.byteLength(head) + 500;
  let count = 0;
  for (const piece of ordered) {
    bytes += Buffer.byteLength(piece) + 2;
    if (bytes > maxBytes) break;
    count += 1;
  }
  const shown = ordered.slice(0, count);
  if (keep === 'last') shown.reverse();
  const note = count === clean.length ? [] : [`_${leftOutNote(clean.length - count)}_`];
  const body = keep === 'last' ? [...note, ...shown] : [...shown, ...note];
  return [sanitizeText(head), ...body].join('\n\n');
}
