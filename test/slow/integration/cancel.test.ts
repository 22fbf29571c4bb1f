import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Arrival, type Host, startUpstream, type Upstream, WAYS } from '../../support/clients/cancellation.ts';
import { expectAtOnce, now, ROUNDS } from '../../support/runs/timing.ts';

let upstream: Upstream;
let host: Host;
beforeEach(async () => {
  upstream = await startUpstream();
});
afterEach(async () => {
  await host?.stop();
  await upstream.close();
});

/**
 * Cancels several calls, each as soon as its request is in flight. @returns how long each socket remained open after
 * its cancellation.
 */
async function cancelHanging(make: () => { cancel(): void }, hanging: () => Promise<Arrival>): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const awaited = hanging();
    const call = make();
    const { closed } = await awaited;
    const began = now();
    call.cancel();
    took.push((await closed) - began);
  }
  return took;
}

describe.each(WAYS)('a call cancelled over $name', ({ start }) => {
  test.each([
    ['a read', false],
    ['a read with progress', true],
  ])('closes the socket of %s', async (_, progress) => {
    host = await start({ upstream: upstream.url });
    expectAtOnce(await cancelHanging(() => host.call('check_api_key', {}, progress), upstream.next));
    expect(upstream.arrivals.map(({ route }) => route)).toEqual(Array(ROUNDS).fill('GET /auth/CheckApiKey'));
  });

  test('closes the socket of a change that may be repeated, and reads nothing back', async () => {
    host = await start({ upstream: upstream.url });
    expectAtOnce(await cancelHanging(() => host.call('pause_campaign', { campaignId: 600001 }), upstream.next));
    expect(upstream.arrivals.map(({ route }) => route)).toEqual(Array(ROUNDS).fill('POST /campaign/Pause'));
  });

  test('closes the socket in the middle of a long add that has sent progress', async () => {
    host = await start({ upstream: upstream.url });
    const leads = Array.from({ length: 250 }, (_, index) => ({
      firstName: 'Ada',
      lastName: 'Example',
      profileUrl: `https://www.linkedin.com/in/ada-${index}-example`,
    }));
    // Every second request stays in flight. The first request of each add is answered, and its progress starts the
    // stream.
    const second = () =>
      new Promise<Arrival>((resolve) => {
        upstream.react((arrival, index) =>
          index % 2 === 0
            ? arrival.reply(200, { addedLeadsCount: 100, updatedLeadsCount: 0, failedLeadsCount: 0 })
            : resolve(arrival),
        );
      });
    expectAtOnce(await cancelHanging(() => host.call('add_leads_to_list', { listId: 930001, leads }, true), second));
    expect(upstream.arrivals).toHaveLength(2 * ROUNDS);
  });
});
