import {
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';
import { HeyReachError } from '../client/index.ts';
import { cleanText } from '../tools/clean.ts';
import type { Caller } from '../tools/context.ts';
import { errorText, NO_KEY_TEXT, twinOf } from '../tools/results.ts';
import { MAX_TEXT_BYTES, shapeAnswer } from '../tools/shape.ts';
import { untrustedFieldsOf } from '../tools/untrusted.ts';
import type { Guide, Markdown, Resource, ResourceAnswer, ResourceContext } from './resource.ts';
import { MalformedUri, matchTemplate, splitUri } from './uri.ts';

/** No resource is larger, both of its forms together. */
const MAX_RESOURCE_BYTES = 2 * MAX_TEXT_BYTES;
const CLIP = 2_000;

export interface Reading {
  resources: readonly Resource[];
  guides: readonly Guide[];
  hasTool(name: string): boolean;
  /** The most that a resource may take, both of its forms together; where it stands beside others. */
  maxBytes?: number | undefined;
}

/**
 * Reads a resource by its URI, with the caller's key.
 * @throws ProtocolError -32602 for a URI that is malformed, or names nothing; -32603 with HeyReach's sentence for any other failure.
 */
export async function readResource(
  uri: string,
  { resources, guides, hasTool, maxBytes = MAX_RESOURCE_BYTES }: Reading,
  caller: Caller,
  signal: AbortSignal,
): Promise<ReadResourceResult> {
  const guide = guides.find((one) => one.uri === uri);
  if (guide !== undefined) return { contents: [{ uri, mimeType: 'text/markdown', text: guide.text }] };
  const { resource, values } = find(uri, resources);
  const { client, toolMs } = caller;
  if (client === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidRequest, NO_KEY_TEXT);
  const context: ResourceContext = { client, call: { signal, deadline: Date.now() + toolMs }, hasTool };
  try {
    return { contents: toContents(uri, resource, await resource.read(values, context), maxBytes) };
  } catch (error) {
    throw error instanceof HeyReachError ? toProtocolError(uri, error) : error;
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

function quote(uri: string): string {
  return JSON.stringify(cleanText(uri).slice(0, 300));
}

/** The protocol's error for a failure of HeyReach, which answers 404 or 400 for an id that it does not know. */
export function toProtocolError(uri: string, error: HeyReachError): ProtocolError {
  const twin = twinOf(error, error.nextStep);
  const said = errorText(twin, error);
  if (error.status === 404 || error.status === 400) {
    return new ResourceNotFoundError(uri, `Nothing was found at ${quote(uri)}. ${said}`);
  }
  return new ProtocolError(ProtocolErrorCode.InternalError, `${quote(uri)} could not be read. ${said}`, {
    error: twin,
  });
}

/** The markdown first, where there is one: it is what a host shows. */
function toContents(
  uri: string,
  resource: Resource,
  answer: ResourceAnswer,
  most: number,
): ReadResourceResult['contents'] {
  const { data, rows, markdown } = answer;
  const maxBytes = markdown === undefined ? most : most / 2;
  const text = markdown === undefined ? undefined : fitMarkdown(markdown, maxBytes);
  const annotate = (structured: Record<string, unknown>) => {
    const untrustedFields = untrustedFieldsOf(resource.output, structured);
    return untrustedFields.length === 0 ? {} : { untrustedFields };
  };
  const json = shapeAnswer({ data, ...(rows && { rows }) }, { full: false, clipAt: CLIP, maxBytes, annotate }).text;
  return [
    ...(text === undefined ? [] : [{ uri, mimeType: 'text/markdown', text }]),
    { uri, mimeType: 'application/json', text: json },
  ];
}

function fitMarkdown({ head, pieces, keep, leftOut }: Markdown, maxBytes: number): string {
  const clean = pieces.map(cleanText);
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
