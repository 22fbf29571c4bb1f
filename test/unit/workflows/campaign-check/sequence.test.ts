import { describe, expect, test } from 'vitest';
import { checkSequenceTexts } from '../../../../src/workflows/campaign-check/sequence.ts';
import { invitation } from '../../../support/tools/campaign-check.ts';

describe('sequence', () => {
  const clean = invitation('');

  test('is ok, warns and stops with its texts', () => {
    expect(checkSequenceTexts(clean, [], true)).toEqual({ state: 'ok', findings: [], facts: { steps: 1 } });
    const unfinished = { ...clean, payload: { messages: ['TODO'] } };
    expect(checkSequenceTexts(unfinished, [], true).state).toBe('stop');
    const plain = { ...clean, payload: { messages: ['Hi {FIRST_NAME}'], fallbackMessage: 'Hi' } };
    const nameless = [{ firstName: '' }, { firstName: 'Ada' }];
    expect(checkSequenceTexts(plain, nameless, true)).toMatchObject({
      state: 'warn',
      findings: [{ leads: { count: 1, of: 2 } }],
    });
  });

  test('stops without a sequence, and is unknown if the sequence or the leads were not read', () => {
    expect(checkSequenceTexts(null, [], true)).toMatchObject({ state: 'stop', facts: { steps: 0 } });
    expect(checkSequenceTexts(undefined, [], true)).toMatchObject({ state: 'unknown', facts: { steps: null } });
    expect(checkSequenceTexts(clean, [], false).state).toBe('unknown');
  });
});
