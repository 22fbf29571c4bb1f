import { describe, expect, test } from 'vitest';
import { type FaultName, startFault } from '../../support/heyreach/fault-injection.ts';
import { callAlone, RETRY_CLASSES, type RetryClass } from '../../support/heyreach/fault-injection-calls.ts';

/** The next step in the error, by retry class where it differs. */
type Next = RegExp | Record<RetryClass, RegExp>;
const LOOK: Next = {
  safe: /^Nothing was changed; call again in a moment\.$/,
  idempotent: /^Calling again with the same arguments leaves the same state\.$/,
  never: /^Look for the name with list_lists before creating it again: lists cannot be deleted\.$/,
};
const NETWORK = /^Check the network and HEYREACH_BASE_URL, then call again\.$/;
const KEY = /^Create a key of the kind "HeyReach API" .* Repeating the call will not help\.$/;
const SUBSCRIPTION = /^Check the subscription /;
/** The arguments cannot be the cause, so the error must not ask to correct them. */
const ADDRESS = /HEYREACH_BASE_URL/;
const LEAD: Next = { safe: ADDRESS, idempotent: /^HeyReach only knows people who are in its lists/, never: ADDRESS };

/** The factor by which a busy machine may delay a result. The real-time tests check the exact time. */
const BUSY = 1.5;

type Row = [FaultName, attempts: string, outcome: string, kind: string, says: RegExp, next: Next, seconds?: number];

/**
 * The whole contract: the number of requests of a `safe`, a `same` and a `once` call, and their errors. Each attempt is
 * one request, except for `not_sent`, where no request is sent. The last column is the time limit of the call, if not
 * 55 s.
 */
const CONTRACT: Row[] = [
  ['no such host', '3 3 1', 'not_sent', 'connection', /host name .* could not be resolved/, NETWORK],
  ['a connection refused', '3 3 3', 'not_sent', 'connection', /connection was refused/, NETWORK],
  ['an unknown certificate', '3 3 1', 'not_sent', 'connection', /TLS .* could not be made \(.*CERT/, NETWORK],
  ['plain text for TLS', '3 3 1', 'not_sent', 'connection', /TLS connection could not be made/, NETWORK],
  ['a reset before the headers', '3 3 1', 'unknown', 'connection', /connection broke/, LOOK],
  ['a reset in the body', '3 3 1', 'unknown', 'connection', /connection broke/, LOOK],
  ['silence before the headers', '1 1 1', 'unknown', 'timeout', /deadline of the call has passed/, LOOK, 10],
  ['silence in the body', '1 1 1', 'unknown', 'timeout', /deadline of the call has passed/, LOOK, 10],
  ['a slow drip', '1 1 1', 'unknown', 'timeout', /deadline of the call has passed/, LOOK, 10],
  ['a 401', '1 1 1', 'refused', 'unauthorized 401', /^Invalid API key$/, KEY],
  ['a 403', '1 1 1', 'refused', 'forbidden 403', /^No active subscription$/, SUBSCRIPTION],
  ['a 404', '1 1 1', 'refused', 'not_found 404', /^HTTP 404 without an explanation$/, LEAD],
  ['a 405', '1 1 1', 'refused', 'bad_request 405', /^HTTP 405 without an explanation$/, ADDRESS],
  ['a 415', '1 1 1', 'refused', 'bad_request 415', /^HTTP 415 without an explanation$/, ADDRESS],
  ['a 429, 10 seconds', '2 2 2', 'refused', 'rate_limited 429', /^Too many requests$/, /^Try again in 10 s\.$/, 20],
  ['a 429, a date', '2 2 2', 'refused', 'rate_limited 429', /^Too many requests$/, /^Try again in (9|1[01]) s\.$/, 20],
  ['a 429 without a time', '1 1 1', 'refused', 'rate_limited 429', /^Too many requests$/, /^Try again in [56]\d s\.$/],
  ['a 429, a day', '1 1 1', 'refused', 'rate_limited 429', /"86400", taken as 60 s/, /^Try again in 60 s\.$/],
  ['a 500', '3 3 1', 'unknown', 'server_error 500', /^It broke$/, LOOK],
  ['a 502 in HTML', '3 3 1', 'unknown', 'server_error 502', /^HTTP 502 from HeyReach$/, LOOK],
  ['a 503', '3 3 1', 'unknown', 'server_error 503', /^Service Unavailable$/, LOOK],
  ['a 524', '3 3 1', 'unknown', 'server_error 524', /^HTTP 524 from HeyReach$/, LOOK],
  ['an empty 200', '1 1 1', 'unknown', 'unreadable_answer 200', /the body is empty/, LOOK],
  ['JSON that is cut off', '1 1 1', 'unknown', 'unreadable_answer 200', /the body is not JSON, or it is cut off/, LOOK],
  ['a list, not an object', '1 1 1', 'unknown', 'unreadable_answer 200', /expected a JSON object, got/, LOOK],
  ['a body of 30 MB', '1 1 1', 'unknown', 'unreadable_answer', /larger than 16 MiB/, LOOK],
  [
    'a redirect',
    '1 1 1',
    'refused',
    'redirect 302',
    /^HTTP 302: .* redirect\. The client does not follow redirects$/,
    ADDRESS,
  ],
];

const OUTCOMES: Record<string, RegExp> = {
  not_sent: /^Outcome: not_sent: the request never left this machine\.$/m,
  refused: /^Outcome: refused: HeyReach said no and nothing was done\.$/m,
  unknown: /^Outcome: unknown: it may or may not have been done\.( The request is still in flight\.)?$/m,
};

describe.concurrent('in a fresh process', { timeout: 60_000 }, () => {
  // An empty 200 is a success of an idempotent write, which has its own test.
  const cells = CONTRACT.flatMap((row) =>
    RETRY_CLASSES.map((retryClass, index) => [row[0], retryClass, row, index] as const),
  ).filter(([fault, retryClass]) => fault !== 'an empty 200' || retryClass !== 'idempotent');

  test('an empty 200 of an idempotent write is a success', async () => {
    const told = await callAlone(await startFault('an empty 200'), 'idempotent');
    expect(told.error).toBeUndefined();
    expect([told.attempts.length, told.requests]).toEqual([1, 1]);
  });

  test.each(cells)('%s: %s', async (_fault, retryClass, row, index) => {
    const [fault, attempts, outcome, kindAndStatus, says, next, seconds = 55] = row;
    const told = await callAlone(await startFault(fault), retryClass, seconds);

    const [kind, status] = kindAndStatus.split(' ');
    expect(told.error).toMatchObject({ kind, outcome });
    expect(told.error?.status).toBe(status === undefined ? undefined : Number(status));
    expect(told.error?.message).toMatch(says);
    expect(told.error?.nextStep).toMatch(next instanceof RegExp ? next : next[retryClass]);
    const [wait] = /(?<=Try again in )\d+/.exec(String(told.error?.nextStep)) ?? [];
    expect(told.error?.retryAfterSeconds).toBe(wait === undefined ? undefined : Number(wait));
    // The text has the same content, and some hosts show only the text.
    expect(told.text).toContain(String(told.error?.message));
    expect(told.text).toContain(`Next step: ${told.error?.nextStep}`);
    expect(told.text).toMatch(OUTCOMES[outcome]!);
    expect(told.text.includes('still in flight')).toBe(kind === 'timeout' && retryClass === 'never');

    const times = Number(attempts.split(' ')[index]);
    expect(told.attempts).toHaveLength(times);
    expect(told.requests).toBe(outcome === 'not_sent' ? 0 : times);
    expect(told.ms).toBeLessThan(seconds * BUSY * 1_000);
  });
});
