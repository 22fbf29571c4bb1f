/** Builders of sequences, for tests of their texts and steps. */

export type TestNode = Record<string, unknown> & { nodeType: string };

export const end = (hours = 3): TestNode => ({ nodeType: 'END', actionDelay: hours, actionDelayUnit: 'HOUR' });

export function message(messages: string[], fallbackMessage?: string, next: TestNode = end(), days = 1): TestNode {
  return {
    nodeType: 'MESSAGE',
    actionDelay: days,
    actionDelayUnit: 'DAY',
    payload: { messages, ...(fallbackMessage === undefined ? {} : { fallbackMessage }) },
    unconditionalNode: next,
  };
}

export function invitation(payload: Record<string, unknown>, accepted: TestNode = end(), days = 21): TestNode {
  return {
    nodeType: 'CONNECTION_REQUEST',
    payload: { fallbackMessage: 'Hello', ...payload },
    conditionalNode: accepted,
    unconditionalNode: { nodeType: 'END', actionDelay: days, actionDelayUnit: 'DAY' },
  };
}
