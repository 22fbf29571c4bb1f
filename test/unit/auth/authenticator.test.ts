import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bearerTokens,
  callerKeys,
  loopbackOnly,
  type Principal,
  type SyncAuthenticator,
} from '../../../src/auth/authenticator.ts';
import { TokenFile } from '../../../src/auth/token-file.ts';
import { makeToken } from '../../../src/auth/tokens.ts';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { type HttpError, isHttpError } from '../../../src/lib/http-error.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

const connection = new HeyReachConnection({ origin: 'http://127.0.0.1:9' });
const clientFor = (key: string) => connection.clientFor(key);
const own = clientFor('the-key-of-the-server');
const ofKey = (key: string) => clientFor(key).fingerprint;

/** Headers as Node passes them on. */
type Headers = Record<string, string>;
/** @param raw names and values as the client sent them; Node passes on only one of repeated headers. */
const authenticate = (
  authenticator: SyncAuthenticator,
  headers: Headers,
  { url = '/mcp', raw = Object.entries(headers).flat() } = {},
) =>
  authenticator.authenticate({
    headers,
    rawHeaders: raw,
    url,
    socket: { remoteAddress: '192.0.2.7' },
  } as unknown as IncomingMessage);

/** The name of the principal and the fingerprint of its key, or the status and reason of the rejection. */
const outcomeOf = (outcome: Principal | HttpError) =>
  isHttpError(outcome) ? [outcome.status, outcome.reason] : [outcome.name, outcome.client?.fingerprint];

const key = (name: string): Headers => ({ 'x-api-key': name });
const bearer = (name: string): Headers => ({ authorization: `Bearer ${name}` });
const ODD = [400, 'odd_credentials'];
const STRAY = 'hmcp_made-up-token-of-another-server';
const STRAY_TOKEN = [401, 'stray_token'];

/** Ambiguous credentials, which every mode rejects. */
const odd: [what: string, headers: Headers][] = [
  ['a key sent twice', key(`${TEST_KEY}, ${OTHER_TEST_KEY}`)],
  ['a key with a space in it', key('not a key')],
  ['a key with a tab in it', key('not\ta-key')],
  ['a key with characters beyond ASCII', key('schlüssel')],
  ['a bearer of two words', bearer('one two')],
  ['a bearer sent twice', bearer('one, Bearer two')],
  ['an invalid key with a valid bearer', { ...key('not a key'), ...bearer(TEST_KEY) }],
  ['an invalid bearer with a valid key', { ...key(TEST_KEY), ...bearer('one two') }],
];

/** Credentials that a server without tokens does not accept as a key. */
const unread: [what: string, headers: Headers][] = [
  ['another scheme', { authorization: 'Basic YTpi' }],
  ['a key with another scheme', { authorization: `Token ${TEST_KEY}` }],
  ['a key without a scheme', { authorization: TEST_KEY }],
  ['an empty bearer', { authorization: 'Bearer ' }],
  ['an empty bearer with an empty key', { authorization: 'bearer', ...key(' ') }],
];
const stray: [what: string, headers: Headers][] = [
  ['a token as the bearer', bearer(STRAY)],
  ['a token as X-API-KEY', key(STRAY)],
  ['a token as X-API-KEY with a bearer', { ...key(STRAY), ...bearer(TEST_KEY) }],
  ['a token in upper case', bearer(STRAY.toUpperCase())],
];

/** Texts that hosts and documents write where a key belongs. */
const unfilled: [what: string, headers: Headers][] = [
  ['an unfilled variable', key('${HEYREACH_API_KEY}')],
  ['an unfilled variable of an extension', bearer('${user_config.api_key}')],
  ['the example from a document', key('your-heyreach-api-key')],
  ['an example in angle brackets', bearer('<your key>')],
  ['a missing value', key('undefined')],
  ['a quoted key', key(`"${TEST_KEY}"`)],
  ['a key with its scheme', key(`Bearer ${TEST_KEY}`)],
  ['a bearer with its scheme twice', bearer(`Bearer ${TEST_KEY}`)],
];
const UNFILLED = [401, 'unfilled_key'];

describe('every caller has its own key', () => {
  const authenticator = callerKeys(clientFor);
  const MINE = [`key ${ofKey(TEST_KEY)}`, ofKey(TEST_KEY)];
  const THEIRS = [`key ${ofKey(OTHER_TEST_KEY)}`, ofKey(OTHER_TEST_KEY)];
  const NOBODY = ['address 192.0.2.7', undefined];

  test.each<[what: string, headers: Headers, outcome: unknown[]]>([
    ['X-API-KEY', key(TEST_KEY), MINE],
    ['a bearer', bearer(OTHER_TEST_KEY), THEIRS],
    ['a bearer scheme in lower case', { authorization: `bearer ${TEST_KEY}` }, MINE],
    ['a key with spaces around it', { 'x-api-key': `  ${TEST_KEY} `, authorization: '' }, MINE],
    ['both: X-API-KEY takes precedence', { ...key(TEST_KEY), ...bearer(OTHER_TEST_KEY) }, MINE],
    ['both, with the keys swapped', { ...key(OTHER_TEST_KEY), ...bearer(TEST_KEY) }, THEIRS],
    ['an empty X-API-KEY with a bearer', { ...key('  '), ...bearer(OTHER_TEST_KEY) }, THEIRS],
    ['nothing', {}, NOBODY],
    ['empty headers', { ...key(' '), authorization: ' ' }, NOBODY],
    ['X-API-KEY with the Authorization header of a proxy', { ...key(TEST_KEY), authorization: 'Basic YTpi' }, MINE],
    ['X-API-KEY with an empty bearer', { ...key(TEST_KEY), authorization: 'Bearer' }, MINE],
    ['X-API-KEY with a token', { ...key(TEST_KEY), ...bearer(STRAY) }, MINE],
    [
      'a key that merely contains the prefix of tokens',
      key(`${TEST_KEY}hmcp_`),
      [`key ${ofKey(`${TEST_KEY}hmcp_`)}`, ofKey(`${TEST_KEY}hmcp_`)],
    ],
    ...unread.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, ODD]),
    ...stray.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, STRAY_TOKEN]),
    ['another spelling of the header name', { 'api-key': TEST_KEY, cookie: `x-api-key=${TEST_KEY}` }, NOBODY],
    ...odd.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, ODD]),
    ...unfilled.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, UNFILLED]),
  ])('%s', (_, headers, outcome) => {
    expect(outcomeOf(authenticate(authenticator, headers))).toEqual(outcome);
  });

  test('a rejection explains why the text is not a key, without repeating it', () => {
    const { message } = authenticate(authenticator, key('${HEYREACH_API_KEY}')) as HttpError;
    expect(message).toBe(
      'The HeyReach key in the request holds a placeholder instead of a key: the host did not fill it in. Nothing was sent to HeyReach. Correct the header in the settings of the host.',
    );
    expect((authenticate(authenticator, key(`"${TEST_KEY}"`)) as HttpError).message).not.toContain(TEST_KEY);
  });

  test('the sandbox accepts any text as a key', () => {
    const sandbox = loopbackOnly(own, { clientFor, acceptsAnyText: true });
    for (const [, headers] of [...unfilled, ...odd.filter(([what]) => !what.includes('twice'))]) {
      expect(isHttpError(authenticate(sandbox, headers))).toBe(false);
    }
  });

  test('ignores a key in the URL', () => {
    expect(
      outcomeOf(authenticate(authenticator, {}, { url: `/mcp?x-api-key=${TEST_KEY}&apiKey=${TEST_KEY}` })),
    ).toEqual(NOBODY);
  });

  test('the name of a principal contains no part of a key', () => {
    const principal = authenticate(authenticator, key(TEST_KEY)) as Principal;
    for (let at = 0; at + 6 <= TEST_KEY.length; at += 1)
      expect(principal.name).not.toContain(TEST_KEY.slice(at, at + 6));
    expect(authenticator.isStillValid(principal)).toBe(true);
  });
});

describe('callers with a token use the key of the server', () => {
  const ann = makeToken('ann', 'draft');
  const ben = makeToken('ben', undefined);
  const OURS = own.fingerprint;
  const NO_TOKEN = [401, 'no_token'];
  const WRONG_TOKEN = [401, 'wrong_token'];
  let folder: string;
  let file: TokenFile;
  let authenticator: SyncAuthenticator;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-authenticator-'));
    await writeFile(join(folder, 'tokens'), `${ann.line}\n${ben.line}\n`);
    file = await TokenFile.open(join(folder, 'tokens'));
    authenticator = bearerTokens(file, own);
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
    ['a token in lower case', bearer(ann.token.toLowerCase()), WRONG_TOKEN],
    ['the hash of a token', bearer(ann.line.split(' ')[1]!), WRONG_TOKEN],
    ['the name of a token', bearer('ann'), WRONG_TOKEN],
    ['a wrong token and a key', { ...bearer('hmcp_made-up'), ...key(TEST_KEY) }, WRONG_TOKEN],
    ['a token and a key', { ...bearer(ann.token), ...key(TEST_KEY) }, [403, 'foreign_key']],
    ['the same token in both headers', { ...bearer(ann.token), ...key(ann.token) }, [403, 'foreign_key']],
    ...odd.map(([what, headers]): [string, Headers, unknown[]] => [what, headers, ODD]),
  ])('%s', (_, headers, outcome) => {
    expect(outcomeOf(authenticate(authenticator, headers))).toEqual(outcome);
  });

  test('rejects a repeated token header, of which Node keeps one', () => {
    const raw = ['Authorization', `Bearer ${ann.token}`, 'Authorization', `Bearer ${ben.token}`];
    expect(outcomeOf(authenticate(authenticator, bearer(ann.token), { raw }))).toEqual(ODD);
  });

  test.each([
    ['nothing', {}, 'Bearer realm="heyreach-mcp"'],
    ['a wrong token', bearer('hmcp_made-up'), 'Bearer realm="heyreach-mcp", error="invalid_token"'],
  ])('with %s the rejection says what the client must send', (_, headers, told) => {
    const refusal = authenticate(authenticator, headers as Headers) as HttpError;
    expect(refusal.headers).toEqual({ 'www-authenticate': told });
    expect(refusal.message).toContain('heyreach-mcp token NAME');
    expect(refusal.message).not.toContain('made-up');
  });

  test('ignores a token in the URL', () => {
    expect(outcomeOf(authenticate(authenticator, {}, { url: `/mcp?token=${ann.token}` }))).toEqual(NO_TOKEN);
  });

  test('a removed token is no longer valid', async () => {
    const ofAnn = authenticate(authenticator, bearer(ann.token)) as Principal;
    const ofBen = authenticate(authenticator, bearer(ben.token)) as Principal;
    expect([ofAnn, ofBen].map((principal) => authenticator.isStillValid(principal))).toEqual([true, true]);
    await writeFile(join(folder, 'tokens'), ben.line);
    await file.reload();
    expect([ofAnn, ofBen].map((principal) => authenticator.isStillValid(principal))).toEqual([false, true]);
    expect(outcomeOf(authenticate(authenticator, bearer(ann.token)))).toEqual(WRONG_TOKEN);
  });
});

describe('loopback only: the server uses its own key for requests without a key', () => {
  const OURS = ['own', own.fingerprint];
  const lending = loopbackOnly(own, { clientFor });
  const alone = loopbackOnly(own, { clientFor, ownKeys: 'its own organization key' });
  const MINE = [`key ${ofKey(TEST_KEY)}`, ofKey(TEST_KEY)];
  const FOREIGN = [403, 'foreign_key'];

  test.each<[what: string, headers: Headers, ofLending: unknown[], ofAlone: unknown[]]>([
    ['nothing', {}, OURS, OURS],
    ['an empty key', key(' '), OURS, OURS],
    ['empty headers', { ...key(''), authorization: '' }, OURS, OURS],
    [
      'a key with the Authorization header of a proxy',
      { ...key(TEST_KEY), authorization: 'Basic YTpi' },
      MINE,
      FOREIGN,
    ],
    ...unread.map(([what, headers]): [string, Headers, unknown[], unknown[]] => [what, headers, ODD, ODD]),
    ...stray.map(([what, headers]): [string, Headers, unknown[], unknown[]] => [
      what,
      headers,
      STRAY_TOKEN,
      STRAY_TOKEN,
    ]),
    ['a key', key(TEST_KEY), MINE, FOREIGN],
    ['a bearer', bearer(TEST_KEY), MINE, FOREIGN],
    ['both', { ...key(TEST_KEY), ...bearer(OTHER_TEST_KEY) }, MINE, FOREIGN],
    ...odd.map(([what, headers]): [string, Headers, unknown[], unknown[]] => [what, headers, ODD, ODD]),
  ])('%s', (_, headers, ofLending, ofAlone) => {
    expect(outcomeOf(authenticate(lending, headers))).toEqual(ofLending);
    expect(outcomeOf(authenticate(alone, headers))).toEqual(ofAlone);
  });
});

describe('rejects a repeated header, of which Node keeps one', () => {
  const modes = [
    callerKeys(clientFor),
    loopbackOnly(own, { clientFor }),
    loopbackOnly(own, { clientFor, ownKeys: 'its own organization key' }),
  ];
  test.each<[what: string, headers: Headers, raw: string[]]>([
    [
      'Authorization',
      bearer(TEST_KEY),
      ['Authorization', `Bearer ${TEST_KEY}`, 'Authorization', `Bearer ${OTHER_TEST_KEY}`],
    ],
    [
      'Authorization twice with the same value',
      bearer(TEST_KEY),
      ['authorization', `Bearer ${TEST_KEY}`, 'AUTHORIZATION', `Bearer ${TEST_KEY}`],
    ],
    ['Authorization twice, once empty', bearer(TEST_KEY), ['authorization', `Bearer ${TEST_KEY}`, 'authorization', '']],
    [
      'Authorization with a key',
      { ...key(TEST_KEY), authorization: 'Basic YTpi' },
      ['x-api-key', TEST_KEY, 'authorization', 'Basic YTpi', 'authorization', `Bearer ${TEST_KEY}`],
    ],
    ['X-API-KEY', key(TEST_KEY), ['X-API-KEY', TEST_KEY, 'Accept', '*/*', 'x-api-key', TEST_KEY]],
  ])('%s', (_, headers, raw) => {
    for (const authenticator of modes) expect(outcomeOf(authenticate(authenticator, headers, { raw }))).toEqual(ODD);
  });

  test('a header value that equals the name of a credential header is not a repetition', () => {
    const raw = ['x-api-key', TEST_KEY, 'x-note', 'x-api-key', 'x-other', 'authorization'];
    expect(outcomeOf(authenticate(modes[0]!, key(TEST_KEY), { raw }))[0]).toBe(`key ${ofKey(TEST_KEY)}`);
  });
});

test('a rejection says which credentials are accepted', () => {
  const authenticator = loopbackOnly(own, { clientFor });
  for (const [, headers] of unread)
    expect((authenticate(authenticator, headers) as HttpError).message).toContain('Bearer');
  for (const [, headers] of stray) {
    const { message, headers: told } = authenticate(authenticator, headers) as HttpError;
    expect(message).toContain('HEYREACH_MCP_TOKENS is not set');
    expect(told).toEqual({ 'www-authenticate': 'Bearer realm="heyreach-mcp", error="invalid_token"' });
  }
});

test('no rejection repeats the credentials', () => {
  const modes = [
    callerKeys(clientFor),
    loopbackOnly(own, { clientFor }),
    loopbackOnly(own, { clientFor, ownKeys: 'its own organization key' }),
  ];
  const credentials = [...[...odd, ...unread, ...stray].map(([, headers]) => headers), key(TEST_KEY), bearer(TEST_KEY)];
  for (const outcome of modes.flatMap((authenticator) =>
    credentials.map((headers) => authenticate(authenticator, headers)),
  )) {
    if (!isHttpError(outcome)) continue;
    for (const part of [TEST_KEY, OTHER_TEST_KEY, 'not a key', 'one two', 'schlüssel', 'YTpi', 'made-up'])
      expect(JSON.stringify(outcome)).not.toContain(part);
  }
});
