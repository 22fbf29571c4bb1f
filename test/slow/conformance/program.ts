import { randomBytes } from 'node:crypto';
import { AppRegistry } from '../../../src/apps/app-registry.ts';
import { loopbackOnly } from '../../../src/auth/authenticator.ts';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { Completer } from '../../../src/completion/completer.ts';
import type { Config } from '../../../src/config/settings.ts';
import { createTokenSigners } from '../../../src/mcp/confirmation/elicitation.ts';
import type { RequestContext } from '../../../src/mcp/request-context.ts';
import { ChangeEvents } from '../../../src/mcp/services/change-events.ts';
import type { Log } from '../../../src/observability/log.ts';
import { SubscriptionHub } from '../../../src/resources/subscriptions/subscription-hub.ts';
import { ConfirmationTokens } from '../../../src/safety/confirmation-tokens.ts';
import { createServerFactory } from '../../../src/server.ts';
import { SkillRegistry } from '../../../src/skills/skill-registry.ts';
import { confirmationsInMemory } from '../../../src/state/memory/confirmations.ts';
import { keyChecksInMemory } from '../../../src/state/memory/single-process-state.ts';
import { startHttpTransport } from '../../../src/transports/http/http-transport.ts';
import { openOAuth } from '../../../src/transports/http/oauth.ts';
import { PUBLIC_URL, SCOPES } from '../../support/programs/identity-provider.ts';
import { files } from '../../support/tools/caller-files.ts';
import { hiddenJobs } from '../../support/tools/jobs.ts';
import { openSafety } from '../../support/tools/safety.ts';
import { askingTools } from './asking-tools.ts';
import { contentTools } from './content-tools.ts';
import { olderAskingTools } from './older-asking-tools.ts';
import { FixturePrompts } from './prompts.ts';
import { reading } from './resources.ts';
import { createFixtureServer } from './server.ts';
import { FixtureToolbox } from './toolbox.ts';

/**
 * Serves the fixtures of the suite over HTTP as the product serves its own tools, on a free port.
 * @param issuer the issuer of access tokens, as with `--auth oauth`.
 */
export async function startFixtures(log: Log, issuer?: string) {
  // Nothing is ever sent, because no fixture calls HeyReach.
  const connection = new HeyReachConnection({ origin: 'http://127.0.0.1:9' });
  const clientFor = (key: string) => connection.clientFor(key);
  const changes = new ChangeEvents();
  const completions = new Completer(changes);
  const caller: RequestContext = {
    client: clientFor('fixtures'),
    organization: undefined,
    source: 'sandbox',
    log,
    jobs: hiddenJobs,
    files,
    safety: {
      ...openSafety('ask'),
      confirmations: new ConfirmationTokens(createTokenSigners(randomBytes(32)), confirmationsInMemory()),
    },
    changes,
    toolMs: 10_000,
  };
  const parts = {
    version: '0.0.0',
    source: caller.source,
    instructions: 'Fixtures of the conformance suite.',
    toolbox: new FixtureToolbox([...contentTools, ...askingTools, ...olderAskingTools]),
    resources: reading,
    prompts: new FixturePrompts(() => true),
    skills: new SkillRegistry(() => false),
    apps: new AppRegistry(() => false),
    completer: completions,
    hub: new SubscriptionHub(changes),
  };
  const oauth =
    issuer === undefined
      ? undefined
      : await openOAuth(oauthConfig(issuer), { requestContext: caller, isShown: () => true });
  const endpoint = await startHttpTransport({
    keyChecks: keyChecksInMemory(),
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    allowedOrigins: [],
    authenticator: oauth?.authenticator ?? loopbackOnly(caller.client, { clientFor }),
    oauth,
    requestContext: caller,
    serversFor: () => ({
      ...createServerFactory(parts),
      createServer: (caller, changes) => createFixtureServer(parts, caller, changes),
    }),
    hasAcceptedKey: () => true,
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

const oauthConfig = (issuer: string) =>
  ({ mode: 'full', oauthIssuer: issuer, publicUrl: PUBLIC_URL, oauthScopes: [...SCOPES] }) as unknown as Config;
