import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../../src/observability/log.ts';
import { startIdentityProvider } from '../../support/programs/identity-provider.ts';
import { startFixtures } from './program.ts';

/** The suite cannot sign in, so a proxy adds an access token to each of its requests. */
export async function startSignedIn(log: Log) {
  const issuer = await startIdentityProvider();
  const fixtures = await startFixtures(log, issuer.issuer);
  const authorization = `Bearer ${await issuer.sign()}`;
  const { port } = new URL(fixtures.url);
  const unsigned = await fetch(fixtures.url, { method: 'POST' });
  if (unsigned.status !== 401) throw new Error(`a request without a token got ${unsigned.status}`);

  const proxy = createServer((request, response) => {
    const { method, url: path, headers } = request;
    const target = { host: '127.0.0.1', port, method, path, headers: { ...headers, authorization } };
    const forwarded = httpRequest(target, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    request.pipe(forwarded);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/mcp`,
    async close() {
      proxy.close();
      proxy.closeAllConnections();
      await fixtures.close();
      await issuer.close();
    },
  };
}
