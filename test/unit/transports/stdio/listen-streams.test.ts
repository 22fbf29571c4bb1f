import { beforeEach, expect, test, vi } from 'vitest';
import { ChangeEvents } from '../../../../src/mcp/services/change-events.ts';
import { MAX_SUBSCRIBED, SubscriptionHub } from '../../../../src/resources/subscriptions/subscription-hub.ts';
import { ListenStreams } from '../../../../src/transports/stdio/listen-streams.ts';
import { World } from '../../resources/subscriptions/workspace-model.ts';

const CAMPAIGN = 'heyreach://campaigns/7';
const LISTS = 'heyreach://lists';

/** A hub that accepts subscriptions as the real one does, but only records the listeners. */
class NotedHub extends SubscriptionHub {
  readonly update = vi.fn();
  readonly close = vi.fn();

  constructor() {
    super(new ChangeEvents());
  }

  override listen = vi.fn(() => ({ update: this.update, close: this.close }));
}

let hub: NotedHub;
let streams: ListenStreams;
beforeEach(() => {
  hub = new NotedHub();
  streams = new ListenStreams(hub, new World());
});

const listen = (id: unknown, uris: unknown) =>
  streams.receive({ id, method: 'subscriptions/listen', params: { notifications: { resourceSubscriptions: uris } } })
    .params.notifications.resourceSubscriptions as string[];
const acknowledge = (id: unknown, uris: string[]) =>
  streams.sent({
    method: 'notifications/subscriptions/acknowledged',
    params: {
      notifications: { resourceSubscriptions: uris },
      _meta: { 'io.modelcontextprotocol/subscriptionId': id },
    },
  });
const cancel = (id: unknown) => streams.receive({ method: 'notifications/cancelled', params: { requestId: id } });

test('listens for a stream from its acknowledgement until its cancellation', () => {
  listen(1, [CAMPAIGN]);
  expect(hub.listen).not.toHaveBeenCalled();
  acknowledge(1, [CAMPAIGN]);
  expect(hub.update).toHaveBeenLastCalledWith({ uris: [CAMPAIGN], listing: 'no' });
  cancel(1);
  expect(hub.close).toHaveBeenCalledTimes(1);
});

test('never listens for a stream that is cancelled before its acknowledgement', () => {
  listen(1, [CAMPAIGN]);
  cancel(1);
  acknowledge(1, [CAMPAIGN]);
  expect(hub.listen).not.toHaveBeenCalled();
});

test('keeps the other streams after a cancellation, also those without an acknowledgement yet', () => {
  for (const [id, uri] of [CAMPAIGN, LISTS, 'heyreach://campaigns'].entries()) listen(id, [uri]);
  acknowledge(0, [CAMPAIGN]);
  acknowledge(1, [LISTS]);
  cancel(0);
  expect(hub.update).toHaveBeenLastCalledWith({ uris: [LISTS], listing: 'no' });
  cancel(1);
  expect(hub.close).toHaveBeenCalledTimes(1);
  acknowledge(2, ['heyreach://campaigns']);
  expect(hub.listen).toHaveBeenCalledTimes(2);
  expect(hub.update).toHaveBeenLastCalledWith({ uris: ['heyreach://campaigns'], listing: 'no' });
});

test('streams requested at the same time share the limit', () => {
  const uris = (from: string) => Array.from({ length: MAX_SUBSCRIBED }, (_, at) => `heyreach://${from}/${at}`);
  expect(listen(1, uris('campaigns').slice(0, 30))).toHaveLength(30);
  expect(listen(2, uris('lists'))).toHaveLength(MAX_SUBSCRIBED - 30);
  expect(listen(3, [...uris('leads'), CAMPAIGN])).toEqual([CAMPAIGN]);
  // A cancelled stream makes room. A rejected stream does too.
  cancel(1);
  streams.sent({ id: 2, error: { code: -32602, message: 'refused' } });
  cancel(3);
  expect(listen(4, uris('leads'))).toHaveLength(MAX_SUBSCRIBED);
});

test('leaves invalid lists of URIs to the SDK, and they take no room', () => {
  expect(listen(1, [7, CAMPAIGN])).toEqual([7, CAMPAIGN]);
  expect(listen(2, [CAMPAIGN])).toEqual([CAMPAIGN]);
});
