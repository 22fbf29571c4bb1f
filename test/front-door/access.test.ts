import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HeyReachConnection } from '../../src/client/index.ts';
import { type Access, byTokens, type Entrant, openTo, ownKeys } from '../../src/front-door/access.ts';
import { isRefusal, type Refusal } from '../../src/front-door/refusals.ts';
import { TokenFile } from '../../src/front-door/token-file.ts';
import { makeToken } from '../../src/front-door/tokens.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../kit/keys.ts';

const connection = new HeyReachConnection({ origin: 'http://127.0.0.1:9' });
const clientFor = (key: string) => connection.clientFor(key);
const own = clientFor('the-key-of-the-server');
const ofKey = (key: string) => clientFor(key).fingerprint;

/** Headers as node hands them over. */
type Headers = Record<string, string>;
const admit = (access: Access, headers: Headers, url = '/mcp') =>
  access.admit({ headers, url, socket: { remoteAddress: '192.0.2.7' } } as unknown as IncomingMessage);

/** Under which name somebody was let in, and the fingerprint of the key that is used; or the refusal. */
const outcomeOf = (found: Entrant | Refusal) =>
  isRefusal(found) ? [found.status, found.reason] : [found.name, found.client?.fingerprint];

const key = (name: string): Headers => ({ 'x-api-key': name });
const bearer = (name: string): Headers => ({ authorization: `Bearer ${name}` });
const ODD = [400, 'odd_credentials'];

/** What no mode takes, since it may mean two things. */
const odd: [what: string, headers: Headers][] = [
  ['a key that came twice', key(`${TEST_KEY}, ${OTHER_TEST_KEY}`)],
  ['a key with a blank in it', key('not a key')],
  ['a key with a tab in it', key('not\ta-key')],
  ['a key beyond ASCII', key('schlüssel')],
  ['a bearer of two words', bearer('one two')],
  ['a bearer that came twice', bearer('one, Bearer two')],
  ['an odd key beside a plain bearer', { ...key('not a key'), ...bearer(TEST_KEY) }],
  ['an odd bearer beside a plain key', { ...key(TEST_KEY), ...bearer('one two') }],
];

describe('each with a key of its own', () => {
  const access = ownKeys(clientFor);
  const MINE = [`key ${ofKey(TEST_KEY)}`, ofKey(TEST_KEY)];
  const THEIRS = [`key ${ofKey(OTHER_TEST_KEY)}`, ofKey(OTHER_TEST_KEY)];
  const NOBODY = ['address 192.0.2.7', undefined];

  test.each<[what: string, headers: Headers, outcome: unknown[]]>([
    ['X-API-KEY', key(TEST_KEY), MINE],
    ['a bearer', bearer(OTHER_TEST_KEY), THEIRS],
    ['a bearer in small letters', { authorization: `bearer ${TEST_KEY}` }, MINE],
    ['blanks around', { 'x-api-key': `  ${TEST_KEY} `, authorization: '' }, MINE],
    ['both: X-API-KEY goes first', { ...key(TEST_KEY), ...bearer(OTHER_TEST_KEY) }, MINE],
    ['both, the other way round', { ...key(OTHER_TEST_KEY), ...bearer(TEST_KEY) }, THEIRS],
    ['an empty X-API-KEY beside a bearer', { ...key('  '), ...bearer(OTHER_TEST_KEY) }, THEIRS],
    ['nothing', {}, NOBODY],
    ['a bearer of nothing', { authorization: 'Bearer ' }, NOBODY],
    ['another scheme', { authorization: `Basic ${TEST_KEY}` }, NOBODY],
    ['a key without a scheme', { authorization: TEST_KEY }, NOBODY],
    ['a name of it that nobody reads', { 'api-key': TEST_KEY, cookie: `x-api-key=${TEST_KEY}` }, NOBODY],
    ...odd.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, ODD]),
  ])('%s', (_, headers, outcome) => {
    expect(outcomeOf(admit(access, headers))).toEqual(outcome);
  });

  test('takes no key out of the URL', () => {
    expect(outcomeOf(admit(access, {}, `/mcp?x-api-key=${TEST_KEY}&apiKey=${TEST_KEY}`))).toEqual(NOBODY);
  });

  test('names nobody by a key, or by a part of one', () => {
    const found = admit(access, key(TEST_KEY)) as Entrant;
    for (let at = 0; at + 6 <= TEST_KEY.length; at += 1) expect(found.name).not.toContain(TEST_KEY.slice(at, at + 6));
    expect(access.isStillIn(found)).toBe(true);
  });
});

describe('the key of the server, for those with a token', () => {
  const ann = makeToken('ann', 'draft');
  const ben = makeToken('ben', undefined);
  const OURS = own.fingerprint;
  const NO_TOKEN = [401, 'no_token'];
  const WRONG_TOKEN = [401, 'wrong_token'];
  let folder: string;
  let file: TokenFile;
  let access: Access;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-access-'));
    await writeFile(join(folder, 'tokens'), `${ann.line}\n${ben.line}\n`);
    file = await TokenFile.open(join(folder, 'tokens'));
    access = byTokens(file, own);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each<[what: string, headers: Headers, outcome: unknown[]]>([
    ['a token', bearer(ann.token), ['token ann', OURS]],
    ['another token', bearer(ben.token), ['token ben', OURS]],
    ['a token and an empty key', { ...bearer(ann.token), ...key('') }, ['token ann', OURS]],
    ['nothing', {}, NO_TOKEN],
    ['another scheme', { authorization: `Basic ${ann.token}` }, NO_TOKEN],
    ['a token without a scheme', { authorization: ann.token }, NO_TOKEN],
    ['a token as X-API-KEY', key(ann.token), NO_TOKEN],
    ['a HeyReach key', key(TEST_KEY), NO_TOKEN],
    ['a HeyReach key as the bearer', bearer(TEST_KEY), WRONG_TOKEN],
    ["the server's own key as the bearer", bearer('the-key-of-the-server'), WRONG_TOKEN],
    ['a wrong token', bearer(`${ann.token}x`), WRONG_TOKEN],
    ['a token in small letters', bearer(ann.token.toLowerCase()), WRONG_TOKEN],
    ['the hash of a token', bearer(ann.line.split(' ')[1]!), WRONG_TOKEN],
    ['the name of a token', bearer('ann'), WRONG_TOKEN],
    ['a wrong token and a key', { ...bearer('hmcp_made-up'), ...key(TEST_KEY) }, WRONG_TOKEN],
    ['a token and a key', { ...bearer(ann.token), ...key(TEST_KEY) }, [403, 'foreign_key']],
    ['a token twice, in both headers', { ...bearer(ann.token), ...key(ann.token) }, [403, 'foreign_key']],
    ...odd.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, ODD]),
  ])('%s', (_, headers, outcome) => {
    expect(outcomeOf(admit(access, headers))).toEqual(outcome);
  });

  test.each([
    ['nothing', {}, 'Bearer realm="heyreach-mcp"'],
    ['a wrong token', bearer('hmcp_made-up'), 'Bearer realm="heyreach-mcp", error="invalid_token"'],
  ])('with %s a client is told what it takes', (_, headers, told) => {
    const refusal = admit(access, headers as Headers) as Refusal;
    expect(refusal.headers).toEqual({ 'www-authenticate': told });
    expect(refusal.message).toContain('heyreach-mcp token NAME');
    expect(refusal.message).not.toContain('made-up');
  });

  test('takes no token out of the URL', () => {
    expect(outcomeOf(admit(access, {}, `/mcp?token=${ann.token}`))).toEqual(NO_TOKEN);
  });

  test('knows who would be let in no more', async () => {
    const found = admit(access, bearer(ann.token)) as Entrant;
    const other = admit(access, bearer(ben.token)) as Entrant;
    expect([found, other].map((one) => access.isStillIn(one))).toEqual([true, true]);
    await writeFile(join(folder, 'tokens'), ben.line);
    await file.reload();
    expect([found, other].map((one) => access.isStillIn(one))).toEqual([false, true]);
    expect(outcomeOf(admit(access, bearer(ann.token)))).toEqual(WRONG_TOKEN);
  });
});

describe('the key of the server, for whoever comes', () => {
  const OURS = ['own', own.fingerprint];
  const lending = openTo(own, { clientFor, lends: true });
  const alone = openTo(own, { clientFor, lends: false });
  const MINE = [`key ${ofKey(TEST_KEY)}`, ofKey(TEST_KEY)];
  const FOREIGN = [403, 'foreign_key'];

  test.each<[what: string, headers: Headers, ofLending: unknown[], ofAlone: unknown[]]>([
    ['nothing', {}, OURS, OURS],
    ['another scheme', { authorization: 'Basic YTpi' }, OURS, OURS],
    ['an empty key', key(' '), OURS, OURS],
    ['a key', key(TEST_KEY), MINE, FOREIGN],
    ['a bearer', bearer(TEST_KEY), MINE, FOREIGN],
    ['both', { ...key(TEST_KEY), ...bearer(OTHER_TEST_KEY) }, MINE, FOREIGN],
    ...odd.map(([what, headers]): [string, Headers, unknown[], unknown[]] => [what, headers, ODD, ODD]),
  ])('%s', (_, headers, ofLending, ofAlone) => {
    expect(outcomeOf(admit(lending, headers))).toEqual(ofLending);
    expect(outcomeOf(admit(alone, headers))).toEqual(ofAlone);
  });
});

test('no refusal says what was presented', () => {
  const modes = [ownKeys(clientFor), openTo(own, { clientFor, lends: true }), openTo(own, { clientFor, lends: false })];
  const given = [...odd.map(([, headers]) => headers), key(TEST_KEY), bearer(TEST_KEY)];
  for (const found of modes.flatMap((access) => given.map((headers) => admit(access, headers)))) {
    if (!isRefusal(found)) continue;
    for (const part of [TEST_KEY, OTHER_TEST_KEY, 'not a key', 'one two', 'schlüssel'])
      expect(JSON.stringify(found)).not.toContain(part);
  }
});
