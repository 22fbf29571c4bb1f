import type { World } from '../state.ts';
import { type ApiResponse, emptyResponse, validationError } from './response.ts';

/** One call of a route. */
export interface RouteCall {
  world: World;
  /** The parsed JSON body. undefined when the route takes no body. */
  body: unknown;
  params: Record<string, string>;
  /** Query values by lower-cased name. */
  query: Map<string, string>;
}

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** The path below `/api/public`. `{name}` matches one segment. */
  path: string;
  /** True when the route takes a JSON body. A request without one gets 415. */
  body?: boolean;
  handle(call: RouteCall): ApiResponse;
}

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
  const patternSegments = pattern.split('/');
  const segments = path.replace(/\/$/, '').split('/');
  if (patternSegments.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of patternSegments.entries()) {
    const segment = segments[i] ?? '';
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
    throw validationError({
      '': [`Unexpected character encountered while parsing value: ${(error as Error).message}`],
    });
  }
}

/** Calls the route of a request. 404 without a route, 405 for another method, 415 without the required JSON body. */
export function dispatch(routes: readonly Route[], request: RoutedRequest, world: World): ApiResponse {
  const matching = routes.flatMap((candidate) => {
    const params = matchPath(candidate.path, request.path);
    return params ? [{ route: candidate, params }] : [];
  });
  if (matching.length === 0) return emptyResponse(404);
  const match = matching.find((candidate) => candidate.route.method === request.method);
  if (!match)
    return {
      ...emptyResponse(405),
      headers: { allow: matching.map((candidate) => candidate.route.method).join(', ') },
    };
  let body: unknown;
  if (match.route.body) {
    const isJson = /^(?:application|text)\/(?:[\w.-]+\+)?json\b/i.test(request.contentType);
    if (!isJson || request.body.trim() === '') return emptyResponse(415);
    body = readJson(request.body);
  }
  return match.route.handle({ world, body, params: match.params, query: request.query });
}

/** A required integer query parameter. */
export function requiredQueryId(call: RouteCall, name: string): number {
  const text = call.query.get(name.toLowerCase());
  if (text === undefined || text === '') {
    throw validationError({ [name]: [`A value for the '${name}' parameter or property was not provided.`] });
  }
  return parseId(text, name);
}

/** Parses an integer of the path or the query. */
export function parseId(text: string, name: string): number {
  const id = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(id)) {
    throw validationError({ [name]: [`The value '${text}' is not valid.`] });
  }
  return id;
}
