import { describe, expect, test } from 'vitest';
import { listNotFound } from '../../../support/fixtures/list.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { expectError, expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('remove_leads_from_list_by_url', () => {
  const wire = useToolHarness();
  const route = '/list/DeleteLeadsFromListByProfileUrl';
  const removal = (profileUrls: string[]) => ({
    ...post(`/api/public${route}`, { listId: 930001, profileUrls }),
    method: 'DELETE',
  });
  const urls = [
    'https://www.linkedin.com/in/ada-example',
    'https://www.linkedin.com/in/Grace-Example/',
    'https://www.linkedin.com/in/jos%C3%A9-example?trk=x',
    'https://www.linkedin.com/sales/lead/ACwAAexample,NAME_SEARCH,x',
  ];

  test('sends a DELETE with a JSON body, and an empty notFoundInList means that all were in the list', async () => {
    wire.answerWith({ [route]: { body: { notFoundInList: [] } } });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls: urls });
    expect(wire.sent()).toEqual([removal(urls)]);
    expect(result.structuredContent).toEqual({ listId: 930001, given: 4, accepted: 4, notFound: [] });
  });

  test('accepts the rows on an empty 200, and does not say which people were not in the list', async () => {
    wire.answerWith({ [route]: {} });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls: urls });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({ listId: 930001, given: 4, accepted: 4 });
  });

  test('returns slugs that HeyReach did not find as the requested URLs', async () => {
    const slugs = ['grace-example', 'josé-example', 'jos%C3%A9-example', 'ACwAAexample', 'somebody-else'];
    wire.answerWith({ [route]: { body: { notFoundInList: slugs } } });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls: urls });
    expect(result.structuredContent?.notFound).toEqual([urls[1], urls[2], urls[2], urls[3], 'somebody-else']);
  });

  test('sends a bare slug as its URL', async () => {
    wire.answerWith({ [route]: { body: { notFoundInList: ['ada-example'] } } });
    const result = await wire.call('remove_leads_from_list_by_url', {
      listId: 930001,
      profileUrls: ['ada-example'],
    });
    expect(wire.sent()).toEqual([removal([urls[0]!])]);
    expect(result.structuredContent?.notFound).toEqual([urls[0]]);
  });

  test('sends 150 URLs in two calls, and joins notFound', async () => {
    const many = Array.from({ length: 150 }, (_, index) => `https://www.linkedin.com/in/person-${index}`);
    wire.answerWith({
      [route]: ({ body }) => {
        const { profileUrls } = JSON.parse(body) as { profileUrls: string[] };
        return { body: { notFoundInList: [profileUrls.at(-1)?.split('/').at(-1)] } };
      },
    });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls: many });
    expect(wire.sent()).toEqual([removal(many.slice(0, 100)), removal(many.slice(100))]);
    expect(result.structuredContent).toEqual({
      listId: 930001,
      given: 150,
      accepted: 150,
      notFound: [many[99], many[149]],
    });
  });

  test('notes after a lost response that notFound is unreliable', async () => {
    let calls = 0;
    wire.answerWith({
      [route]: () => {
        calls += 1;
        return calls === 1 ? { status: 500 } : { body: { notFoundInList: ['ada-example'] } };
      },
    });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls: urls });
    expect(wire.sent()).toEqual([removal(urls), removal(urls)]);
    expect(result.structuredContent).toMatchObject({
      accepted: 4,
      notFound: [urls[0]],
      note: 'A call was retried after a lost response. notFound may include people whom the first attempt removed.',
    });
  });

  test('an unknown list is an error that names list_lists', async () => {
    wire.answerWith({ [route]: { status: 404, body: { errorMessage: listNotFound.message } } });
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930009, profileUrls: urls });
    expectError(result, listNotFound);
    expect(result.structuredContent).toMatchObject({ accepted: 0, refused: [{ from: 0, to: 3 }] });
    expect(result.structuredContent).not.toHaveProperty('notFound');
  });

  test('rejects a company URL', async () => {
    const profileUrls = [urls[0], 'https://www.linkedin.com/company/example'];
    const result = await wire.call('remove_leads_from_list_by_url', { listId: 930001, profileUrls });
    expectInvalid(result, 'profileUrls[1] is a /company/ URL');
    expect(wire.sent()).toEqual([]);
  });
});
