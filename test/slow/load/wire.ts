import { type Era, httpRequest } from '../../bench/http.ts';
import { judgeRejection, judgeResponse, type Outcome, type Response, unusable } from './outcome.ts';
import type { Owner } from './owners.ts';
import type { Wanted } from './wanted.ts';

/** A request as it goes over the wire. */
export interface WireRequest {
  id: number;
  headers: Record<string, string>;
  body: string;
}

/** A response as it came over the wire. */
export interface WireAnswer {
  status: number;
  retryAfter: unknown;
  contentType: string;
  text: string;
}

let ids = 0;

/** Writes a request as a client of that era does. No client ever uses an id twice. */
export function writeRequest(era: Era, { method, params }: Wanted, headers: Record<string, string>): WireRequest {
  ids += 1;
  const written = httpRequest(era, method, params);
  const named = era === '2026-07-28' && params.uri !== undefined ? { 'mcp-name': params.uri } : {};
  return {
    id: ids,
    headers: { ...written.headers, ...named, ...headers },
    body: JSON.stringify({ ...JSON.parse(written.body), id: ids }),
  };
}

/** Judges a response: everything in it must belong to this request. */
export function judgeAnswer(answer: WireAnswer, id: number, request: Wanted, owner: Owner | undefined): Outcome {
  const { status, retryAfter, contentType, text } = answer;
  // A proxy in front of the server answers itself if it reaches no server.
  if (status === 502 && contentType.startsWith('text/html')) return { end: 'refused', kind: '502', faults: [] };
  if (status === 429 || status === 503) return judgeRejection(status, retryAfter);
  let messages: (Response & { id?: unknown; method?: unknown })[];
  try {
    messages = readMessages(answer);
  } catch {
    return unusable(`is no JSON (HTTP ${status}): ${text.slice(0, 200)}`);
  }
  const responses = messages.filter(({ method }) => method === undefined);
  const [response] = responses;
  if (response === undefined || responses.length > 1)
    return unusable(`holds ${responses.length} responses (HTTP ${status})`);
  if (response.id !== id) return unusable(`answers request ${JSON.stringify(response.id)}, not ${id}`);
  const outcome = judgeResponse(response, request, owner);
  if (status >= 500) outcome.faults.push(`is a failure of the server (HTTP ${status})`);
  if (status !== 200 && response.error === undefined) outcome.faults.push(`is a result with HTTP ${status}`);
  return outcome;
}

function readMessages({ contentType, text }: WireAnswer): Response[] {
  if (!contentType.startsWith('text/event-stream')) return [JSON.parse(text)];
  const data = text.split('\n').filter((line) => line.startsWith('data:'));
  return data
    .map((line) => line.slice(5).trim())
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
