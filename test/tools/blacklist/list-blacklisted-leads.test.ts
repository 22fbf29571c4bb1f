import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('list_blacklisted_leads', () => {
  const wire = useWire();
  const path = '/api/public/blacklist/GetLeads';
  const entry = {
    id: 41,
    fullName: null,
    email: '',
    profileUrl: 'https://www.linkedin.com/in/ada-example',
    matchingStatus: 'Matched',
    resolutionStage: 'Resolved',
    somethingNew: 1,
  };

  test('sends search, status and page', async () => {
    wire.answerWith({ '/blacklist/GetLeads': { body: { totalCount: 0, items: [] } } });
    const args = { search: 'ada', matchingStatus: 'BroadMatch', offset: 20, limit: 100 };
    await wire.call('list_blacklisted_leads', args);
    expect(wire.sent()).toEqual([post(path, args)]);
  });

  test('sends no filter that was not given, and leaves out what an entry does not say', async () => {
    wire.answerWith({ '/blacklist/GetLeads': { body: { totalCount: 30, items: [entry] } } });
    const result = await wire.call('list_blacklisted_leads');
    expect(wire.sent()).toEqual([post(path, { offset: 0, limit: 20 })]);
    const { fullName: _, email: __, ...said } = entry;
    expect(result.structuredContent).toEqual({ totalCount: 30, returned: 1, items: [said], nextOffset: 1 });
  });

  test('full entries are as HeyReach gave them', async () => {
    wire.answerWith({ '/blacklist/GetLeads': { body: { totalCount: 1, items: [entry] } } });
    const result = await wire.call('list_blacklisted_leads', { detail: 'full' });
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items: [entry] });
  });

  test('a refusal is passed on word for word', async () => {
    const errorMessage = 'The blacklist is not available for this workspace.';
    wire.answerWith({ '/blacklist/GetLeads': { status: 400, body: { errorMessage } } });
    expectError(await wire.call('list_blacklisted_leads'), {
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('a status that does not exist is refused with those that do', async () => {
    const result = await wire.call('list_blacklisted_leads', { matchingStatus: 'matched' });
    expectInvalid(result, 'matchingStatus must be one of Matching, Matched, NotFound, BroadMatch');
    expect(wire.sent()).toEqual([]);
  });
});
