import type { z } from 'zod';
import type { Repeat } from './retry.ts';

/** What a 2xx holds: a JSON value of one type, perhaps nothing in its place (`maybe_…`), nothing that matters, or anything. */
type Answers = 'object' | 'maybe_object' | 'number' | 'maybe_number' | 'nothing' | 'anything';

/** One operation of the HeyReach API: where its arguments go, what it answers, and what a second call does. */
export interface Operation<Request, Response> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/public`; `{name}` stands for a path value. */
  readonly path: string;
  readonly repeat: Repeat;
  /** Names of the arguments that go into the query; path values are found in the path; the rest is the JSON body. */
  readonly query: readonly (keyof Request & string)[];
  /** False for operations that take no body at all. */
  readonly body: boolean;
  /** Top-level JSON type of a 2xx. */
  readonly answers: Answers;
  /** Names the fields of the answer. Loose: it describes, and never makes a call fail. */
  readonly response: z.ZodType<Response> | undefined;
}

interface OperationSpec<Request> {
  repeat: Repeat;
  query?: readonly (keyof Request & string)[];
  body?: boolean;
}

/** Defines an operation that answers a JSON object described by `response`. */
export function operation<Request>() {
  return {
    answering<Response>(
      call: `${Operation<Request, Response>['method']} ${string}`,
      response: z.ZodType<Response>,
      spec: OperationSpec<Request> & { answers?: Exclude<Answers, 'nothing'> },
    ): Operation<Request, Response> {
      return { ...split(call), response, answers: spec.answers ?? 'object', ...rest(call, spec) };
    },
    /** Defines an operation whose 200 is empty. */
    silent(call: `${Operation<Request, void>['method']} ${string}`, spec: OperationSpec<Request>) {
      const made: Operation<Request, void> = {
        ...split(call),
        response: undefined,
        answers: 'nothing',
        ...rest(call, spec),
      };
      return made;
    },
  };
}

function split(call: string): { method: Operation<unknown, unknown>['method']; path: string } {
  const [method, path] = call.split(' ') as [Operation<unknown, unknown>['method'], string];
  return { method, path };
}

function rest<Request>(call: string, spec: OperationSpec<Request>) {
  return { repeat: spec.repeat, query: spec.query ?? [], body: spec.body ?? !call.startsWith('GET ') };
}

/**
 * Encodes one path value.
 * @throws RangeError for what cannot be a path segment: an empty value, and `.` and `..`, which a server may resolve into
 *   another path.
 */
function encodePathValue(value: string | number, name = 'a path value'): string {
  const text = String(value);
  if (text === '' || text === '.' || text === '..' || !text.isWellFormed()) {
    throw new RangeError(`${name} cannot be ${JSON.stringify(text.slice(0, 60))}`);
  }
  return encodeURIComponent(text);
}

/** The path with its query, and the JSON body, of a call. Arguments that are undefined are left out. */
export function buildRequest<Request extends object>(
  operation: Operation<Request, unknown>,
  request: Request,
): { path: string; body: string | undefined } {
  const values = { ...request } as Record<string, unknown>;
  const take = (name: string) => {
    const value = values[name];
    delete values[name];
    return value;
  };
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodePathValue(take(name) as string | number, name),
  );
  const query = new URLSearchParams();
  for (const name of operation.query) {
    const value = take(name);
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const search = query.size === 0 ? '' : `?${query}`;
  return { path: `/api/public${path}${search}`, body: operation.body ? JSON.stringify(values) : undefined };
}
