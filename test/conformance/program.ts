import { randomBytes } from 'node:crypto';
import { Changes } from '../../src/changes.ts';
import { createMemoryStore, HeyReachConnection } from '../../src/client/index.ts';
import { Completions } from '../../src/completions/completions.ts';
import { openTo } from '../../src/front-door/access.ts';
import type { Log } from '../../src/log.ts';
import { Hub } from '../../src/resources/subscriptions/hub.ts';
import { Confirmations, spentIn } from '../../src/safety/confirmations.ts';
import type { Caller } from '../../src/tools/context.ts';
import { createSeals } from '../../src/transports/asking.ts';
import { startHttp } from '../../src/transports/http.ts';
import { openSafety } from '../kit/safety.ts';
import { askingTools } from './asking-tools.ts';
import { contentTools } from './content-tools.ts';
import { olderAskingTools } from './older-asking-tools.ts';
import { FixtureShelf } from './prompts.ts';
import { reading } from './resources.ts';
import { createFixtureServer } from './server.ts';
import { FixtureToolbox } from './toolbox.ts';

/** Serves the suite's fixtures over HTTP as the product serves its own tools, on a free port. */
export async function startFixtures(log: Log) {
  // Nothing is ever sent: no fixture calls HeyReach.
  const connection = new HeyReachConnection({ origin: 'http://127.0.0.1:9' });
  const clientFor = (key: string) => connection.clientFor(key);
  const changes = new Changes();
  const completions = new Completions(changes);
  const caller: Caller = {
    client: clientFor('fixtures'),
    organization: undefined,
    source: 'sandbox',
    log,
    safety: {
      ...openSafety('ask'),
      confirmations: new Confirmations(createSeals(randomBytes(32)), spentIn(createMemoryStore())),
    },
    changes,
    toolMs: 10_000,
  };
  const parts = {
    version: '0.0.0',
    source: caller.source,
    instructions: 'Fixtures of the conformance suite.',
    toolbox: new FixtureToolbox([...contentTools, ...askingTools, ...olderAskingTools]),
    reading,
    shelf: new FixtureShelf(() => true),
    completions,
    hub: new Hub(changes),
  };
  const endpoint = await startHttp({
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    allowedOrigins: [],
    access: openTo(caller.client, { clientFor, lends: true }),
    caller,
    partsFor: () => parts,
    createServer: createFixtureServer,
    upstream: connection,
    maxBodyBytes: 4 * 1024 * 1024,
    drainMs: 0,
  });
  return {
    url: endpoint.url,
    async close() {
      await endpoint.close();
      completions.close();
      await connection.close();
    },
  };
}
