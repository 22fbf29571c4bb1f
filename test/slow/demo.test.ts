import { expect, test } from 'vitest';
import { run } from '../support/programs/program.ts';

test('the demo completes its task', async () => {
  const demo = await run('node_modules/.bin/tsx', ['scripts/demo.ts']);
  expect(demo.stderr).toBe('');
  expect(demo.code).toBe(0);
  const called = [...demo.stdout.matchAll(/^> (\w+)/gm)].map((match) => match[1]);
  expect(called).toEqual([
    'list_conversations',
    'get_conversation',
    'list_campaigns_for_lead',
    'pause_campaign',
    'list_campaigns',
    'add_leads_to_campaign',
    'add_leads_to_campaign',
  ]);
  expect(demo.stdout).toContain('"status":"PAUSED"');
  expect(demo.stdout).toContain('"confirmation":{"required":true');
  expect(demo.stdout).toContain('"given":2,"sent":2');
});
