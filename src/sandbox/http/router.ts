import type { World } from '../world.ts';
import { empty, invalid, type Reply } from './reply.ts';

/** One call of an operation. */
export interface Call {
  world: World;
  /** The parsed JSON body; undefined when the operation binds none. */
  body: unknown;
  params: Record<string, string>;
  /** Query values by lower-cased name. */
  query: Map<string, string>;
}

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** The operation's path below `/api/public`; `{name}` stands for one segment. */
  path: string;
  /** True when the operation binds a JSON body: without one it answers 415. */
  body?: boolean;
  handle(call: Call): Reply;
}

/** A request as the router needs it. */
export interface RoutedRequest {
  method: string;
  /** Below `/api/public`, still encoded. */
  path: string;
  query: Map<string, string>;
  contentType: string;
  body: string;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const segment = given[i] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) params[name] = decode(segment);
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return params;
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    throw invalid({ '': [`Unexpected character encountered while parsing value: ${(error as Error).message}`] });
  }
}

/** Finds the operation and calls it: 404 without one, 405 for its other methods, 415 without the JSON it binds. */
export function route(routes: readonly Route[], request: RoutedRequest, world: World): Reply {
  const here = routes.flatMap((candidate) => {
    const params = matchPath(candidate.path, request.path);
    return params ? [{ route: candidate, params }] : [];
  });
  if (here.length === 0) return empty(404);
  const found = here.find((one) => one.route.method === request.method);
  if (!found) return { ...empty(405), headers: { allow: here.map((one) => one.route.method).join(', ') } };
  let body: unknown;
  if (found.route.body) {
    const isJson = /^(?:application|text)\/(?:[\w.-]+\+)?json\b/i.test(request.contentType);
    if (!isJson || request.body.trim() === '') return empty(415);
    body = readJson(request.body);
  }
  return found.route.handle({ world, body, params: found.params, query: request.query });
}

/** A required integer from the query. */
export function queryId(call: Call, name: string): number {
  const given = call.query.get(name.toLowerCase());
  if (given === undefined || given === '') {
    throw invalid({ [name]: [`A value for the '${name}' parameter or property was not provided.`] });
  }
  return readId(given, name);
}

/** An integer from the path or the query. */
export function readId(given: string, name: string): number {
  const id = Number(given);
  if (!/^-?\d+$/.test(given) || !Number.isSafeInteger(id)) {
    throw invalid({ [name]: [`The value '${given}' is not valid.`] });
  }
  return id;
}
