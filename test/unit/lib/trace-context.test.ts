import { describe, expect, test } from 'vitest';
import { parseTraceContext, traceFields } from '../../../src/lib/trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const PARENT = `00-${TRACE}-${SPAN}-01`;

describe('traceparent', () => {
  test.each([
    PARENT,
    `00-${TRACE}-${SPAN}-00`,
    // A later version may have more fields.
    `01-${TRACE}-${SPAN}-01`,
    `cc-${TRACE}-${SPAN}-01-what-comes-later`,
  ])('%s is read', (traceparent) => {
    expect(parseTraceContext({ traceparent })).toEqual({ traceId: TRACE, spanId: SPAN, tracestate: undefined });
  });

  test.each<[unknown]>([
    [undefined],
    [''],
    [7],
    [[PARENT]],
    [`${PARENT} `],
    [`${PARENT}\n`],
    [`${PARENT}, ${PARENT}`],
    [`${PARENT}-more`],
    [`cc-${TRACE}-${SPAN}-01.more`],
    [`ff-${TRACE}-${SPAN}-01`],
    [`0-${TRACE}-${SPAN}-01`],
    [`00-${'0'.repeat(32)}-${SPAN}-01`],
    [`00-${TRACE}-${'0'.repeat(16)}-01`],
    [`00-${TRACE.toUpperCase()}-${SPAN}-01`],
    [`00-${TRACE.slice(1)}-${SPAN}-01`],
    [`00-${TRACE}-${SPAN}-1`],
    [`00-${TRACE}-${SPAN}`],
  ])('%j is ignored', (traceparent) => {
    expect(parseTraceContext({ traceparent })).toBeUndefined();
    expect(traceFields(parseTraceContext({ traceparent }))).toEqual({});
  });

  test('is required', () => {
    expect(parseTraceContext(undefined)).toBeUndefined();
    expect(parseTraceContext({ tracestate: 'a=1' })).toBeUndefined();
  });
});

describe('tracestate', () => {
  const stateOf = (tracestate: unknown) => parseTraceContext({ traceparent: PARENT, tracestate })?.tracestate;

  test.each(['rojo=00f067aa0ba902b7', 'a=1,b=2', 'a=1 , b=2,', 'tenant1@sys=x y', `a=${'x'.repeat(256)}`])(
    '%s is read',
    (tracestate) => expect(stateOf(tracestate)).toBe(tracestate),
  );

  test.each<[unknown]>([
    [''],
    [','],
    [7],
    ['a'],
    ['a='],
    ['A=1'],
    ['a=1\n'],
    ['a=1=2'],
    ['a=1,a=2'],
    [`a=${'x'.repeat(257)}`],
    [`a=${'x'.repeat(255)},b=${'y'.repeat(255)}`],
    [Array.from({ length: 33 }, (_, place) => `k${place}=1`).join(',')],
  ])('%j is ignored, but the trace is kept', (tracestate) => {
    expect(stateOf(tracestate)).toBeUndefined();
    expect(parseTraceContext({ traceparent: PARENT, tracestate })?.traceId).toBe(TRACE);
  });
});
