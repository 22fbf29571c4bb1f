import { expect, test } from 'vitest';
import { type Way, wayOf } from '../../src/front-door/way.ts';

test.each<[way: Way, sandbox: boolean, apiKey: string | undefined, tokens: string | undefined]>([
  ['own_keys', false, undefined, undefined],
  ['open', false, 'a-key', undefined],
  ['open', true, undefined, undefined],
  ['open', true, 'a-key', undefined],
  ['tokens', false, 'a-key', 'a-file'],
  ['tokens', true, undefined, 'a-file'],
  ['tokens', true, 'a-key', 'a-file'],
])('%s: sandbox %j, key %j, tokens %j', (way, sandbox, apiKey, tokens) => {
  expect(wayOf({ sandbox, apiKey, tokens })).toBe(way);
});
