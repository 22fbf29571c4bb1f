import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Arrival,
  endedCalls,
  type Host,
  startUpstream,
  type Upstream,
  WAYS,
} from '../support/clients/cancellation.ts';

// One way per era and transport. Every client, and the delay until a socket closes, is in
// test/slow/integration/cancel.test.ts.
const PER_ERA = WAYS.filter(({ name }) => /by a line|by closing/.test(name));

describe.each(PER_ERA)('a call cancelled over $name', ({ start }) => {
  let upstream: Upstream;
  let host: Host;
  beforeAll(async () => {
    upstream = await startUpstream();
    host = await start({ upstream: upstream.url });
  });
  afterAll(async () => {
    await host?.stop();
    await upstream.close();
  });

  test('closes the socket of a read', async () => {
    const arrival = upstream.next();
    const call = host.call('check_api_key');
    const { closed } = await arrival;
    call.cancel();
    // Nothing else would close the socket, because the request never gets a response.
    await closed;
    await expect.poll(() => endedCalls(host)).toHaveLength(1);
    expect(endedCalls(host)[0]).toMatchObject({ tool: 'check_api_key', error: 'cancelled' });
    expect(upstream.arrivals).toHaveLength(1);
  });

  test('closes the socket during a long add that has reported progress, and sends no further part', async () => {
    const leads = Array.from({ length: 250 }, (_, index) => ({
      firstName: 'Ada',
      lastName: 'Example',
      profileUrl: `https://www.linkedin.com/in/ada-${index}-example`,
    }));
    const before = upstream.arrivals.length;
    const second = new Promise<Arrival>((resolve) => {
      upstream.react((arrival, index) =>
        index === before
          ? arrival.reply(200, { addedLeadsCount: 100, updatedLeadsCount: 0, failedLeadsCount: 0 })
          : resolve(arrival),
      );
    });
    const call = host.call('add_leads_to_list', { listId: 930001, leads }, true);
    const { closed } = await second;
    call.cancel();
    await closed;
    await expect.poll(() => endedCalls(host)).toHaveLength(2);
    // A later call arrives, and no part of the add before it.
    upstream.react((arrival) => arrival.reply(200));
    host.call('check_api_key');
    await expect.poll(() => endedCalls(host)).toHaveLength(3);
    expect(upstream.arrivals.slice(before).map(({ route }) => route)).toEqual([
      'POST /list/AddLeadsToListV2',
      'POST /list/AddLeadsToListV2',
      'GET /auth/CheckApiKey',
    ]);
  });
});
