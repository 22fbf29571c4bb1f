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

  test('sends no filter that was not given, and answers entries as they are', async () => {
    wire.answerWith({ '/blacklist/GetLeads': { body: { totalCount: 30, items: [entry] } } });
    const result = await wire.call('list_blacklisted_leads');
    expect(wire.sent()).toEqual([post(path, { offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 30, returned: 1, items: [entry], nextOffset: 1 });
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
