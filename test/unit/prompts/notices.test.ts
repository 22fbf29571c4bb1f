import { expect, test } from 'vitest';
import { toNotices } from '../../../src/prompts/call-tools.ts';

const call = (structure: Record<string, unknown>) => ({
  tool: 'list_unanswered',
  arguments: { limit: 15 },
  structure,
  text: '',
  error: undefined,
});

test('the prompt says how to get the result of a job', () => {
  expect(toNotices(call({ job: { id: 'j-1', state: 'running' }, nextStep: 'get_job jobId=j-1' }))).toEqual([
    'list_unanswered goes on as a job, so its result is not above. Wait for it with get_job (jobId j-1), and use its field result.',
  ]);
  expect(toNotices(call({ rows: [] }))).toEqual([]);
  expect(toNotices(call({ rows: [], incomplete: [{ part: 'inbox', reason: 'HTTP 500' }] }))).toHaveLength(1);
});
