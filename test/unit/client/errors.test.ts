import { describe, expect, test } from 'vitest';
import { isFromProxy, readErrorSentence } from '../../../src/client/error-body.ts';
import { saysNotFound } from '../../../src/client/errors.ts';
import type { TransportErrorReason } from '../../../src/client/http-types.ts';
import { errorFromResponse, unreadableResponse } from '../../../src/client/response-errors.ts';
import { errorFromTransport } from '../../../src/client/transport-errors.ts';

const PROBLEM = {
  type: 'https://tools.ietf.org/html/rfc9110#section-15.5.1',
  title: 'One or more validation errors occurred.',
  status: 400,
  traceId: '00-11111111111111111111111111111111-2222222222222222-00',
};

describe('the sentence in an error body', () => {
  test.each([
    ['You cannot pause an inactive campaign', { errorMessage: 'You cannot pause an inactive campaign' }],
    [
      'The AccountIds field is required.',
      { ...PROBLEM, errors: { AccountIds: ['The AccountIds field is required.'] } },
    ],
    [
      'The AccountIds field is required. The CampaignIds field is required.',
      {
        ...PROBLEM,
        errors: {
          AccountIds: ['The AccountIds field is required.'],
          CampaignIds: ['The CampaignIds field is required.'],
        },
      },
    ],
    [
      "linkedInAccountIds: It must be a string or array type with a minimum length of '1'.",
      {
        ...PROBLEM,
        errors: { linkedInAccountIds: ["It must be a string or array type with a minimum length of '1'."] },
      },
    ],
    ['Limit: Too low. Too odd.', { ...PROBLEM, errors: { Limit: ['Too low.', 'Too odd.'] } }],
    [
      'A non-empty request body is required.',
      { ...PROBLEM, errors: { '': ['A non-empty request body is required.'] } },
    ],
    ['The Leads field is required.', { errors: ['The Leads field is required.'] }],
    ['The Leads field is required.', { errors: 'The Leads field is required.' }],
    ['Lead: {"code":7}', { errors: { Lead: [{ code: 7 }] } }],
    ['One or more validation errors occurred.', { ...PROBLEM, errors: {} }],
    ['One or more validation errors occurred.', { ...PROBLEM, errors: null }],
    ['Campaign not found', { detail: 'Campaign not found' }],
    ['Campaign not found', { title: 'Not Found', detail: 'Campaign not found' }],
    ['Too many requests', { message: 'Too many requests' }],
    ['Not Found', { title: 'Not Found', status: 404 }],
    ['said', { errorMessage: '', detail: 'said' }],
    ['said', { errorMessage: null, errors: {}, detail: ' ', message: 'said' }],
    ['first', { errorMessage: 'first', detail: 'second', message: 'third', title: 'fourth' }],
    ['field', { errors: { '': ['field'] }, detail: 'second', message: 'third' }],
    ['second', { detail: 'second', message: 'third', title: 'fourth' }],
    ['third', { message: 'third', title: 'fourth' }],
    ['Something is wrong', 'Something is wrong'],
    ['{"code":17}', { code: 17 }],
    ['{"error":{"code":"X"}}', { error: { code: 'X' } }],
    ['["no"]', ['no']],
    ['null', null],
    ['42', 42],
  ])('is %j', (sentence, body) => {
    expect(readErrorSentence(JSON.stringify(body))).toBe(sentence);
  });

  test.each([
    ['Missing API key', 'Missing API key'],
    ['Invalid API key', 'Invalid API key\n'],
    [
      "Error converting value 7 to type 'Spremo.DTOs.PublicApi.Campaigns.PublicInMailMessage'",
      "Error converting value 7 to type 'Spremo.DTOs.PublicApi.Campaigns.PublicInMailMessage'",
    ],
    ['{"errorMessage":"cut off he', '{"errorMessage":"cut off he'],
  ])('is the text of a body without a JSON sentence: %s', (sentence, body) => {
    expect(readErrorSentence(body)).toBe(sentence);
  });

  test.each([
    '',
    '  \n',
    '<html><head><title>502 Bad Gateway</title></head></html>',
    '\ufeff<!DOCTYPE html><p>no</p>',
    '\n <!doctype HTML>',
    '<?xml version="1.0"?><Error/>',
    '<head><title>Bad gateway</title></head>',
    '<!-- edge --><html></html>',
    '""',
    '" "',
  ])('is undefined for %j', (body) => {
    expect(readErrorSentence(body)).toBeUndefined();
  });

  test('is clipped at 1,000 characters, whatever the shape of the body', () => {
    const long = 'x'.repeat(3_000_000);
    const bodies = [
      long,
      JSON.stringify(long),
      JSON.stringify({ errorMessage: long }),
      JSON.stringify({ errors: { A: Array.from({ length: 100 }, () => 'y'.repeat(5_000)) } }),
      JSON.stringify({ detail: long }),
      JSON.stringify({ message: long }),
      JSON.stringify({ title: long }),
      JSON.stringify({ code: long }),
      JSON.stringify([long]),
      `{"errorMessage":"${long}`,
    ];
    for (const body of bodies) expect(readErrorSentence(body)).toHaveLength(1_000);
  });

  test('is found in hostile bodies, without an exception', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const bodies = [
      '{"errors":{"A":[{"toString":1,"valueOf":2}]}}',
      '{"errors":{"A":{"toString":null}}}',
      '{"__proto__":{"errorMessage":"planted"},"errors":{"__proto__":["x"]}}',
      `{"errors":{"A":${deep}}}`,
      `{"errorMessage":${deep}}`,
      deep,
    ];
    for (const body of bodies) expect(readErrorSentence(body)).toEqual(expect.any(String));
    expect(({} as Record<string, unknown>).errorMessage).toBeUndefined();
  });
});

test('passes on a sentence that looks like JSON word for word', () => {
  const message = '{"title":"inner only","x":1}';
  expect(errorFromResponse(400, JSON.stringify({ errorMessage: message })).message).toBe(message);
});

test('hides a secret before clipping, in whatever form the body repeats it', () => {
  const hide = (text: string) => text.replaceAll('abc+/def==', '[key]');
  const bodies = ['{"foo":"abc\\u002B\\/def=="}', '{"errorMessage":"abc\\u002b/def== is no key"}', 'abc+/def=='];
  for (const body of bodies) {
    const { message } = errorFromResponse(400, body, { hide });
    expect(message).toContain('[key]');
    expect(message).not.toMatch(/abc|def/);
  }
  const across = `${'x'.repeat(995)}abc+/def==`;
  expect(errorFromResponse(400, across, { hide }).message).not.toContain('abc');
});

describe('the error for a response', () => {
  test.each([
    [400, 'bad_request', 'Correct what the sentence names'],
    [405, 'bad_request', 'HEYREACH_BASE_URL'],
    [409, 'bad_request', 'Correct what the sentence names'],
    [415, 'bad_request', 'HEYREACH_BASE_URL'],
    [401, 'unauthorized', 'under Settings, Integrations in HeyReach'],
    [403, 'forbidden', 'Check the subscription'],
    [404, 'not_found', 'Look the identifier up again'],
    [301, 'redirect', 'Check HEYREACH_BASE_URL'],
    [302, 'redirect', 'Check HEYREACH_BASE_URL'],
    [308, 'redirect', 'Check HEYREACH_BASE_URL'],
  ])('%d is %s: HeyReach rejected the request', (status, kind, nextStep) => {
    const error = errorFromResponse(status, '{"errorMessage":"Its own words"}');
    expect(error).toMatchObject({ name: 'HeyReachError', kind, status, outcome: 'refused', inFlight: false });
    expect(error.nextStep).toContain(nextStep);
    expect(error.meaning).not.toBe('');
    if (kind !== 'redirect') expect(error.message).toBe('Its own words');
  });

  test.each([500, 502, 503, 504, 520, 599])('%d leaves the outcome unknown', (status) => {
    expect(errorFromResponse(status, '{"errorMessage":"Its own words"}')).toMatchObject({
      kind: 'server_error',
      status,
      outcome: 'unknown',
      message: 'Its own words',
      nextStep: 'Read the state back before trying again.',
    });
  });

  test('a plain-text 401 keeps its message', () => {
    expect(errorFromResponse(401, 'Invalid API key')).toMatchObject({
      kind: 'unauthorized',
      message: 'Invalid API key',
    });
  });

  test('a 429 says when to retry', () => {
    expect(errorFromResponse(429, '{"message":"slow down"}', { retryAfterSeconds: 17 })).toMatchObject({
      kind: 'rate_limited',
      status: 429,
      outcome: 'refused',
      message: 'slow down',
      retryAfterSeconds: 17,
      nextStep: 'Try again in 17 s.',
    });
    expect(errorFromResponse(429, '').nextStep).toBe('Try again in 60 s.');
  });

  test('a 404 is about the route if the request has no id', () => {
    const listing = errorFromResponse(404, '{}', { namesNothing: true });
    expect(listing).toMatchObject({ kind: 'not_found', outcome: 'refused', meaning: expect.stringMatching(/route/) });
    expect(listing.nextStep).toMatch(/HEYREACH_BASE_URL/);
    expect(saysNotFound(listing)).toBe(false);
    expect(saysNotFound(errorFromResponse(404, '{"errorMessage":"The lead was not found."}'))).toBe(true);
    expect(saysNotFound(errorFromResponse(400, '{"errorMessage":"Could not resolve the lead"}'))).toBe(true);
    expect(saysNotFound(errorFromResponse(500, '{"errorMessage":"not found"}'))).toBe(false);
  });

  test('a response without a message gets one from its status, not from the HTML around it', () => {
    expect(errorFromResponse(415, '').message).toBe('HTTP 415 without an explanation');
    for (const body of ['', '{}', '[]', ' { } ']) {
      expect(errorFromResponse(404, body).message, body).toBe('HTTP 404 without an explanation');
    }
    expect(errorFromResponse(502, '<html><body>nginx</body></html>').message).toBe('HTTP 502 from HeyReach');
    expect(errorFromResponse(403, '<!DOCTYPE html><title>Just a moment...</title>').message).toBe(
      'HTTP 403 without an explanation',
    );
  });

  const PAGES = [
    '<!DOCTYPE html><title>Just a moment...</title>',
    '\n<html><body>Access denied</body></html>',
    'error code: 1020',
    '{"title":"Error 1010: Access denied","status":403,"cloudflare_error": true}',
  ];

  test.each(PAGES)('a rejection by a CDN or proxy does not blame the subscription or the identifier: %j', (page) => {
    expect(isFromProxy(page)).toBe(true);
    for (const status of [400, 401, 403, 404, 405, 406, 451]) {
      const error = errorFromResponse(status, page);
      expect(error, String(status)).toMatchObject({ kind: 'forbidden', status, outcome: 'refused' });
      expect(error.meaning).toContain('a CDN, proxy or firewall');
      expect(`${error.meaning} ${error.nextStep}`).not.toMatch(/subscription|identifier|API key/);
      expect(error.nextStep).toContain('HEYREACH_BASE_URL');
    }
    expect(errorFromResponse(429, page, { retryAfterSeconds: 9 })).toMatchObject({ kind: 'rate_limited' });
    expect(errorFromResponse(503, page)).toMatchObject({ kind: 'server_error', outcome: 'unknown' });
  });

  test.each([
    ['{"errorMessage":"No active subscription"}', 'has no active subscription'],
    ['{"errorMessage":"Your plan does not include this"}', 'has no active subscription'],
    ['{"errorMessage":"Only admins may do this"}', 'does not allow this'],
    ['', 'or a firewall in front of it'],
  ])('a 403 gets its meaning from its sentence: %s', (body, meaning) => {
    expect(isFromProxy(body)).toBe(false);
    expect(errorFromResponse(403, body).meaning).toContain(meaning);
  });

  test('a redirect does not repeat its target', () => {
    expect(errorFromResponse(302, 'Moved to https://elsewhere.example.com/').message).not.toContain('example.com');
  });

  test('a broken 2xx leaves the outcome unknown', () => {
    expect(unreadableResponse(200, 'the body is empty')).toMatchObject({
      kind: 'unreadable_answer',
      status: 200,
      outcome: 'unknown',
      message: 'HTTP 200, but the response could not be read: the body is empty',
    });
  });
});

describe('the error for a request without a response', () => {
  const fault = (reason: TransportErrorReason, requestSent: boolean, inFlight = false, detail = '') =>
    errorFromTransport({ type: 'error', reason, requestSent, inFlight, detail });

  test.each([
    ['dns', 'connection'],
    ['refused', 'connection'],
    ['tls', 'connection'],
    ['reset', 'connection'],
    ['connect_timeout', 'timeout'],
    ['timeout', 'timeout'],
    ['deadline', 'timeout'],
    ['cancelled', 'cancelled'],
  ] as const)('%s is %s: not_sent before the first byte was sent, unknown after it', (reason, kind) => {
    expect(fault(reason, false)).toMatchObject({ kind, outcome: 'not_sent', status: undefined, inFlight: false });
    expect(fault(reason, true)).toMatchObject({ kind, outcome: 'unknown', status: undefined, inFlight: false });
    expect(fault(reason, true).nextStep).toBe('Read the state back before trying again.');
  });

  test('a response over 16 MiB is an unreadable response', () => {
    expect(fault('too_large', true)).toMatchObject({ kind: 'unreadable_answer', outcome: 'unknown' });
    expect(fault('too_large', true).message).toContain('16 MiB');
  });

  test('a request that continues without its caller is reported as in flight', () => {
    const error = fault('deadline', true, true);
    expect(error).toMatchObject({ kind: 'timeout', outcome: 'unknown', inFlight: true });
    expect(error.meaning).toContain('still in flight');
  });

  test('adds the error code of the system in brackets', () => {
    expect(fault('refused', false, false, 'ECONNREFUSED').message).toBe('the connection was refused (ECONNREFUSED)');
    expect(fault('refused', false).message).toBe('the connection was refused');
    expect(fault('refused', false).nextStep).toContain('HEYREACH_BASE_URL');
    expect(fault('cancelled', false).nextStep).not.toContain('HEYREACH_BASE_URL');
  });
});
