import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { type CallOptions, HeyReachError } from '../client/index.ts';
import { cleanText } from '../tools/clean.ts';
import type { Caller } from '../tools/context.ts';
import { NO_KEY_TEXT, setAside, twinOf } from '../tools/results.ts';
import { clipText, MAX_TEXT_BYTES, shapeAnswer } from '../tools/shape.ts';
import { untrustedFieldsOf } from '../tools/untrusted.ts';
import { guides, resources } from './catalog.ts';
import { logged } from './logged.ts';
import { UnknownId } from './owner.ts';
import type { Guide, Markdown, Resource, ResourceAnswer, ResourceContext } from './resource.ts';
import { MalformedUri, matchTemplate, splitUri } from './uri.ts';

/** No resource is larger, both of its forms together. */
const MAX_RESOURCE_BYTES = 2 * MAX_TEXT_BYTES;
const CLIP = 2_000;

export interface Reading {
  resources: readonly Resource[];
  guides: readonly Guide[];
  hasTool(name: string): boolean;
  /** Reading is only looking for changes. */
  isBackground?: boolean | undefined;
  /** The most that a resource may take, both of its forms together; where it stands beside others. */
  maxBytes?: number | undefined;
}

/** What there is where these tools are shown: a resource is hidden along with the tool that reads the same. */
export function readingOf(hasTool: (name: string) => boolean): Reading {
  return { resources: resources.filter(({ tool }) => hasTool(tool)), guides, hasTool };
}

/**
 * Reads a resource by its URI, with the caller's key.
 * @throws ProtocolError -32602 for a URI that is malformed, or names nothing; -32603 with HeyReach's sentence for any other failure.
 */
export function readResource(
  uri: string,
  reading: Reading,
  caller: Caller,
  signal: AbortSignal,
): Promise<ReadResourceResult> {
  const fields = { resource: templateOf(uri, reading) ?? 'none' };
  const line = { message: 'resource was read', fields, isBackground: reading.isBackground };
  return logged(caller.log, line, (observe) => read(uri, reading, caller, { signal, observe }));
}

async function read(
  uri: string,
  { resources, guides, hasTool, maxBytes = MAX_RESOURCE_BYTES }: Reading,
  caller: Caller,
  options: CallOptions,
): Promise<ReadResourceResult> {
  const guide = guides.find((one) => one.uri === uri);
  if (guide !== undefined) return { contents: [{ uri, mimeType: 'text/markdown', text: guide.text }] };
  const { resource, values } = find(uri, resources);
  const { client, toolMs } = caller;
  if (client === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidRequest, NO_KEY_TEXT);
  const room = resource.mimeType === 'text/markdown' ? maxBytes / 2 : maxBytes;
  const context: ResourceContext = { client, call: { ...options, deadline: Date.now() + toolMs }, room, hasTool };
  try {
    return { contents: toContents(uri, resource, await resource.read(values, context), context) };
  } catch (error) {
    if (error instanceof UnknownId) throw notFound(uri, error.said, resources);
    throw error instanceof HeyReachError ? toProtocolError(uri, error, caller) : error;
  }
}

function find(uri: string, resources: readonly Resource[]): { resource: Resource; values: Record<string, string> } {
  try {
    const segments = splitUri(uri);
    for (const resource of segments === undefined ? [] : resources) {
      const values = matchTemplate(resource.uri, segments!);
      if (values !== undefined) return { resource, values };
    }
  } catch (error) {
    if (!(error instanceof MalformedUri)) throw error;
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Malformed resource URI ${quote(uri)}: ${error.message}.`);
  }
  throw new ResourceNotFoundError(uri, `No resource has the URI ${quote(uri)}.`);
}

/** The template of a resource that is shown here, or its URI where it has no variables; undefined where there is none. */
export function templateOf(uri: string, { resources, guides }: Reading): string | undefined {
  if (guides.some((one) => one.uri === uri)) return uri;
  try {
    return find(uri, resources).resource.uri;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function quote(uri: string): string {
  return JSON.stringify(cleanText(uri).slice(0, 300));
}

function notFound(uri: string, error: HeyReachError, resources: readonly Resource[]): ProtocolError {
  const index = resources.find((one) => uri.startsWith(`${one.uri}/`));
  const where =
    index === undefined
      ? 'HeyReach only knows people who are in its lists, campaigns or inbox.'
      : `What there is stands in ${index.uri}.`;
  return new ResourceNotFoundError(uri, `Nothing was found at ${quote(uri)}. ${saidBy(error)}\n${where}`);
}

/** The protocol's error for a failure of HeyReach, with its own sentence. */
export function toProtocolError(
  uri: string,
  error: HeyReachError,
  { requestId }: Pick<Caller, 'requestId'>,
): ProtocolError {
  // After a read there is nothing to look after.
  const nextStep = error.outcome === 'unknown' ? 'Nothing was changed; read it again in a moment.' : error.nextStep;
  const name = requestId === undefined ? '' : `\nRequest: ${requestId}`;
  const said = `${quote(uri)} could not be read. ${saidBy(error)}\nNext step: ${nextStep}${name}`;
  const twin = { ...twinOf(error, nextStep), ...(requestId && { requestId }) };
  return new ProtocolError(ProtocolErrorCode.InternalError, said, { error: twin });
}

function saidBy({ status, message }: HeyReachError): string {
  return status === undefined ? cleanText(message) : `HeyReach said (HTTP ${status}): ${cleanText(message)}`;
}

/** The markdown first, where there is one: it is what a host shows. */
function toContents(
  uri: string,
  resource: Resource,
  answer: ResourceAnswer,
  { room: maxBytes, hasTool }: ResourceContext,
): ReadResourceResult['contents'] {
  const { data, rows, wholeBy, whole: full = false, markdown } = answer;
  const text = markdown === undefined ? undefined : fitMarkdown(markdown, maxBytes);
  const annotate = (structured: Record<string, unknown>) => {
    const untrustedFields = untrustedFieldsOf(resource.output, structured);
    const isCut = structured.truncated === true && structured.rest === undefined;
    return {
      ...(isCut && wholeBy && hasTool(resource.tool) ? { rest: { tool: resource.tool, arguments: wholeBy } } : {}),
      ...(untrustedFields.length === 0 ? {} : { untrustedFields }),
    };
  };
  const json = shapeAnswer(
    { data: setAside(data), ...(rows && { rows }) },
    { full, clipAt: CLIP, maxBytes, annotate },
  ).text;
  return [
    ...(text === undefined ? [] : [{ uri, mimeType: 'text/markdown', text }]),
    { uri, mimeType: 'application/json', text: json },
  ];
}

function fitMarkdown({ head, pieces, keep, leftOut }: Markdown, maxBytes: number): string {
  // A single piece larger than all the room would leave nothing.
  const clean = pieces.map((piece) => clipText(cleanText(piece), Math.floor(maxBytes / 4)));
  const ordered = keep === 'last' ? [...clean].reverse() : clean;
  let bytes = Buffer.byteLength(head) + 500;
  let kept = 0;
  for (const piece of ordered) {
    bytes += Buffer.byteLength(piece) + 2;
    if (bytes > maxBytes) break;
    kept += 1;
  }
  const shown = ordered.slice(0, kept);
  if (keep === 'last') shown.reverse();
  const note = kept === clean.length ? [] : [`_${leftOut(clean.length - kept)}_`];
  const body = keep === 'last' ? [...note, ...shown] : [...shown, ...note];
  return [cleanText(head), ...body].join('\n\n');
}
