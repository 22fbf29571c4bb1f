import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Admission, type Place } from '../../src/front-door/admission.ts';
import { isRefusal } from '../../src/front-door/refusals.ts';

describe('how many are let in at once', () => {
  test('so many of one caller, and others beside them', () => {
    const admission = new Admission({ perCaller: 2, all: 10 }, 'requests');
    const places = [admission.enter('ann'), admission.enter('ann')] as Place[];
    expect(admission.enter('ann')).toEqual({
      status: 429,
      code: -32_600,
      reason: 'caller_busy',
      message: '2 requests of yours are open; wait for some to end.',
      headers: { 'retry-after': '1' },
    });
    expect(isRefusal(admission.enter('ben'))).toBe(false);
    places[0]!.leave();
    expect(isRefusal(admission.enter('ann'))).toBe(false);
  });

  test('so many of all callers', () => {
    const admission = new Admission({ perCaller: 2, all: 3 }, 'streams');
    for (const name of ['ann', 'ben', 'cem']) expect(isRefusal(admission.enter(name))).toBe(false);
    expect(admission.enter('dan')).toEqual({
      status: 503,
      code: -32_603,
      reason: 'server_busy',
      message: 'The server is busy: 3 streams are open.',
      headers: { 'retry-after': '1' },
    });
  });

  test('several places at once, or none of them', () => {
    const admission = new Admission({ perCaller: 3, all: 4 }, 'requests');
    expect(admission.enter('ann', 4)).toMatchObject({ status: 429 });
    expect(admission.size).toBe(0);
    const place = admission.enter('ann', 3) as Place;
    expect(admission.enter('ben', 2)).toMatchObject({ status: 503 });
    expect(admission.size).toBe(3);
    place.leave();
    expect(admission.size).toBe(0);
  });

  test('what needs no place gets in where none is left', () => {
    const admission = new Admission({ perCaller: 1, all: 1 }, 'requests');
    admission.enter('ann');
    expect(isRefusal(admission.enter('ann', 0))).toBe(false);
    expect(isRefusal(admission.enter('ben', 0))).toBe(false);
    expect(admission.size).toBe(1);
  });

  test('a place that is left twice comes back once', () => {
    const admission = new Admission({ perCaller: 2, all: 2 }, 'requests');
    const [first] = [admission.enter('ann'), admission.enter('ann')] as Place[];
    first!.leave();
    first!.leave();
    expect(admission.size).toBe(1);
    expect(isRefusal(admission.enter('ann'))).toBe(false);
    expect(isRefusal(admission.enter('ann'))).toBe(true);
  });
});

describe('whoever comes and goes in whichever order', () => {
  const CALLERS = ['ann', 'ben', 'cem', '__proto__'];
  const step = fc.oneof(
    fc.record({ caller: fc.constantFrom(...CALLERS), count: fc.nat(4) }),
    // Places are left in any order, some of them twice.
    fc.record({ leave: fc.nat(60) }),
  );
  const story = fc.record({
    perCaller: fc.integer({ min: 1, max: 6 }),
    all: fc.integer({ min: 1, max: 12 }),
    steps: fc.array(step, { maxLength: 60 }),
  });

  test('there are never more than the bounds allow, nobody is refused for nothing, and all places come back', () => {
    fc.assert(
      fc.property(story, ({ perCaller, all, steps }) => {
        const admission = new Admission({ perCaller, all }, 'requests');
        const given: { caller: string; count: number; place: Place; isLeft: boolean }[] = [];
        const open = (caller?: string) =>
          given
            .filter((one) => !one.isLeft && (caller === undefined || one.caller === caller))
            .reduce((sum, { count }) => sum + count, 0);
        for (const one of steps) {
          if ('leave' in one) {
            const left = given[one.leave];
            left?.place.leave();
            if (left !== undefined) left.isLeft = true;
          } else {
            const { caller, count } = one;
            const status = open(caller) + count > perCaller ? 429 : open() + count > all ? 503 : undefined;
            const found = admission.enter(caller, count);
            expect(isRefusal(found) ? found.status : undefined).toBe(status);
            if (!isRefusal(found)) given.push({ caller, count, place: found, isLeft: false });
          }
          expect(admission.size).toBe(open());
          expect(admission.size).toBeLessThanOrEqual(all);
          for (const caller of CALLERS) expect(open(caller)).toBeLessThanOrEqual(perCaller);
        }
        for (const { place } of given) place.leave();
        expect(admission.size).toBe(0);
        for (const caller of CALLERS) {
          const place = admission.enter(caller, Math.min(perCaller, all));
          expect(isRefusal(place)).toBe(false);
          (place as Place).leave();
        }
      }),
      { seed: 20260412, numRuns: 1_000 },
    );
  });
});
