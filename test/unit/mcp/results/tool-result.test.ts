import { describe, expect, test } from 'vitest';
import { HeyReachError } from '../../../../src/client/index.ts';
import { type ErrorBody, errorBodyOf, errorResult, rejection } from '../../../../src/mcp/results/tool-result.ts';

const MEANING = 'HeyReach rejected the request. Nothing was changed.';
const details = { kind: 'bad_request', message: 'No', meaning: MEANING, nextStep: 'Correct it.' } as const;
const structureOf = ({ structuredContent }: { structuredContent?: unknown }) =>
  (structuredContent as { error: ErrorBody }).error;

describe('the structure of an error has every sentence of its text', () => {
  test.each([
    ['not_sent', {}, ['The request never left this machine.']],
    [
      'not_sent',
      { afterReads: true },
      ['This server changed nothing at HeyReach: the requests of this call only read.'],
    ],
    ['refused', { status: 400 }, ['HeyReach said no and nothing was done.']],
    ['unknown', {}, ['It may or may not have been done.']],
    ['unknown', { inFlight: true }, ['It may or may not have been done.', 'The request is still in flight.']],
  ] as const)('%s %j', (outcome, more, words) => {
    const error = new HeyReachError({ ...details, outcome, ...more });
    const result = errorResult(errorBodyOf(error, error.nextStep), error);
    const body = structureOf(result);
    expect(body).toMatchObject({ outcome, meaning: [MEANING, ...words].join(' ') });
    const [first] = result.content;
    const lines = first?.type === 'text' ? first.text.split('\n') : [];
    expect(lines).toHaveLength(4);
    const bodyText = Object.values(body).join('\n').toLowerCase();
    for (const line of lines) {
      const sentence = line.replace(/^(Next step: |Outcome: \w+: |HeyReach said \(HTTP \d+\): )/, '').toLowerCase();
      for (const part of sentence.split(/(?<=\.) /)) expect(bodyText).toContain(part);
    }
  });

  test('repeats no sentence', () => {
    const own = 'The request never left this machine.';
    const error = new HeyReachError({ ...details, meaning: own, outcome: 'not_sent' });
    expect(errorBodyOf(error, 'Again.').meaning).toBe(own);
  });

  test('a rejection by this server says that the request never left this machine', () => {
    expect(structureOf(rejection('busy', 'Busy.', 'Wait.')).meaning).toBe('The request never left this machine.');
  });
});
