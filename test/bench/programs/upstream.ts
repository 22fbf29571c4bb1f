// A HeyReach that answers every request with the same campaign, at once.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exampleCampaign } from '../../support/fixtures/campaign.ts';

const answer = Buffer.from(JSON.stringify(exampleCampaign()));
const headers = { 'content-type': 'application/json', 'content-length': answer.length };
const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, headers).end(answer);
});
server.listen(0, '127.0.0.1', () => {
  console.error(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
