import { describe, expect, test } from 'vitest';
import { exampleSender } from '../../../support/fixtures/sender.ts';
import { get } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('get_linkedin_account', () => {
  const wire = useToolHarness();

  test('sends the id in the query and returns the sender with limits and nulls', async () => {
    const sender = exampleSender({ emailAddress: null });
    wire.answerWith({ '/li_account/GetById': { body: sender } });
    const result = await wire.call('get_linkedin_account', { accountId: 170001 });
    expect(wire.sent()).toEqual([get('/api/public/li_account/GetById?accountId=170001')]);
    expect(result.structuredContent).toEqual(sender);
  });
});
