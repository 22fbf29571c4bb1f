import type * as z from 'zod';
import { lazy } from '../lib/lazy.ts';
import { HeyReachError } from './errors.ts';
import type { RetryClass } from './retry.ts';

/** What a 2xx holds: a JSON object, a JSON value of one type or nothing (`maybe_…`), nothing of use, or any JSON. */
type ResponseMode = 'object' | 'maybe_object' | 'maybe_number' | 'nothing' | 'anything';

/** One operation of the HeyReach API: where its arguments go, what it returns, and what a second call does. */
export interface Operation<Request, Response> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/public`. `{name}` is replaced by a path value. */
  readonly path: string;
  readonly retry: RetryClass;
  /** Arguments that go into the query. Those named in the path go there, and all others into the JSON body. */
  readonly query: readonly (keyof Request & string)[];
  /** False for operations without a body. */
  readonly body: boolean;
  /** Top-level JSON type of a 2xx. */
  readonly responseMode: ResponseMode;
  /** The fields of the response. It describes them, and a mismatch does not make a call fail. */
  readonly response: (() => z.ZodType<Response>) | undefined;
}

interface OperationSpec<Request> {
  retry: RetryClass;
  query?: readonly (keyof Request & string)[];
  body?: boolean;
}

/** Defines an operation: `answering` with a response schema, `silent` with an empty 200. */
export function operation<Request>() {
  return {
    answering<Response>(
      call: `${Operation<Request, Response>['method']} ${string}`,
      response: () => z.ZodType<Response>,
      spec: OperationSpec<Request> & { answers?: Exclude<ResponseMode, 'nothing'> },
    ): Operation<Request, Response> {
      return {
        ...splitCall(call),
        response: lazy(response),
        responseMode: spec.answers ?? 'object',
        ...bodyOptions(call, spec),
      };
    },
    silent(call: `${Operation<Request, void>['method']} ${string}`, spec: OperationSpec<Request>) {
      const silent: Operation<Request, void> = {
        ...splitCall(call),
        response: undefined,
        responseMode: 'nothing',
        ...bodyOptions(call, spec),
      };
      return silent;
    },
  };
}

/** Splits `POST /campaign/GetAll`. */
function splitCall(call: string): { method: Operation<unknown, unknown>['method']; path: string } {
  const [method, path] = call.split(' ') as [Operation<unknown, unknown>['method'], string];
  return { method, path };
}

function bodyOptions<Request>(call: string, spec: OperationSpec<Request>) {
  return { retry: spec.retry, query: spec.query ?? [], body: spec.body ?? !call.startsWith('GET ') };
}

/**
 * Encodes one path value.
 * @throws HeyReachError `not_sent` for a value that cannot be a path segment: an empty one, and `.` and `..`, which a
 *   server may resolve into another path.
 */
function encodePathValue(value: string | number, name = 'a path value'): string {
  const text = String(value);
  if (text === '' || text === '.' || text === '..' || !text.isWellFormed()) {
    throw new HeyReachError({
      kind: 'invalid_input',
      outcome: 'not_sent',
      message: `${name} cannot be ${JSON.stringify(text.slice(0, 60))}`,
      meaning: 'In the path of the request this value could lead to another resource. The request was not sent.',
      nextStep: 'Look the identifier up again with the matching list call.',
    });
  }
  return encodeURIComponent(text);
}

/** Whether requests of an operation name nothing that can be unknown: they list, count or check the key. */
export function namesNothing({ path }: Pick<Operation<never, unknown>, 'path'>): boolean {
  return /\/(?:GetAll|GetAllWebhooks|GetConversations(?:V\d)?|GetOverallStats(?:ByCampaign)?|CheckApiKey)$|^\/blacklist\/GetLeads$/.test(
    path,
  );
}

/**
 * Builds the path with its query, and the JSON body. Undefined arguments are left out.
 * @throws HeyReachError for arguments that cannot be sent.
 */
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
