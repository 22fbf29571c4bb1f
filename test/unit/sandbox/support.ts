import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index.ts';

/** A Wednesday noon, when schedules are open. */
export const NOON = Date.parse('2026-11-18T12:00:00Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const open = new Set<Sandbox>();

afterEach(async () => {
  await Promise.all([...open].map((sandbox) => sandbox.close()));
  open.clear();
});

/** A response. `body` is the parsed JSON, if any, and `text` the raw body. */
export interface Answer<T> {
  status: number;
  type: string | null;
  headers: Headers;
  text: string;
  body: T;
}

export interface Page<T> {
  totalCount: number;
  items: T[];
}

export interface Client extends Sandbox {
  call<T = { errorMessage: string }>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  post<T = { errorMessage: string }>(path: string, body?: unknown): Promise<Answer<T>>;
  get<T = { errorMessage: string }>(path: string): Promise<Answer<T>>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A sandbox on a manual clock at noon, with its own key and fetch. It is closed after the test. */
export async function sandbox(options: SandboxOptions = {}): Promise<Client> {
  const client = await connect(options);
  open.add(client);
  return client;
}

/** A sandbox for all tests of a group that do not change it. */
export function sharedSandbox(): () => Client {
  let client: Client;
  beforeAll(async () => {
    client = await connect({});
  });
  afterAll(() => client.close());
  return () => client;
}

export async function connect(options: SandboxOptions): Promise<Client> {
  const started = await startSandbox({ clock: 'manual', startAt: NOON, rateLimit: false, ...options });
  const call: Client['call'] = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const isRaw = typeof body === 'string';
    const response = await fetch(`${started.url}/api/public${path}`, {
      method,
      redirect: 'manual',
      headers: {
        'x-api-key': path.startsWith('/management') ? 'org-key' : 'any-key',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type');
    return { status: response.status, type, headers: response.headers, text, body: parse(text) as T };
  };
  // A spread would evaluate the getters only once.
  return Object.assign(Object.create(started) as Sandbox, {
    call,
    post: <T>(path: string, body?: unknown) => call<T>('POST', path, body),
    get: <T>(path: string) => call<T>('GET', path),
  }) as Client;
}

/** A lead for the routes that add leads. */
export function lead(slug: string, more: Record<string, unknown> = {}) {
  return { profileUrl: `https://www.linkedin.com/in/${slug}`, firstName: 'Nova', lastName: 'Newcomer', ...more };
}
