import { z } from 'zod';
import { CircuitBreaker } from '../../src/client/circuit-breaker/circuit-breaker.ts';
import { hideKey } from '../../src/client/errors.ts';
import type { HttpSender } from '../../src/client/http-sender.ts';
import type { HttpRequest, HttpResult } from '../../src/client/http-types.ts';
import type { HeyReachClient } from '../../src/client/index.ts';
import { RateLimiters } from '../../src/client/rate-limit/rate-limiters.ts';
import { RequestExecutor } from '../../src/client/request-executor.ts';
import { permitsInMemory } from '../../src/state/memory/permits.ts';
import { type AnyOperation, areas } from '../support/heyreach/operations.ts';
import type { InputSchema } from '../support/tools/arguments.ts';

const operations = Object.values(areas)
  .flatMap((area) => Object.values(area))
  .map((operation) => ({
    operation,
    path: new RegExp(`^/api/public${operation.path.replace(/\{\w+\}/g, '[^/?]+')}(\\?|$)`),
  }));

/** Random numbers from 0 to 1, from a seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface OddHeyReach {
  client: HeyReachClient;
  /** Method and path of every request. */
  requests: string[];
}

/**
 * The real client with a HeyReach whose responses depend on a seed. Most responses follow the schema, with unexpected
 * values at unexpected positions. Some are errors or garbage.
 */
export function oddHeyReach(seed: number, key: string): OddHeyReach {
  const random = randomOf(seed);
  const requests: string[] = [];
  const sender = {
    async send({ method, path }: HttpRequest): Promise<HttpResult> {
      requests.push(`${method} ${path}`);
      const match = operations.find(({ operation, path: known }) => operation.method === method && known.test(path));
      if (match === undefined) throw new Error(`no operation ${method} ${path}`);
      return replyTo(match.operation, random, key);
    },
  };
  const limiters = new RateLimiters({ permits: permitsInMemory(), cap: 300 });
  const executor = new RequestExecutor({
    sender: sender as unknown as HttpSender,
    limiters: limiters,
    breaker: new CircuitBreaker(),
    key,
    fingerprint: 'made up',
  });
  const client: Record<string, unknown> = {
    fingerprint: 'made up',
    isSandbox: () => false,
    hideKey: (text: string) => hideKey(text, key),
  };
  for (const [area, methods] of Object.entries(areas)) {
    client[area] = Object.fromEntries(
      Object.entries(methods).map(([name, operation]) => [
        name,
        (request: object, options: object) => executor.execute(operation, request, options),
      ]),
    );
  }
  return { client: client as unknown as HeyReachClient, requests };
}

const answer = (status: number, text: string, retryAfter?: string): HttpResult => ({
  type: 'response',
  status,
  retryAfter,
  text,
});

const FAILURES = (key: string): HttpResult[] => [
  answer(400, '{"errorMessage":"You cannot pause an inactive campaign"}'),
  answer(400, '{"title":"One or more validation errors occurred.","errors":{"AccountIds":["It is required."]}}'),
  answer(400, `{"errorMessage":"${'long '.repeat(2_000)}"}`),
  answer(400, '{"errorMessage":"hid\\u202eden \\u200b\\ud83d"}'),
  answer(401, `Invalid API key ${key}`),
  answer(403, ''),
  answer(404, '{"detail":"Not here"}'),
  answer(404, '<!DOCTYPE html><title>404</title>'),
  answer(429, 'slow down', '1'),
  answer(429, '', 'a while'),
  answer(500, '   at Spremo.Api.Handle() in /src/Api.cs:line 12\n   at System.Threading.Tasks.Task'),
  answer(503, ''),
  answer(302, ''),
  answer(200, '{"items":['),
  answer(200, '<html></html>'),
  answer(200, ''),
  answer(200, 'null'),
  { type: 'error', reason: 'reset', requestSent: true, inFlight: false, detail: 'ECONNRESET' },
  { type: 'error', reason: 'refused', requestSent: false, inFlight: false, detail: 'ECONNREFUSED' },
];

const schemas = new WeakMap<AnyOperation, InputSchema>();

function schemaOf(operation: AnyOperation): InputSchema {
  let made = schemas.get(operation);
  if (made === undefined) {
    made = z.toJSONSchema(operation.response?.() ?? z.unknown(), {
      io: 'output',
      unrepresentable: 'any',
    }) as InputSchema;
    schemas.set(operation, made);
  }
  return made;
}

function replyTo(operation: AnyOperation, random: () => number, key: string): HttpResult {
  if (random() < 0.12) return pick(FAILURES(key), random);
  if (operation.responseMode === 'nothing') return answer(200, '');
  const oddity = pick([0, 0, 0.05, 0.3], random);
  const size = pick([1, 1, 1, 4, 40], random);
  const body = made(schemaOf(operation), random, oddity, size);
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const fits = operation.responseMode === 'anything' || isObject || operation.responseMode === 'maybe_number';
  return answer(200, JSON.stringify(fits ? body : {}));
}

const TEXTS = [
  ...['', 'Ada', 'Example GmbH', 'PAUSED', 'IN_PROGRESS', 'Finished', 'ME', '2026-06-01T09:00:00.123Z'],
  ...['https://www.linkedin.com/in/ada-example', '2-bWFkZSB1cA/+==', 'Пример 🚀', 'a\u202eb\u200bc', '\ud800', '[]'],
  ...['{"a":', '[{"title":"Head of Examples"}]', '__proto__', 'unknown', '\u0000', 'x'.repeat(500)],
];
const LONG = ['y'.repeat(9_000), '🚀'.repeat(4_000), '"\\'.repeat(6_000), 'z'.repeat(120_000)];
const NAMES = [
  'unheardOf',
  'error',
  'truncated',
  'confirmation',
  'nextOffset',
  '__proto__',
  'constructor',
  'toJSON',
  '',
];

/** A value that follows a schema, except for a share of unexpected values. */
function made(schema: InputSchema, random: () => number, oddity: number, size: number, depth = 0): unknown {
  if (random() < oddity) return oddValue(random, depth);
  if (schema.anyOf !== undefined) return made(pick(schema.anyOf, random), random, oddity, size, depth);
  if (schema.enum !== undefined) return pick(schema.enum, random);
  const below = (child: InputSchema) => made(child, random, oddity, size, depth + 1);
  switch (schema.type) {
    case 'object':
      return madeObject(schema, random, oddity, below);
    case 'array':
      return Array.from({ length: Math.floor(random() * 4 * (depth < 2 ? size : 1)) }, () => below(schema.items ?? {}));
    case 'string':
      return random() < 0.02 * size ? pick(LONG, random) : pick(TEXTS, random);
    case 'number':
    case 'integer':
      return pick([0, 1, -3, 600001, 0.13698925, 2 ** 53, Math.floor(random() * 1_000)], random);
    case 'boolean':
      return random() < 0.5;
    case 'null':
      return null;
    default:
      return oddValue(random, depth);
  }
}

function madeObject(
  { properties = {}, additionalProperties }: InputSchema,
  random: () => number,
  oddity: number,
  below: (schema: InputSchema) => unknown,
): object {
  const entries = Object.entries(properties)
    .filter(() => random() < 0.8)
    .map(([name, field]) => [name, below(field)] as [string, unknown]);
  if (random() < oddity) entries.push([pick(NAMES, random), oddValue(random, 1)]);
  if (typeof additionalProperties === 'object' && Object.keys(properties).length === 0) {
    for (const day of ['2026-06-01', '2026-06-02T00:00:00Z', 'x']) entries.push([day, below(additionalProperties)]);
  }
  return Object.fromEntries(entries);
}

function oddValue(random: () => number, depth: number): unknown {
  const values = [
    null,
    null,
    0,
    -1,
    1e300,
    true,
    '',
    'text',
    '12',
    [],
    {},
    [null],
    [[]],
    { a: null },
    pick(TEXTS, random),
  ];
  if (depth > 4 || random() < 0.7) return pick(values, random);
  if (random() < 0.05) return pick(LONG, random);
  if (random() < 0.05) return JSON.parse(`${'['.repeat(900)}${']'.repeat(900)}`);
  if (random() < 0.05) return Array.from({ length: 9_000 }, (_, index) => index);
  if (random() < 0.5) return Array.from({ length: 4 }, () => oddValue(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length: 4 }, () => [pick([...NAMES, 'id', 'items', 'name'], random), oddValue(random, depth + 1)]),
  );
}

function pick<Value>(values: readonly Value[], random: () => number): Value {
  return values[Math.floor(random() * values.length)]!;
}
