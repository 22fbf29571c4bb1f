import type { SequenceNode } from '../../../src/client/operations/sequence.ts';
import type { CampaignCheck } from '../../../src/workflows/campaign-check/outcome.ts';

/** Sequences, and the lines of findings, for the tests of single checks of a campaign. */

/** The severities and the problems of a check. */
export const findingsOf = ({ findings }: CampaignCheck) =>
  findings.map(({ severity, problem }) => `${severity}: ${problem}`);

export const end: SequenceNode = { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' };
export const invitation = (note = ''): SequenceNode => ({
  nodeType: 'CONNECTION_REQUEST',
  payload: { messages: [note] },
  conditionalNode: end,
  unconditionalNode: end,
});
export const step = (nodeType: SequenceNode['nodeType'], payload: object = {}): SequenceNode => ({
  nodeType,
  payload: { ...payload },
  unconditionalNode: end,
});
export const inMail = step('INMAIL', { messages: [{ subject: 'Hello', message: 'Hello' }] });
